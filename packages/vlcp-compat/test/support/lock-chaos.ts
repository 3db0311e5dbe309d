import { type FaultProxy, type RedisServer, seededRandom } from '@redlane/redis-server';
import { expect } from 'vitest';
import { LockService } from '../../examples/lock-service.js';
import { RoutineContainer } from '../../src/index.js';
import { open } from './open.js';

/** How long and how hard. */
export interface Chaos {
  readonly seconds: number;
  readonly seed: number;
}

/**
 * Workers lock, write and unlock over connections that are cut all the time. Holders must never overlap within the time to
 * live, fences must grow, and no call may stay without an end.
 */
export async function lockChaos(
  server: RedisServer,
  proxy: FaultProxy,
  { seconds, seed }: Chaos,
): Promise<number> {
  const random = seededRandom(seed);
  const clients = [open(proxy), open(proxy)];
  await using container = new RoutineContainer();
  const fences: number[] = [];
  let holders = 0;
  let over = false;
  const work = clients.flatMap((client) => {
    const service = new LockService(client, { ttl: 0.5 });
    return Array.from({ length: 3 }, () =>
      container.subroutine(async (inner) => {
        while (!over) {
          try {
            const held = await service.lock(inner, 'chaos');
            expect(++holders).toBe(1);
            fences.push(held.fence);
            await new Promise(setImmediate);
            holders--;
            await service.unlock(inner, held);
          } catch (error) {
            // Lost lines are to be expected here, and nothing else is.
            expect((error as { code?: string }).code).toMatch(/^CONNECTION_(DOWN|RESTARTED)$/);
          }
        }
      }),
    );
  });
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const command = random() < 0.5 ? 'EXEC' : 'PUBLISH';
    await proxy
      .waitForCommand(random() < 0.8 ? 'WATCH' : command, { timeoutMs: 1_000 })
      .catch(() => undefined);
    proxy.cut(random() < 0.5 ? 'RST' : 'FIN');
    if (random() < 0.05) await server.restart('SIGKILL');
  }
  over = true;
  await Promise.all(work);
  await Promise.all(clients.map((client) => client.shutdown()));
  expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b));
  await expect.poll(() => server.command('PUBSUB', 'CHANNELS')).toEqual([]);
  return fences.length;
}
