import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LockService } from '../examples/lock-service.js';
import { RoutineContainer } from '../src/index.js';
import { open } from './support/open.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

it('one holds the lock at a time, each wakes the next, and fences grow', async () => {
  await using client = open(server);
  await using other = open(server);
  await using container = new RoutineContainer();
  const services = [new LockService(client), new LockService(other)];
  let holders = 0;
  const fences: number[] = [];
  const work = services.flatMap((service) =>
    Array.from({ length: 5 }, () =>
      container.subroutine(async (inner) => {
        const held = await service.lock(inner, 'printer');
        holders++;
        expect(holders).toBe(1);
        fences.push(held.fence);
        await new Promise(setImmediate);
        holders--;
        expect(await service.unlock(inner, held)).toBe(true);
        expect(await service.unlock(inner, held)).toBe(false);
      }),
    ),
  );
  await Promise.all(work);
  expect(fences).toHaveLength(10);
  expect(fences).toEqual([...fences].sort((a, b) => a - b));
  expect(new Set(fences).size).toBe(10);
  await expect.poll(() => server.command('PUBSUB', 'CHANNELS')).toEqual([]);
});

it('a lock that is not freed ends by itself, and a terminated wait leaves nothing behind', async () => {
  await using client = open(server);
  await using container = new RoutineContainer();
  const service = new LockService(client, { ttl: 0.2 });
  const lost = await service.lock(container, 'door');
  const next = await service.lock(container, 'door');
  expect(next.fence).toBe(lost.fence + 1);
  expect(await service.unlock(container, lost)).toBe(false);
  expect(await service.unlock(container, next)).toBe(true);

  await server.command('SET', 'lock:{door}', 'somebody');
  const waiting = container.subroutine((inner) => service.lock(inner, 'door'));
  await expect.poll(() => server.command('PUBSUB', 'CHANNELS')).toEqual(['lock:{door}']);
  waiting.terminate();
  await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
  await expect.poll(() => server.command('PUBSUB', 'CHANNELS')).toEqual([]);
});
