import type { RedisDriver } from '@redlane/client';
import { expect, it } from 'vitest';
import { type Context, key } from '../context.js';
import { failure } from '../failure.js';

export function closingTests({ feature, fresh, make, bed, topology }: Context): void {
  feature('close', () => {
    it('ends leases and subscriptions, and takes nothing more', async () => {
      const one = await fresh();
      const held = await one.lease({ key: key('list') });
      const popped = held.send(['BLPOP', key('list'), 0]);
      await one.subscribe({ channel: key('c') }, () => undefined);
      await bed().untilBlocked();
      await Promise.all([one.close(), one.close()]);
      expect(await popped).toBeNull();
      await one.close();
      const calls = [
        one.send(['PING']),
        one.batch([['PING']]),
        one.run('return 1', [key('a')], []),
        one.lease(),
        one.subscribe({ channel: key('c') }, () => undefined),
        held.send(['PING']),
        first(one),
      ];
      for (const call of calls) {
        expect(await failure(call)).toMatchObject({ code: 'CLOSED', maybeExecuted: false });
      }
      expect(await bed().blocked()).toEqual([]);
    });

    it('lets calls end that were made before', async () => {
      const one = await fresh();
      const calls = Promise.all([one.send(['INCR', key('n')]), one.batch([['INCR', key('n')]])]);
      await one.close();
      expect(await calls).toEqual([1, { aborted: false, replies: [2] }]);
    });

    it('does nothing to a driver that was never used', async () => {
      const one = await fresh();
      await one.close();
      expect(await failure(one.send(['PING']))).toMatchObject({ code: 'CLOSED' });
    });

    it('is what the end of `await using` does', async () => {
      const { driver } = await make();
      {
        await using one = driver;
        await one.send(['PING']);
      }
      await expect(driver.send(['PING'])).rejects.toMatchObject({ code: 'CLOSED' });
    });

    it('leaves open what was passed in', async () => {
      const { driver, given } = await make();
      await driver.send(['PING']);
      await driver.close();
      if (given !== undefined) expect(await given.ping()).toBe('PONG');
    });

    it.runIf(topology === 'standalone')(
      'ends also when everything is pending and nothing answers',
      async () => {
        const one = await fresh({ timeoutMs: 500, silenceMs: 500, leases: 1 });
        await one.send(['PING']);
        const held = await one.lease({ key: key('list') });
        const popped = held.send(['BLPOP', key('list'), 0]);
        await bed().untilBlocked();
        bed().proxy?.set({ stalled: true });
        const pending = [
          popped,
          one.send(['INCR', key('n')]),
          one.send(['INCR', key('n')], { signal: new AbortController().signal }),
          one.batch([['INCR', key('n')]], { atomic: true }),
          one.run('return 1', [key('a')], []),
          one.lease({ timeoutMs: 1_000 }),
          one.subscribe({ channel: key('c') }, () => undefined),
        ];
        const outcomes = Promise.allSettled(pending);
        await one.close();
        for (const outcome of await outcomes) {
          if (outcome.status === 'rejected') {
            expect(outcome.reason).toMatchObject({
              maybeExecuted: expect.any(Boolean),
              code: expect.any(String),
            });
          }
        }
      },
      20_000,
    );
  });
}

async function first(driver: RedisDriver): Promise<string | undefined> {
  for await (const name of driver.scan()) return name;
  return undefined;
}
