import { startServer } from '@redlane/redis-server';
import { it } from 'vitest';
import { checkExecuted } from './support/executed.js';
import { withSeed } from './support/seed.js';

it('executes nothing twice over 300 reconnects, and says truthfully what may have been executed', async () => {
  await using server = await startServer();
  await withSeed((seed) => checkExecuted({ server, seed, commands: 50_000, reconnects: 300 }));
});
