import { startServer } from '@redlane/redis-server';
import { describe, it } from 'vitest';
import { ways } from './support/drivers.js';
import { checkReliability } from './support/reliability.js';
import { withSeed } from './support/seed.js';

describe.concurrent.each(ways)('over $name', ({ name: driver }) => {
  it(
    'reliable receivers lose nothing, whoever is killed',
    () =>
      withSeed(async (seed) => {
        await using server = await startServer({ persistence: 'always' });
        await checkReliability({ server, driver, seed, messages: 1_500, killEveryMs: 400, mostKills: 3 });
      }),
    90_000,
  );
});
