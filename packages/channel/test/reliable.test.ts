import { type Delivery, RedisChannel } from '@redlane/channel';
import { describe, expect, it } from 'vitest';
import { ways } from './support/drivers.js';
import { testServer, untilBlocked } from './support/test-server.js';

const server = await testServer();
const told = (deliveries: readonly Delivery<unknown>[]) =>
  deliveries.map(({ data, deliveries: count }) => `${JSON.stringify(data)} ${count}`);
const rpush = (...texts: string[]) => server.command('RPUSH', '/foo/client', ...texts);

describe.each(ways)('over $name', ({ open }) => {
  it('keeps messages in Redis until they are acked, exactly once each', async () => {
    await using way = open(server);
    await using s = new RedisChannel(way.source, '/foo', 'server', { reliable: true });
    await rpush('"same"', '"same"', 'null');
    const [one, two, three] = await s.recvMsgs(9);
    expect(told([one, two, three] as Delivery<unknown>[])).toEqual(['"same" 1', '"same" 1', 'null 1']);
    expect(await s.recvMsg()).toBeUndefined();
    expect((await s.stats()).inProcess).toBe(3);
    expect(await one?.ack()).toBe(true);
    expect(await one?.ack()).toBe(false);
    expect((await s.stats()).inProcess).toBe(2);
    expect(await s.ack([one, two, three] as Delivery<null>[])).toBe(2);
    expect((await s.stats()).inProcess).toBe(0);
  });

  it('gives back in order what is held at close, with its count', async () => {
    await using way = open(server);
    const first = new RedisChannel(way.source, '/foo', 'server', { reliable: true });
    await rpush('1', '2', '3', '4');
    const [one, two] = await first.recvMsgs(3);
    await two?.ack();
    await one?.nack();
    await first.close();
    await using second = new RedisChannel(way.source, '/foo', 'server', { reliable: true });
    expect(await second.peekMsg()).toBe(1);
    expect(await second.rpeekMsg()).toBe(4);
    expect(told(await second.recvMsgs(9))).toEqual(['1 2', '3 2', '4 1']);
  });

  it('delivers again what a dead receiver held, to a receiver that waits', async () => {
    await using way = open(server);
    const short = { reliable: true, heartbeatMs: 200, deadAfterMs: 3_000 } as const;
    await using dead = new RedisChannel(way.source, '/foo', 'server', { ...short, consumerId: 'a/client' });
    await rpush('1', '2');
    expect(await dead.recvMsgs(1)).toHaveLength(1);
    // It counts as dead from now on, whatever it says.
    await server.command('ZADD', '/foo/client:consumers', '1', 'a/client');
    await using heir = new RedisChannel(way.source, '/foo', 'server', short);
    expect(await heir.recover()).toBe(1);
    expect(told(await heir.recvMsgs(9))).toEqual(['1 2', '2 1']);
    // No key of ours looks like a list of a channel.
    const keys = (await server.command('KEYS', '*')) as string[];
    expect(keys.filter((key) => /\/(client|server)$/.test(key))).toEqual([]);
    expect(keys.length).toBeGreaterThan(2);
  });

  it('has dead letters: after too many deliveries, on demand, and for what cannot be read', async () => {
    await using way = open(server);
    await using s = new RedisChannel(way.source, '/foo', 'server', { reliable: true, maxDeliveries: 2 });
    await rpush('"poison"', 'unreadable', '"refused"');
    for (let i = 0; i < 2; i++) await (await s.recvMsg())?.nack();
    await expect(s.recvMsg()).rejects.toMatchObject({ code: 'DECODE_FAILED' });
    await (await s.brecvMsg(1))?.nack({ requeue: false, reason: 'no such customer' });
    expect(await s.recvMsg()).toBeUndefined();
    const letters = await s.deadLetters();
    expect(letters.map(({ reason }) => reason)).toEqual([
      'deliveries',
      expect.stringContaining('no JSON'),
      'no such customer',
    ]);
    expect((await s.stats()).deadLetters).toBe(3);
    expect(await s.redrive(1)).toBe(1);
    expect(told([(await s.recvMsg()) as Delivery<unknown>])).toEqual(['"poison" 1']);
  });

  it('takes the last one and acks the others', async () => {
    await using way = open(server);
    await using s = new RedisChannel(way.source, '/foo', 'server', { reliable: true });
    await rpush('1', '2', '3');
    await (await s.recvMsg())?.nack();
    expect((await s.recvLastMsg())?.data).toBe(3);
    expect((await s.stats()).inProcess).toBe(1);
    expect(await s.recvLastMsg()).toBeUndefined();
    const last = s.brecvLastMsg({ timeoutMs: 10_000 });
    await untilBlocked(server);
    await rpush('4');
    expect((await last)?.data).toBe(4);
  });

  it('streams with as many ahead as are not acked', async () => {
    await using way = open(server);
    const s = new RedisChannel<number, never, true>(way.source, '/foo', 'server', {
      reliable: true,
      prefetch: 10,
    });
    await rpush(...Array.from({ length: 100 }, (_, i) => String(i)));
    const received: number[] = [];
    const acks: Promise<boolean>[] = [];
    for await (const delivery of s) {
      received.push(delivery.data);
      acks.push(delivery.ack());
      if (received.length === 90) break;
    }
    expect(await Promise.all(acks)).toEqual(acks.map(() => true));
    await s.close();
    expect(received).toEqual(Array.from({ length: 90 }, (_, i) => i));
    await using next = new RedisChannel(way.source, '/foo', 'server', { reliable: true });
    expect(told(await next.recvMsgs(20))).toEqual(Array.from({ length: 10 }, (_, i) => `${90 + i} 1`));
  });
});
