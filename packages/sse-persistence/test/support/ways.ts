import type { RedisDriver } from '@redlane/client';
import { toDriver } from '@redlane/client/driver';
import type { RedisServer } from '@redlane/redis-server';
import { Redis } from 'ioredis';

/** A driver, and what is behind it, given up together. */
export interface Way extends AsyncDisposable {
  readonly driver: RedisDriver;
}

/** The two drivers that everything here stands on. */
export const ways: readonly {
  readonly name: string;
  open(server: Pick<RedisServer, 'host' | 'port'>): Way;
}[] = [
  {
    name: 'RedisClient',
    open: ({ host, port }) => {
      const driver = toDriver({ host, port, reconnect: { minDelayMs: 1, maxDelayMs: 50 } });
      return { driver, [Symbol.asyncDispose]: () => driver.close() };
    },
  },
  {
    name: 'ioredis',
    open: ({ host, port }) => {
      const redis = new Redis({ host, port, lazyConnect: true, retryStrategy: () => 20 });
      redis.on('error', () => undefined);
      const driver = toDriver(redis);
      return {
        driver,
        [Symbol.asyncDispose]: async () => {
          await driver.close();
          redis.disconnect();
        },
      };
    },
  },
];
