import { startServer } from '@redlane/redis-server';
import { describe, it } from 'vitest';
import { ways } from './support/drivers.js';
import { checkReliability } from './support/reliability.js';
import { withSeed } from './support/seed.js';

describe.each(ways)('over $name', ({ name: driver }) => {
  it('reliable receivers lose nothing of 20,000 messages, whoever is killed', () =>
    withSeed(async (seed) => {
      await using server = await startServer({ persistence: 'always' });
      const report = await checkReliability({ server, driver, seed, messages: 20_000, killEveryMs: 2_000 });
      console.log(driver, report);
    }));
});
