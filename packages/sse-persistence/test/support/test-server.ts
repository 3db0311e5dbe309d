import { type RedisServer, type ServerOptions, startServer } from '@redlane/redis-server';
import { afterAll, beforeEach } from 'vitest';

/** A server for the tests of one file, empty at the beginning of each. */
export async function testServer(options?: ServerOptions): Promise<RedisServer> {
  const server = await startServer(options);
  afterAll(() => server.stop());
  beforeEach(async () => {
    await server.command('FLUSHALL');
  });
  return server;
}
