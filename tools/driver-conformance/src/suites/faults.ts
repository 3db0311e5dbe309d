import { describe, expect, it } from 'vitest';
import { Collector } from '../collector.js';
import { type Context, key } from '../context.js';

const N = key('n');

export function faultTests({ feature, fresh, bed, topology }: Context): void {
  feature('faults', () => {
    describe('a connection that is killed', () => {
      it('is replaced, and nothing is executed twice', async () => {
        const one = await fresh();
        let succeeded = 0;
        let unknown = 0;
        for (let round = 0; round < 10; round++) {
          const calls = Array.from({ length: 20 }, () => one.send(['INCR', N]));
          const killed = bed().killAll();
          for (const outcome of await Promise.allSettled(calls)) {
            if (outcome.status === 'fulfilled') succeeded++;
            else if ((outcome.reason as { maybeExecuted?: boolean }).maybeExecuted !== false) unknown++;
          }
          await killed;
        }
        const executed = Number(await bed().raw('GET', N));
        expect(executed).toBeGreaterThanOrEqual(succeeded);
        expect(executed).toBeLessThanOrEqual(succeeded + unknown);
        expect(await one.send(['PING'])).toBe('PONG');
      });

      it('takes a batch along as a whole', async () => {
        const one = await fresh();
        for (let round = 0; round < 5; round++) {
          const batch = one.batch(
            [
              ['INCR', N],
              ['INCR', N],
            ],
            { atomic: true },
          );
          const killed = bed().killAll();
          const outcome = await batch.catch((error: unknown) => error as { maybeExecuted?: boolean });
          if ('aborted' in outcome)
            expect(outcome).toMatchObject({
              aborted: false,
              replies: [expect.any(Number), expect.any(Number)],
            });
          else expect(outcome.maybeExecuted).toBeTypeOf('boolean');
          await killed;
        }
        expect(Number((await bed().raw('GET', N)) ?? 0) % 2).toBe(0);
      });
    });

    describe.runIf(topology === 'standalone')('a server that is killed and started again', () => {
      it('is told by down and ready, and served again', async () => {
        const one = await fresh();
        const events = new Collector<string>();
        const downs = new Collector<Error>();
        one.on('ready', () => events.push('ready'));
        one.on('down', (cause) => {
          downs.push(cause);
          events.push('down');
        });
        one.on('error', () => events.push('error'));
        const silent = one.on('ready', () => events.push('of a listener that was removed'));
        silent[Symbol.dispose]();
        await one.send(['PING']);
        await events.until(1);
        await bed().loseMaster();
        expect(await one.send(['PING'])).toBe('PONG');
        await events.until(3);
        expect(events.all).toEqual(['ready', 'down', 'ready']);
        expect(downs.all[0]).toBeInstanceOf(Error);
      });

      it('is nobody’s unhandled error', async () => {
        const one = await fresh();
        await one.subscribe({ channel: key('c') }, () => undefined);
        await using _ = await one.lease({ key: N });
        await bed().loseMaster();
        expect(await one.send(['PING'])).toBe('PONG');
      });
    });
  });
}
