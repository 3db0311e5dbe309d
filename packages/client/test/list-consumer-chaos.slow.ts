import { startServer } from '@redlane/redis-server';
import { it } from 'vitest';
import { checkChaos } from './support/list-consumer-chaos.js';
import { withSeed } from './support/seed.js';

it('20,000 elements survive that a consumer is killed every 2 s and connections are cut at random', async () => {
  await using server = await startServer();
  await withSeed((seed) => checkChaos({ server, seed, elements: 20_000, killEveryMs: 2_000 }));
});
