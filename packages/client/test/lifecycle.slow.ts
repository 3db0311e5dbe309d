import { startServer } from '@redlane/redis-server';
import { it } from 'vitest';
import { checkReconnects } from './support/growth.js';

it('a thousand reconnects leave nothing behind', async () => {
  await using server = await startServer();
  await checkReconnects(server, 1_000);
});
