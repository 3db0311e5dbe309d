import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, it } from 'vitest';
import { checkAlignment } from './support/alignment.js';
import { withSeed } from './support/seed.js';

let server: RedisServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
});

it('every reply reaches who asked for it, through cuts, splits, drips and half-open connections', async () => {
  await withSeed((seed) => checkAlignment({ server, seed, commands: 20_000, reconnects: 15 }));
});
