import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, it } from 'vitest';
import { withSeed } from './support/seed.js';
import { checkSubscriptions } from './support/subscriptions-oracle.js';

let server: RedisServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
});

it.each([3, 2] as const)(
  'in RESP%i every message that is missing lies in a gap, through 100 lost connections',
  async (protocol) => {
    await withSeed((seed) => checkSubscriptions({ server, seed, protocol, messages: 10_000, breaks: 100 }));
  },
);
