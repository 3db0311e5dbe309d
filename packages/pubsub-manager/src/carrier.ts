import type {
  ClientOptions as ConnectionOptions,
  DriverSource,
  RedisClient,
  RedisDriver,
} from '@redlane/client';
import { toDriver } from '@redlane/client/driver';
import { ioredisDriver } from '@redlane/client/ioredis';
import type { ClientOptions } from './client-options.js';
import { type ConnectionUser, watchDriver, watchStatus } from './connection-watch.js';
import type { OwnDriver } from './own-line.js';
import type { Share } from './shared-clients.js';

/** What a client stands on: its own share of a connection, and how to get another one. */
export interface Carrier {
  /** What `getRedisClient()` gives. */
  readonly native: unknown;
  readonly driver: RedisDriver;
  /** Connects, and resolves when commands can be sent. Rejects when the first attempt fails. */
  connect(): Promise<void>;
  watch(user: ConnectionUser): Disposable;
  /** Subscriptions over a connection of their own. */
  ownDriver(): OwnDriver;
  close(): Promise<void>;
}

/** Over a `RedisClient` that the manager has made. */
export function carrierOfShare(
  share: Share,
  settings: ConnectionOptions,
  { autoReconnect, pingBeforeActivateConnection }: ClientOptions,
): Carrier {
  const { client } = share;
  const driver = toDriver(client);
  return {
    native: client,
    driver,
    async connect() {
      await firstConnection(client);
      if (pingBeforeActivateConnection) await driver.send(['PING']);
    },
    watch: (user) => watchStatus(client.status, autoReconnect ? user : closesWhenLost(client, user)),
    ownDriver: () => toDriver({ ...settings, subscriptions: 'dedicated' }),
    async close() {
      await driver.close();
      await share.release();
    },
  };
}

/** Over what a user has brought, which stays open. */
export function carrierOfNative(
  native: Exclude<DriverSource, string | number | readonly [string, number]>,
): Carrier {
  const driver = toDriver(native);
  const { status } = native as Partial<RedisClient>;
  return {
    native,
    driver,
    async connect() {
      await driver.send(['PING']);
    },
    watch: (user) => (typeof status === 'object' ? watchStatus(status, user) : watchDriver(driver, user)),
    ownDriver: () => {
      const isIoredis = typeof (native as { callBuffer?: unknown }).callBuffer === 'function';
      if (isIoredis) return ioredisDriver(native as Parameters<typeof ioredisDriver>[0]);
      return { subscribe: driver.subscribe.bind(driver), close: () => Promise.resolve() };
    },
    // A driver that was brought is its user's to close.
    close: () => (driver === native ? Promise.resolve() : driver.close()),
  };
}

/** Without a second attempt: who opens a client wants to know. */
async function firstConnection(client: RedisClient): Promise<void> {
  const connected = client.connect();
  connected.catch(() => undefined);
  const states = client.status[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value } = await states.next();
      if (value === undefined || value.state === 'ready' || value.state === 'closed') return await connected;
      if (value.state === 'down') throw value.cause;
    }
  } finally {
    await states.return?.();
  }
}

function closesWhenLost(client: RedisClient, user: ConnectionUser): ConnectionUser {
  return {
    onConnect: () => user.onConnect(),
    onDisconnect: (cause) => {
      user.onDisconnect(cause);
      client.destroy();
    },
    onReconnecting: (attempt) => user.onReconnecting(attempt),
    onReconnectFailed: (cause, final) => user.onReconnectFailed(cause, final),
  };
}
