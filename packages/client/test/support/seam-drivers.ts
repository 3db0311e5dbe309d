import type { RedisServer } from '@redlane/redis-server';
import { Redis } from 'ioredis';
import { toDriver } from '../../src/client-driver/to-driver.js';
import type { RedisDriver } from '../../src/driver.js';

/** A driver that is closed at the end of a test. */
export interface OpenDriver extends AsyncDisposable {
  readonly driver: RedisDriver;
}

/** The drivers that what stands on the seam is tested over. */
export const seamDrivers: readonly { readonly name: string; open(server: RedisServer): OpenDriver }[] = [
  { name: 'RedisClient', open: ({ port }) => opened(toDriver(port)) },
  {
    name: 'ioredis',
    open: ({ port }) => {
      const redis = new Redis({ port, lazyConnect: true });
      return opened(toDriver(redis), () => redis.disconnect());
    },
  },
];

export function opened(driver: RedisDriver, end: () => void = () => undefined): OpenDriver {
  return { driver, [Symbol.asyncDispose]: () => driver.close().finally(end) };
}
