import { it } from 'vitest';
import { checkAlignment } from './support/alignment.js';
import { withSeed } from './support/seed.js';
import { testServer } from './support/test-server.js';

const server = await testServer();

it('every reply reaches who asked for it, through cuts, splits, drips and half-open connections', async () => {
  await withSeed((seed) => checkAlignment({ server, seed, commands: 20_000, reconnects: 15 }));
});
