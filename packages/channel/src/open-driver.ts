import type { RedisDriver } from '@redlane/client';
import { type DriverSource, toDriver } from '@redlane/client/driver';
import { type Address, getClient } from './get-client.js';

/** A driver, and how to be rid of it. */
export interface OpenDriver {
  readonly driver: RedisDriver;
  /** Closes what was opened for it, and nothing else. */
  close(): Promise<void>;
}

/** The driver of what a user has. Users of one address share one client, as with {@link getClient}. */
export function openDriver(source: DriverSource): OpenDriver {
  if (isAddress(source)) {
    const shared = getClient(source);
    const driver = toDriver(shared.client);
    return {
      driver,
      close: async () => {
        await driver.close();
        await shared.release();
      },
    };
  }
  const driver = toDriver(source);
  // A driver that came in is somebody else's to close.
  return { driver, close: () => (driver === source ? Promise.resolve() : driver.close()) };
}

function isAddress(source: DriverSource): source is Address {
  if (typeof source === 'string' || typeof source === 'number' || Array.isArray(source)) return true;
  if (typeof source !== 'object' || source === null) return false;
  const { send, call } = source as { send?: unknown; call?: unknown };
  const prototype: unknown = Object.getPrototypeOf(source);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isPlain && send === undefined && call === undefined && !('topology' in source);
}
