import type { DriverSource } from '@redlane/client';
import type { RedisServer } from '@redlane/redis-server';
import { Redis } from 'ioredis';

/** A way to reach a server, which is given up at the end of a test. */
export interface Way extends AsyncDisposable {
  readonly source: DriverSource;
}

/** The two drivers that channels stand on. */
export const ways: readonly {
  readonly name: string;
  open(server: Pick<RedisServer, 'host' | 'port'>): Way;
}[] = [
  {
    name: 'RedisClient',
    open: ({ host, port }) => ({
      source: { host, port, reconnect: { minDelayMs: 1, maxDelayMs: 50 } },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  },
  {
    name: 'ioredis',
    open: ({ host, port }) => {
      const redis = new Redis({ host, port, lazyConnect: true, retryStrategy: () => 20 });
      redis.on('error', () => undefined);
      return {
        source: redis,
        [Symbol.asyncDispose]: () => {
          redis.disconnect();
          return Promise.resolve();
        },
      };
    },
  },
];
