import type { RedisServer } from '@redlane/redis-server';
import { toDriver } from '../../src/client-driver/to-driver.js';
import type { RedisDriver } from '../../src/driver.js';

/** The drivers that what stands on the seam is tested over. */
export const seamDrivers: readonly { readonly name: string; open(server: RedisServer): OpenDriver }[] = [
  { name: 'RedisClient', open: ({ port }) => opened(toDriver(port)) },
];

/** A driver that is closed at the end of a test. */
export interface OpenDriver extends AsyncDisposable {
  readonly driver: RedisDriver;
}

function opened(driver: RedisDriver): OpenDriver {
  return { driver, [Symbol.asyncDispose]: () => driver.close() };
}
