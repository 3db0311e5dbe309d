import { startFaultProxy, startServer } from '@redlane/redis-server';
import { expect, it } from 'vitest';
import { lockChaos } from './support/lock-chaos.js';

it.each([1, 2, 3])('locks hold for a minute of cuts and kills (seed %i)', async (seed) => {
  await using server = await startServer({ persistence: 'always' });
  await using proxy = await startFaultProxy({ target: server });
  const locked = await lockChaos(server, proxy, { seconds: 60, seed });
  console.log(`seed ${seed}: ${locked} locks`);
  expect(locked).toBeGreaterThan(0);
});
