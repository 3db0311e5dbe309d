import { startServer } from '@redlane/redis-server';
import { it } from 'vitest';
import { checkChaos } from './support/list-consumer-chaos.js';
import { withSeed } from './support/seed.js';

it('consumers that are killed and cut off lose nothing, and get nothing again that was acked', async () => {
  await using server = await startServer();
  const check = (seed: number) =>
    checkChaos({ server, seed, elements: 2_000, killEveryMs: 1_000, mostKills: 3 });
  await withSeed(check);
}, 90_000);
