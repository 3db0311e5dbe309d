import { type ClientOptions, RedisClient, type RedisDriver } from '@redlane/client';
import { toDriver } from '@redlane/client/driver';
import { ioredisDriver } from '@redlane/client/ioredis';
import { Redis } from 'ioredis';

export const DRIVERS = ['redlane', 'ioredis'] as const;
export type DriverName = (typeof DRIVERS)[number];

/** A driver, and what is behind it, given up together. */
export interface Way {
  readonly driver: RedisDriver;
  close(): Promise<void>;
}

interface Place {
  readonly host: string;
  readonly port: number;
}

/** Dead peers are found within a second or two, so that a short run sees many of them; commands may wait out a restart. */
const WATCHED = { timeoutMs: 30_000, pingIntervalMs: 300, silenceTimeoutMs: 1_000 };

/** For a client of `@redlane/client` that is to live through faults. */
export function clientOptions({ host, port }: Place): ClientOptions {
  return {
    host,
    port,
    ...WATCHED,
    connectTimeoutMs: 2_000,
    reconnect: { minDelayMs: 1, maxDelayMs: 50 },
  };
}

export function openWay(name: DriverName, place: Place): Way {
  return name === 'redlane' ? byRedlane(place) : byIoredis(place);
}

function byRedlane(place: Place): Way {
  const client = new RedisClient(clientOptions(place));
  const driver = toDriver(client);
  return {
    driver,
    close: async () => {
      await driver.close();
      await client.close();
    },
  };
}

function byIoredis({ host, port }: Place): Way {
  const redis = new Redis({
    host,
    port,
    lazyConnect: true,
    connectTimeout: 2_000,
    retryStrategy: () => 20,
  });
  redis.on('error', () => undefined);
  const driver = ioredisDriver(redis, WATCHED);
  return {
    driver,
    close: async () => {
      await driver.close();
      redis.disconnect();
    },
  };
}
