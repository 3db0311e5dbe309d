import type { ClientOptions } from '@redlane/client';
import type { FaultProxy, RedisServer } from '@redlane/redis-server';
import { expect } from 'vitest';
import { RedisClient, type RedisClientOptions } from '../../src/index.js';

/** A client of a server, or of one behind a proxy, that reconnects at once. */
export function open(
  { host, port }: Pick<RedisServer | FaultProxy, 'host' | 'port'>,
  { protocol, ...options }: RedisClientOptions & { readonly protocol?: ClientOptions } = {},
): RedisClient {
  return new RedisClient({
    url: `tcp://${host}:${port}/`,
    protocol: { reconnect: { minDelayMs: 1, maxDelayMs: 10 }, ...protocol },
    ...options,
  });
}

/** Resolves when so many clients wait at the server. */
export async function untilBlocked(server: RedisServer, count = 1): Promise<void> {
  await expect.poll(() => server.command('INFO', 'clients')).toContain(`blocked_clients:${count}`);
}

/** Connections to the server that were named by a test's client. */
export async function connectionsOf(server: RedisServer, tag: string): Promise<string[]> {
  const list = (await server.command('CLIENT', 'LIST')) as string;
  return list.split('\n').filter((line) => line.includes(` name=${tag} `));
}
