import { expect, it } from 'vitest';
import { Collector } from '../collector.js';
import { type Context, key } from '../context.js';
import { failure } from '../failure.js';

const N = key('n');

/** Through the fault proxy, which there is with one server only. */
export function networkTests({ feature, fresh, bed }: Context): void {
  feature('network', () => {
    const proxy = () => {
      const present = bed().proxy;
      if (present === undefined) throw new Error('there is a proxy with one server only');
      return present;
    };

    /** A driver whose INCR has reached the server, and whose reply is held back. */
    const stalled = async (signal?: AbortSignal, timeoutMs?: number) => {
      const one = await fresh();
      await one.send(['PING']);
      const forwarded = proxy().waitForCommand('INCR', { forwarded: true });
      proxy().set({ stalled: true }, 'toClient');
      const call = failure(one.send(['INCR', N], { signal, timeoutMs }));
      await forwarded;
      return { one, call };
    };

    it('aborts a call that was written, and the next reply goes to its own command', async () => {
      const controller = new AbortController();
      const { one, call } = await stalled(controller.signal);
      controller.abort();
      expect(await call).toMatchObject({ code: 'ABORTED', maybeExecuted: true, phase: 'written' });
      await proxy().restore();
      expect(await one.send(['ECHO', 'mine'])).toBe('mine');
      expect(await bed().raw('GET', N)).toBe('1');
    });

    it('ends a call at its deadline, and the next reply goes to its own command', async () => {
      const { one, call } = await stalled(undefined, 100);
      expect(await call).toMatchObject({ name: 'TimeoutError', code: 'TIMEOUT', maybeExecuted: true });
      await proxy().restore();
      expect(await one.send(['ECHO', 'mine'])).toBe('mine');
    });

    it.each(['FIN', 'RST'] as const)('rejects a call whose reply got lost (%s)', async (by) => {
      const { one, call } = await stalled();
      proxy().cut(by);
      await proxy().restore();
      expect(await call).toMatchObject({ code: 'CONNECTION_LOST', maybeExecuted: true });
      expect(await one.send(['GET', N])).toBe('1');
    });

    it('does not lose a call that was not written', async () => {
      const one = await fresh();
      await one.send(['PING']);
      await proxy().refuse('CLOSED');
      const down = new Collector<Error>();
      one.on('down', down.push);
      proxy().cut('RST');
      await down.until(1);
      const call = one.send(['INCR', N]);
      await proxy().restore();
      expect(await call).toBe(1);
    });

    it('sends nothing that was aborted while there was no connection', async () => {
      const one = await fresh();
      await one.send(['PING']);
      await proxy().refuse('CLOSED');
      const down = new Collector<Error>();
      one.on('down', down.push);
      proxy().cut('RST');
      await down.until(1);
      const controller = new AbortController();
      const call = failure(one.send(['INCR', N], { signal: controller.signal }));
      controller.abort();
      expect(await call).toMatchObject({ code: 'ABORTED', maybeExecuted: false });
      await proxy().restore();
      expect(await one.send(['GET', N])).toBeNull();
    });

    it('says why there is no connection when a deadline passes that waits for one', async () => {
      const one = await fresh();
      await one.send(['PING']);
      await proxy().refuse('CLOSED');
      const down = new Collector<Error>();
      one.on('down', down.push);
      proxy().cut('RST');
      await down.until(1);
      const late = { code: 'TIMEOUT', maybeExecuted: false, cause: expect.any(Error) };
      const errors = await Promise.all([
        failure(one.send(['PING'], { timeoutMs: 50 })),
        failure(one.subscribe({ channel: key('c') }, () => undefined, { timeoutMs: 50 })),
      ]);
      for (const error of errors) {
        expect(error).toMatchObject(late);
        expect(error.message).toContain((error.cause as Error).message);
      }
      await proxy().restore();
      expect(await one.send(['PING'])).toBe('PONG');
    });

    it('ends nothing but what was cancelled, however late the server hears of it', async () => {
      const one = await fresh();
      await one.send(['PING']);
      const shared = [...proxy().connections];
      await using held = await one.lease({ key: N });
      const popped = held.send(['BLPOP', N, 0]);
      await bed().untilBlocked();
      for (const connection of shared) connection.set({ stalled: true }, 'toServer');
      const told = proxy().waitForCommand('CLIENT');
      const cancelled = held.cancel();
      await told;
      await bed().raw('RPUSH', N, 'x');
      expect(await popped).toEqual([N, 'x']);
      const next = held.send(['BLPOP', key('other'), 0]);
      // Long enough for it to reach the server, if nothing held it back.
      for (let i = 0; i < 20; i++) await bed().raw('PING');
      for (const connection of shared) connection.restore();
      expect(await cancelled).toBe(true);
      await bed().raw('RPUSH', key('other'), 'y');
      expect(await next).toEqual([key('other'), 'y']);
    });

    it('gives up a connection on which nothing comes any more', async () => {
      const one = await fresh({ silenceMs: 300 });
      await one.send(['PING']);
      for (const connection of proxy().connections) connection.set({ stalled: true });
      const error = await failure(one.send(['INCR', N]));
      expect(error).toMatchObject({ maybeExecuted: true });
      expect(error.code).toMatch(/^(CONNECTION_LOST|TIMEOUT)$/);
      expect(await one.send(['PING'], { timeoutMs: 5_000 })).toBe('PONG');
    });

    it('answers in pieces', async () => {
      const one = await fresh();
      proxy().set({ split: 3 });
      const payload = 'ü'.repeat(500);
      await one.send(['SET', key('a'), payload]);
      expect(await one.send(['GET', key('a')])).toBe(payload);
    });
  });
}
