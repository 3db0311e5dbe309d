import { RedisClient, toDriver } from '@redlane/client';
import { type DriverMaker, describeDriver } from '../src/index.js';

const make =
  (protocol: 2 | 3): DriverMaker =>
  (place, { timeoutMs, silenceMs, leases, username, password }) => {
    if (place.topology !== 'standalone') throw new Error(`${place.topology} is not for this driver`);
    const client = new RedisClient(place.host, place.port, {
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

describeDriver('RedisClient, RESP3', make(3));
describeDriver('RedisClient, RESP2', make(2));
