import { RedisClient } from '@redlane/client';
import { clientCache } from '@redlane/client/cache';
import { Redis } from 'ioredis';
import { connectionName, type ProcessConfig } from './desk-config.js';

/** How one process of the desk reaches Redis. */
export interface Connections extends AsyncDisposable {
  /** Ours: for the cache, push callbacks and the lock, whatever carries the rest. */
  readonly client: RedisClient;
  /** What channels, announcements and events are given. */
  readonly source: RedisClient | Redis;
}

export function openConnections({ driver, redisUrl, run, id }: ProcessConfig): Connections {
  const name = connectionName(run, id);
  const client = new RedisClient(redisUrl, { clientName: name, clientCache: clientCache() });
  // The packages work on duplicates of an ioredis instance; it need not be connected itself.
  const source =
    driver === 'redlane' ? client : new Redis(redisUrl, { connectionName: name, lazyConnect: true });
  return { client, source, [Symbol.asyncDispose]: () => client.close({ deadlineMs: 500 }) };
}
