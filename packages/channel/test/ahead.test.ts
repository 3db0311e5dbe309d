import { type Delivery, RedisChannel } from '@redlane/channel';
import { describe, expect, it } from 'vitest';
import { ways } from './support/drivers.js';
import { testServer } from './support/test-server.js';

const server = await testServer();
const rpush = (...texts: string[]) => server.command('RPUSH', '/foo/client', ...texts);
const told = (deliveries: readonly Delivery<unknown>[]) =>
  deliveries.map(({ data, deliveries: count }) => `${JSON.stringify(data)} ${count}`);

describe.each(ways)('messages claimed ahead, over $name', ({ open }) => {
  it('are looked at first, or last', async () => {
    await using way = open(server);
    await using s = new RedisChannel(way.source, '/foo', 'server', { reliable: true });
    await rpush('1', '2', '3');
    for await (const delivery of s) {
      await delivery.ack();
      break;
    }
    expect([await s.peekMsg(), await s.rpeekMsg()]).toEqual([2, 3]);
    await rpush('4');
    expect([await s.peekMsg(), await s.rpeekMsg()]).toEqual([2, 4]);
  });

  it('are older than what waits, and all of them go when the last is taken', async () => {
    await using way = open(server);
    await using s = new RedisChannel(way.source, '/foo', 'server', { reliable: true });
    await rpush('1', '2', '3');
    for await (const _ of s) break;
    await rpush('100', '101');
    expect((await s.recvLastMsg())?.data).toBe(101);
    expect(await s.recvMsgs(9)).toEqual([]);
    expect((await s.stats()).inProcess).toBe(2);
  });

  it('are the last when nothing waits, whatever came back', async () => {
    await using way = open(server);
    await using s = new RedisChannel(way.source, '/foo', 'server', { reliable: true });
    await rpush('1', '2', '3');
    for await (const delivery of s) {
      await delivery.nack();
      break;
    }
    expect(await s.rpeekMsg()).toBe(3);
    expect((await s.recvLastMsg())?.data).toBe(3);
    expect(await s.recvMsg()).toBeUndefined();
  });

  it('are as many as an iteration asks for', async () => {
    await using way = open(server);
    await using s = new RedisChannel(way.source, '/foo', 'server', { reliable: true });
    await rpush(...Array.from({ length: 50 }, (_, i) => String(i)));
    await s.messages({ prefetch: 5 }).next();
    expect((await s.stats()).own).toMatchObject({ held: 5, buffered: 4 });
    expect(() => s.messages({ prefetch: 0 })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  it('leave those that others ask for to them', async () => {
    await using way = open(server);
    const s = new RedisChannel(way.source, '/foo', 'server', { reliable: true, prefetch: 2 });
    await rpush('1', '2', '3', '4');
    const iteration = s.messages();
    await iteration.next();
    await iteration.next();
    const third = iteration.next();
    expect((await s.recvMsg())?.data).toBe(3);
    expect((await s.brecvMsg({ timeoutMs: 10_000 }))?.data).toBe(4);
    await s.close();
    expect((await third).done).toBe(true);
  });

  it('are not given when this receiver counted as dead, those behind an unreadable one included', async () => {
    await using way = open(server);
    const short = { reliable: true, heartbeatMs: 100, deadAfterMs: 3_000 } as const;
    const s = new RedisChannel(way.source, '/foo', 'server', { ...short, consumerId: 'late' });
    await using heir = new RedisChannel(way.source, '/foo', 'server', { reliable: true });
    await rpush('1', 'unreadable', '3', '4');
    expect(told(await s.recvMsgs(9))).toEqual(['1 1']);
    expect((await s.stats()).own).toMatchObject({ held: 4, buffered: 3 });
    await server.command('ZADD', '/foo/client:consumers', '1', 'late');
    await heir.recover();
    expect((await heir.recvMsg())?.deliveries).toBe(2);
    await expect.poll(async () => (await s.stats()).own.lost).toBe(4);
    expect((await s.stats()).own).toMatchObject({ held: 0, buffered: 0 });
    expect(await s.deadLetters()).toEqual([]);
    await s.close();
  });

  it('are not counted as delivered when nobody has got them, those behind an unreadable one included', async () => {
    await using way = open(server);
    const s = new RedisChannel(way.source, '/foo', 'server', { reliable: true });
    await rpush('1', 'unreadable', '3');
    expect(told(await s.recvMsgs(9))).toEqual(['1 1']);
    await expect(s.recvMsgs(9)).rejects.toMatchObject({ code: 'DECODE_FAILED' });
    await s.close();
    await using next = new RedisChannel(way.source, '/foo', 'server', { reliable: true });
    expect(told(await next.recvMsgs(9))).toEqual(['1 2', '3 1']);
    expect(await next.deadLetters()).toHaveLength(1);
  });

  it('go with the channel', async () => {
    await using way = open(server);
    for (const options of [{ reliable: true }, { prefetch: 10 }] as const) {
      const s = new RedisChannel(way.source, '/foo', 'server', options as { prefetch: number });
      await rpush('1', '2', '3');
      for await (const _ of s) break;
      await s.destroyChannel();
      expect(await s.recvMsg()).toBeUndefined();
      await s.close();
      expect(await server.command('LLEN', '/foo/client')).toBe(0);
    }
  });
});
