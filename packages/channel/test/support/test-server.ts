import { type RedisServer, type ServerOptions, startServer } from '@redlane/redis-server';
import { afterAll, beforeEach, expect } from 'vitest';

/** A server for the tests of one file, empty at the beginning of each. */
export async function testServer(options?: ServerOptions): Promise<RedisServer> {
  const server = await startServer(options);
  afterAll(() => server.stop());
  beforeEach(async () => {
    await server.command('FLUSHALL');
  });
  return server;
}

/** Resolves when so many clients wait at the server. */
export async function untilBlocked(server: RedisServer, count = 1): Promise<void> {
  await expect.poll(() => server.command('INFO', 'clients')).toContain(`blocked_clients:${count}`);
}
