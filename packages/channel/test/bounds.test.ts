import { RedisChannel } from '@redlane/channel';
import { describe, expect, it } from 'vitest';
import { ways } from './support/drivers.js';
import { testServer } from './support/test-server.js';

const server = await testServer();
const lrange = (list: string) => server.command('LRANGE', list, '0', '-1');

describe.each(ways)('over $name', ({ open }) => {
  it('rejects what has no room: each message for itself, and a batch together', async () => {
    await using way = open(server);
    await using c = new RedisChannel(way.source, '/foo', 'client', { maxLength: 3 });
    const sends = await Promise.allSettled([1, 2, 3, 4].map((n) => c.sendMsg(n)));
    expect(sends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect(sends[3]).toMatchObject({ reason: { code: 'CHANNEL_FULL', maxLength: 3 } });
    await server.command('LPOP', '/foo/client');
    await expect(c.sendMsgs([5, 6])).rejects.toMatchObject({ code: 'CHANNEL_FULL' });
    expect(await c.sendMsg(7)).toBe(3);
    expect(await lrange('/foo/client')).toEqual(['2', '3', '7']);
  });

  it('drops the oldest, and counts them', async () => {
    await using way = open(server);
    const options = { maxLength: 3, overflow: 'dropOldest', expireMs: 60_000 } as const;
    await using c = new RedisChannel(way.source, '/foo', 'client', options);
    expect(await c.sendMsgs([1, 2, 3, 4])).toBe(3);
    expect(await c.sendMsg(5)).toBe(3);
    expect(await lrange('/foo/client')).toEqual(['3', '4', '5']);
    expect(Number(await server.command('TTL', '/foo/client'))).toBeGreaterThan(0);
    expect((await c.stats()).own.dropped).toBe(2);
  });

  it('waits for room, in order, and lets who waits go', async () => {
    await using way = open(server);
    const c = new RedisChannel(way.source, '/foo', 'client', { maxLength: 2, overflow: 'wait' });
    await using s = new RedisChannel(way.source, '/foo', 'server');
    const stop = new AbortController();
    const batch = c.sendMsgs([1, 2, 3, 4]);
    const aborted = c.sendMsg('gone', { signal: stop.signal });
    const last = c.sendMsg(5);
    await expect.poll(() => lrange('/foo/client')).toEqual(['1', '2']);
    stop.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED', maybeExecuted: false });
    const received: unknown[] = [];
    while (received.length < 5) received.push(await s.brecvMsg(10));
    expect(received).toEqual([1, 2, 3, 4, 5]);
    await Promise.all([batch, last]);
    await c.sendMsgs([6, 7]);
    const turnedAway = expect(c.sendMsg(8)).rejects.toMatchObject({ code: 'CLOSED' });
    await c.close();
    await turnedAway;
  });

  it('lets messages expire one by one, in envelopes', async () => {
    await using way = open(server);
    await using c = new RedisChannel(way.source, '/foo', 'client', { envelope: true });
    await using s = new RedisChannel(way.source, '/foo', 'server', { envelope: true });
    await c.sendMsg('stale', { ttlMs: 1 });
    await c.sendMsg('fresh', { ttlMs: 60_000 });
    await c.sendMsg('for ever');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { oldestAgeMs, receiving } = await s.stats();
    expect(receiving).toBe(3);
    expect(oldestAgeMs).toBeGreaterThanOrEqual(18);
    expect(oldestAgeMs).toBeLessThan(60_000);
    expect(await s.recvMsg()).toBe('fresh');
    expect(await s.recvMsg()).toBe('for ever');
    expect(await s.recvMsg()).toBeUndefined();
    expect((await s.stats()).own.expired).toBe(1);
    // Without an envelope, as from Python.
    await server.command('RPUSH', '/foo/client', '"plain"');
    expect((await s.stats()).oldestAgeMs).toBeUndefined();
    expect(await s.recvMsg()).toBe('plain');
  });

  it('tells depths, and removes all that belongs to a channel', async () => {
    await using way = open(server);
    await using c = new RedisChannel(way.source, '/foo', 'client');
    const s = new RedisChannel(way.source, '/foo', 'server', { reliable: true });
    await c.sendMsgs([1, 2, 3]);
    await s.sendMsg(1);
    await s.recvMsgs(2);
    await (await s.recvMsg())?.nack();
    expect(await s.stats()).toMatchObject({
      sending: 1,
      receiving: 0,
      returned: 1,
      inProcess: 2,
      deadLetters: 0,
      consumers: [{ inProcess: 2 }],
      own: { held: 2, dropped: 0 },
    });
    expect(await c.stats()).toMatchObject({ sending: 0, receiving: 1 });
    await server.command('RPUSH', '/other/client', '1');
    await s.destroyChannel();
    expect(await server.command('KEYS', '*')).toEqual(['/other/client']);
    await s.close();
  });
});

it('refuses options that make no sense', () => {
  const wrong = [
    { maxLength: 0 },
    { overflow: 'drop' as 'wait' },
    { prefetch: -1 },
    { reliable: true, prefetch: 0 },
    { refreshOnReceive: true },
    { maxDeadLetters: 1.5 },
    { envelope: 1 as never },
  ];
  for (const options of wrong) {
    expect(() => new RedisChannel(1, '/foo', 'client', options)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  }
});
