import { setTimeout as delay } from 'node:timers/promises';
import { RedisChannel } from '@redlane/channel';
import { startFaultProxy } from '@redlane/redis-server';
import { describe, expect, it } from 'vitest';
import { ways } from './support/drivers.js';
import { testServer, untilBlocked } from './support/test-server.js';

const server = await testServer();
const modes = ways.flatMap(({ name, open }) =>
  [false, true].map((reliable) => ({ name: reliable ? `${name}, reliable` : name, open, reliable })),
);

describe.each(modes)('messages whose time is over, with $name', ({ open, reliable }) => {
  const dataOf = (received: unknown) =>
    reliable ? (received as { data: unknown } | undefined)?.data : received;
  const receiver = (source: ConstructorParameters<typeof RedisChannel>[0], prefetch = 100) =>
    new RedisChannel<unknown, never, boolean>(source, '/foo', 'server', {
      envelope: true,
      reliable,
      prefetch,
    });
  const sender = () => new RedisChannel<never, unknown>(server.port, '/foo', 'client', { envelope: true });
  const stale = async (c: RedisChannel<never, unknown>, count = 1) => {
    await c.sendMsgs(
      Array.from({ length: count }, (_, i) => `stale ${i}`),
      { ttlMs: 1 },
    );
    // Clocks are as good as a round trip.
    await delay(150);
  };

  it('are not the last', async () => {
    await using way = open(server);
    await using c = sender();
    await using s = receiver(way.source);
    await c.sendMsgs(['older', 'newest']);
    await stale(c, 3);
    expect(dataOf(await s.recvLastMsg())).toBe('newest');
    expect(await s.recvLastMsg()).toBeUndefined();
    expect((await s.stats()).own.expired).toBe(3);
    await stale(c, 1_200);
    expect(await s.recvLastMsg()).toBeUndefined();
    expect((await s.stats()).own.expired).toBe(1_203);
  });

  it('are not the last of those that are here already', async () => {
    await using way = open(server);
    await using c = sender();
    await using s = receiver(way.source);
    await c.sendMsgs([1, 2]);
    await c.sendMsg('stale', { ttlMs: 300 });
    for await (const _ of s) break;
    await delay(450);
    expect([await s.peekMsg(), await s.rpeekMsg()]).toEqual([2, 2]);
    expect(dataOf(await s.recvLastMsg())).toBe(2);
    expect(await s.recvMsg()).toBeUndefined();
  });

  it('do not end a wait for the last', async () => {
    await using way = open(server);
    await using c = sender();
    await using s = receiver(way.source);
    await stale(c);
    const last = s.brecvLastMsg({ timeoutMs: 20_000 });
    await untilBlocked(server);
    await c.sendMsg('fresh');
    expect(dataOf(await last)).toBe('fresh');
  });

  it('are not looked at', async () => {
    await using way = open(server);
    await using c = sender();
    await using s = receiver(way.source);
    await stale(c, 250);
    expect([await s.peekMsg(), await s.rpeekMsg()]).toEqual([undefined, undefined]);
    await c.sendMsgs(['first', 'last']);
    await stale(c, 250);
    expect([await s.peekMsg(), await s.rpeekMsg()]).toEqual(['first', 'last']);
    expect((await s.stats()).receiving).toBe(502);
  });

  it('cost no round trip each, and are counted', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using way = open(proxy);
    await using c = sender();
    await using s = receiver(way.source, 1);
    for (const receive of [
      () => s.recvMsg(),
      async () => (await s.recvMsgs(5))[0],
      async () => (await s.messages({ prefetch: 1 }).next()).value,
    ]) {
      await stale(c, 2_500);
      await c.sendMsg('fresh');
      const before = proxy.commands().length;
      const { expired } = (await s.stats()).own;
      const received = await receive();
      expect(dataOf(received)).toBe('fresh');
      if (reliable) await (received as { ack(): Promise<boolean> }).ack();
      expect(proxy.commands().length - before).toBeLessThan(40);
      expect((await s.stats()).own.expired - expired).toBe(2_500);
    }
  });
});
