import type { DriverLease } from '@redlane/client';
import { describe, expect, it } from 'vitest';
import { buffers } from '../buffers.js';
import { type Context, key } from '../context.js';
import { failure } from '../failure.js';

const LIST = key('list');
const OTHER = key('other');

export function leaseTests({ feature, driver, fresh, bed, topology }: Context): void {
  const lease = (): Promise<DriverLease> => driver().lease({ key: LIST });

  /** A lease on which BLPOP waits, and what will come of it. */
  const waiting = async (): Promise<{ held: DriverLease; popped: Promise<unknown> }> => {
    const held = await lease();
    const popped = held.send(['BLPOP', LIST, 0]);
    await bed().untilBlocked();
    return { held, popped };
  };

  feature('lease', () => {
    it('waits at the server without holding up others', async () => {
      await using held = await lease();
      const popped = held.send(['BLMOVE', LIST, OTHER, 'LEFT', 'RIGHT', 5]);
      await bed().untilBlocked();
      expect(await driver().send(['RPUSH', LIST, 'x'])).toBe(1);
      expect(await popped).toBe('x');
      expect(await held.send(['LRANGE', OTHER, 0, -1])).toEqual(['x']);
      expect(await held.send(['BLPOP', LIST, 0.01])).toBeNull();
      const bytes = Buffer.from([0xff, 0x00]);
      await driver().send(['RPUSH', LIST, bytes]);
      const element = await held.send(['BLPOP', LIST, 1], { replies: 'bytes' });
      expect(buffers(element)).toEqual([Buffer.from(LIST), bytes]);
    });

    it('has the shapes of RESP2', async () => {
      await using held = await lease();
      await driver().send(['ZADD', key('z'), '1', 'a', '2', 'b']);
      expect(await held.send(['BZPOPMIN', key('z'), 1])).toEqual([key('z'), 'a', '1']);
      await driver().send(['XADD', key('stream'), '1-1', 'f', 'v']);
      const news = await held.send(['XREAD', 'BLOCK', 1000, 'STREAMS', key('stream'), '0']);
      expect(news).toEqual([[key('stream'), [['1-1', ['f', 'v']]]]]);
      expect(
        await held.batch([
          ['HSET', key('h'), 'f', 'v'],
          ['HGETALL', key('h')],
        ]),
      ).toEqual({
        aborted: false,
        replies: [1, ['f', 'v']],
      });
    });

    it('goes back clean without being replaced', async () => {
      const ids: unknown[] = [];
      for (let round = 0; round < 3; round++) {
        const held = await lease();
        ids.push(await held.send(['CLIENT', 'ID']));
        await held.send(['BLPOP', LIST, 0.01]);
        await held[Symbol.asyncDispose]();
      }
      expect(new Set(ids).size).toBe(1);
    });

    it('executes what is watched only if nobody has changed it', async () => {
      await using held = await lease();
      await held.send(['WATCH', key('a')]);
      await driver().send(['SET', key('a'), 'theirs']);
      expect(await held.batch([['SET', key('a'), 'mine']], { atomic: true })).toEqual({ aborted: true });
      await held.send(['WATCH', key('a')]);
      expect(await held.send(['GET', key('a')])).toBe('theirs');
      expect(await held.batch([['SET', key('a'), 'mine']], { atomic: true })).toEqual({
        aborted: false,
        replies: ['OK'],
      });
    });

    it('leaves nothing of what was watched to the next', async () => {
      const first = await lease();
      await first.send(['WATCH', key('a')]);
      await first[Symbol.asyncDispose]();
      await driver().send(['SET', key('a'), 'theirs']);
      await using second = await lease();
      const outcome = await second.batch([['SET', key('a'), 'mine']], { atomic: true });
      expect(outcome).toMatchObject({ aborted: false });
    });

    it.each([
      ['SELECT', '1'],
      ['MULTI'],
      ['SUBSCRIBE', 'a'],
      ['RESET'],
      ['AUTH', 'x'],
      ['CLIENT', 'REPLY', 'OFF'],
    ])('does not send %s', async (...args) => {
      await using held = await lease();
      expect(await failure(held.send(args))).toMatchObject({ code: 'COMMAND_REFUSED' });
      expect(await held.send(['PING'])).toBe('PONG');
    });

    it('has errors in its replies like the driver', async () => {
      await using held = await lease();
      await held.send(['SET', LIST, 'text']);
      expect(await failure(held.send(['BLPOP', LIST, 1]))).toMatchObject({
        code: 'WRONGTYPE',
        command: 'BLPOP',
      });
      expect(await held.send(['PING'])).toBe('PONG');
    });

    it('sends nothing after its end', async () => {
      const held = await lease();
      await held[Symbol.asyncDispose]();
      await held[Symbol.asyncDispose]();
      expect(await failure(held.send(['INCR', key('n')]))).toMatchObject({
        code: 'CLOSED',
        maybeExecuted: false,
      });
      expect(await failure(held.batch([['INCR', key('n')]]))).toMatchObject({ code: 'CLOSED' });
      expect(await bed().raw('EXISTS', key('n'))).toBe(0);
    });

    it('is waited for in line, as long as the caller wants', async () => {
      const few = await fresh({ leases: 1 });
      const first = await few.lease({ key: LIST });
      const controller = new AbortController();
      const aborted = failure(few.lease({ key: LIST, signal: controller.signal }));
      const late = failure(few.lease({ key: LIST, timeoutMs: 50 }));
      const second = few.lease({ key: LIST, timeoutMs: 5_000 });
      controller.abort();
      expect(await aborted).toMatchObject({ code: 'ABORTED', maybeExecuted: false });
      expect(await late).toMatchObject({ code: 'POOL_TIMEOUT', maybeExecuted: false });
      await first[Symbol.asyncDispose]();
      await using held = await second;
      expect(await held.send(['PING'])).toBe('PONG');
    });
  });

  feature('cancel', () => {
    it('does nothing when nothing waits', async () => {
      await using held = await lease();
      expect(await held.cancel()).toBe(true);
      expect(await held.send(['PING'])).toBe('PONG');
    });

    it('ends a command that waits, and the lease can be used again', async () => {
      const { held, popped } = await waiting();
      expect(await held.cancel()).toBe(true);
      expect(await popped).toBeNull();
      expect(await bed().blocked()).toEqual([]);
      expect(await held.send(['BLPOP', LIST, 0.01])).toBeNull();
      await held[Symbol.asyncDispose]();
    });

    it('ends a command that has just been sent', async () => {
      await using held = await lease();
      for (let round = 0; round < 20; round++) {
        const popped = held.send(['BLPOP', LIST, 0]);
        expect(await held.cancel()).toBe(true);
        expect(await popped).toBeNull();
      }
    });

    it('loses no element that comes at the same moment', async () => {
      await using held = await lease();
      const seen = { moved: 0, left: 0 };
      for (let round = 0; round < 60; round++) {
        const payload = String(round);
        const popped = held.send(['BLMOVE', LIST, OTHER, 'LEFT', 'RIGHT', 0]);
        await bed().untilBlocked();
        const push = () => driver().send(['RPUSH', LIST, payload]);
        const steps = round % 2 === 0 ? [push(), held.cancel()] : [held.cancel(), push()];
        const element = await popped;
        await Promise.all(steps);
        // What was not moved is there for the next.
        if (element === null) seen.left++;
        else seen.moved++;
        expect(element ?? (await driver().send(['LPOP', LIST]))).toBe(payload);
        expect(await driver().send(['LRANGE', OTHER, 0, -1])).toEqual(element === null ? [] : [payload]);
        await driver().send(['DEL', OTHER]);
      }
      expect(seen.moved + seen.left).toBe(60);
    });

    it.runIf(topology === 'standalone')('says so when the server does not allow it', async () => {
      const rules = ['on', '>secret', '~*', '&*', '+@all', '-client|unblock'];
      await bed().everywhere('ACL', 'SETUSER', 'limited', 'reset', ...rules);
      const limited = await fresh({ username: 'limited', password: 'secret' });
      await using held = await limited.lease({ key: LIST });
      const popped = held.send(['BLPOP', LIST, 0]);
      await bed().untilBlocked();
      expect(await held.cancel()).toBe(false);
      await driver().send(['RPUSH', LIST, 'late']);
      expect(await popped).toEqual([LIST, 'late']);
    });

    it('is what a signal does', async () => {
      await using held = await lease();
      const controller = new AbortController();
      const popped = failure(held.send(['BLPOP', LIST, 0], { signal: controller.signal }));
      await bed().untilBlocked();
      controller.abort(new Error('enough'));
      const error = await popped;
      expect(error).toMatchObject({ code: 'ABORTED', maybeExecuted: false });
      expect(error.cause).toMatchObject({ message: 'enough' });
      expect(await held.send(['BLPOP', LIST, 0.01])).toBeNull();
      const before = failure(held.send(['BLPOP', LIST, 0], { signal: controller.signal }));
      expect(await before).toMatchObject({ code: 'ABORTED', maybeExecuted: false });
    });

    it('is what a deadline does', async () => {
      await using held = await lease();
      const error = await failure(held.send(['BLPOP', LIST, 0], { timeoutMs: 50 }));
      expect(error).toMatchObject({ code: 'TIMEOUT', maybeExecuted: false });
      expect(await held.send(['BLPOP', LIST, 0.01])).toBeNull();
    });

    it('is what the end of a lease does', async () => {
      const { held, popped } = await waiting();
      await held[Symbol.asyncDispose]();
      expect(await popped).toBeNull();
      expect(await bed().blocked()).toEqual([]);
    });
  });

  feature('inLine', () => {
    it('ends by its own signal, and no other does', async () => {
      await using held = await lease();
      const controller = new AbortController();
      const first = held.send(['BLPOP', LIST, 0]);
      const second = failure(held.send(['BLPOP', OTHER, 0], { signal: controller.signal }));
      await bed().untilBlocked();
      controller.abort();
      expect(await second).toMatchObject({ code: 'ABORTED', maybeExecuted: false });
      await driver().send(['RPUSH', LIST, 'x']);
      expect(await first).toEqual([LIST, 'x']);
    });
  });

  feature('lease', () => {
    describe('that lost its connection', () => {
      it('rejects, and the next one works', async () => {
        const { held, popped } = await waiting();
        const lost = failure(popped);
        await bed().kill(await bed().blocked());
        expect(await lost).toMatchObject({ code: 'CONNECTION_LOST', maybeExecuted: true });
        expect(await failure(held.send(['PING']))).toMatchObject({ maybeExecuted: false });
        await held[Symbol.asyncDispose]();
        await using next = await lease();
        expect(await next.send(['PING'])).toBe('PONG');
      });

      it.runIf(topology === 'standalone')('finds out when nothing comes back any more', async () => {
        const one = await fresh({ silenceMs: 300 });
        await using held = await one.lease({ key: LIST });
        await held.send(['PING']);
        bed().proxy?.set({ stalled: true });
        const error = await failure(held.send(['BLPOP', LIST, 0.1]));
        expect(error.code).toMatch(/^(TIMEOUT|CONNECTION_LOST)$/);
        expect(error.maybeExecuted).toBe(true);
      });

      it.runIf(topology === 'standalone')('finds out also when the command may wait for ever', async () => {
        const one = await fresh({ silenceMs: 300 });
        await using held = await one.lease({ key: LIST });
        const popped = failure(held.send(['BLPOP', LIST, 0]));
        await bed().untilBlocked();
        bed().proxy?.set({ stalled: true });
        expect(await popped).toMatchObject({ maybeExecuted: true });
        await bed().proxy?.restore();
      });
    });
  });
}
