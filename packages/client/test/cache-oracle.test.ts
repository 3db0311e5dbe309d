import { it } from 'vitest';
import { checkCache } from './support/cache-oracle.js';
import { withSeed } from './support/seed.js';
import { testServer } from './support/test-server.js';

const server = await testServer();

it.each(['optin', 'default', 'bcast'] as const)(
  'nobody reads anything older than what was reported, with mode %s',
  async (mode) => {
    await withSeed((seed) => checkCache({ server, seed, mode, reads: 6_000, cuts: 3 }));
  },
);
