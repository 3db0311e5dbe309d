import { type ClientOptions, RedisClient } from '@redlane/client';
import { toDriver } from '@redlane/client/driver';
import type { DriverMaker, Place } from '../src/index.js';

/** A driver over a client that the test has opened. */
export function overRedisClient(protocol: 2 | 3): DriverMaker {
  return (place, { timeoutMs, silenceMs, leases, username, password }) => {
    const client = new RedisClient({
      ...addressOf(place),
      protocol,
      username,
      password,
      timeoutMs,
      silenceTimeoutMs: silenceMs,
      pingIntervalMs: silenceMs,
      blockingGraceMs: silenceMs,
      pool: { maxConnections: leases },
    });
    const given = { ping: () => client.call('PING'), end: () => client.close({ deadlineMs: 1_000 }) };
    return { driver: toDriver(client), given };
  };
}

function addressOf(place: Place): ClientOptions {
  if (place.topology === 'standalone') return { host: place.host, port: place.port };
  if (place.topology === 'sentinel') return { sentinels: place.sentinels, name: place.name };
  throw new Error('RedisClient does not route in a cluster');
}
