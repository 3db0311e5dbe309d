import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { beds } from './support/beds.js';
import { checkDurable } from './support/durable-kills.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
beforeEach(() => server.command('FLUSHALL'));

it.each(beds)(
  '100,000 durable messages over $name come once and in order over 50 kills',
  async ({ make }) => {
    await using bed = make({ durable: { history: { size: 200_000 } } });
    await checkDurable({ server, bed, messages: 100_000, kills: 50, seed: 7 });
    expect(await server.command('XLEN', 'pubsub:{durable}:log')).toBe(100_000);
  },
);
