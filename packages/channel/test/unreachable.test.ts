import { getEventListeners } from 'node:events';
import { RedisChannel } from '@redlane/channel';
import { startFaultProxy } from '@redlane/redis-server';
import { describe, expect, it } from 'vitest';
import { ways } from './support/drivers.js';
import { testServer, untilBlocked } from './support/test-server.js';

const server = await testServer();

describe.each(ways)('a wait over $name', ({ open }) => {
  it.each([false, true])(
    'ends with an error when nobody could say that there is nothing (reliable: %s)',
    async (reliable) => {
      await using proxy = await startFaultProxy({ target: server });
      await proxy.refuse('CLOSED');
      await using way = open(proxy);
      const s = new RedisChannel(way.source, '/foo', 'server', { reliable });
      for (const wait of [s.brecvMsg({ timeoutMs: 50 }), s.brecvLastMsg({ timeoutMs: 50 })]) {
        await expect(wait).rejects.toMatchObject({ maybeExecuted: false });
      }
      await proxy.restore();
      // What had been asked meanwhile takes nothing away.
      await server.command('RPUSH', '/foo/client', '1');
      const received = (await s.brecvMsg({ timeoutMs: 10_000 })) as unknown;
      expect(reliable ? (received as { data: number }).data : received).toBe(1);
      await s.close();
    },
  );

  it.each([false, true])(
    'ends with nothing when there is nothing, however short it is (reliable: %s)',
    async (reliable) => {
      await using way = open(server);
      await using s = new RedisChannel(way.source, '/foo', 'server', { reliable });
      const waits = Array.from({ length: 20 }, (_, i) => s.brecvMsg({ timeoutMs: 1 + i }));
      expect(await Promise.all(waits)).toEqual(waits.map(() => undefined));
      const long = s.brecvMsg({ timeoutMs: 10_000 });
      await untilBlocked(server);
      for (let i = 0; i < 5; i++) expect(await s.brecvMsg({ timeoutMs: 1 })).toBeUndefined();
      await server.command('RPUSH', '/foo/client', '1');
      expect(await long).toBeDefined();
    },
  );

  it.each([false, true])('has one listener on a signal with all others (reliable: %s)', async (reliable) => {
    await using way = open(server);
    await using s = new RedisChannel(way.source, '/foo', 'server', { reliable });
    const stop = new AbortController();
    const { signal } = stop;
    const waits = Array.from({ length: 20 }, () => s.brecvMsg({ signal }));
    const iterations = Array.from({ length: 20 }, () => s.messages({ signal }).next());
    await untilBlocked(server);
    expect(getEventListeners(signal, 'abort').length).toBeLessThan(3);
    const ends = Promise.allSettled([...waits, ...iterations]);
    stop.abort('enough');
    for (const end of await ends) expect(end).toMatchObject({ reason: { code: 'ABORTED', cause: 'enough' } });
  });

  it('counts what a receive of the last may have lost', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using way = open(proxy);
    const s = new RedisChannel(way.source, '/foo', 'server');
    await s.recvLastMsg();
    await server.command('RPUSH', '/foo/client', '1', '2');
    proxy.set({ stalled: true }, 'toClient');
    const lost = s.recvLastMsg();
    const rejected = expect(lost).rejects.toMatchObject({ maybeExecuted: true });
    await expect.poll(() => server.command('EXISTS', '/foo/client')).toBe(0);
    proxy.cut('RST');
    proxy.set({ stalled: false }, 'toClient');
    await rejected;
    expect((await s.stats()).own.maybeLost).toBe(1);
    await s.close();
  });
});
