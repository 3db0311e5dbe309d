import type { RedisDriver } from '@redlane/client';
import { type IoredisDriverOptions, ioredisDriver } from '@redlane/client/ioredis';
import { Cluster, Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import type { DriverMaker, MadeDriver, Place, Wishes } from '../src/index.js';

/** What ioredis would log otherwise. */
const ignore = (): void => undefined;

/** A driver over an instance of ioredis 6 that the test has opened. */
export const overIoredis6: DriverMaker = (place, wishes) => {
  const instance = place.topology === 'cluster' ? clusterAt(place) : new Redis(optionsFor(place, wishes));
  return made(ioredisDriver(instance, settings(wishes)), instance);
};

/** The same with what ioredis 6 makes of RESP3 by itself. */
export const overIoredis6Resp3: DriverMaker = (place, wishes) => {
  const instance = new Redis({ ...optionsFor(place, wishes), protocol: 3, replyMapping: 'resp3' });
  return made(ioredisDriver(instance, settings(wishes)), instance);
};

export const overIoredis5: DriverMaker = (place, wishes) => {
  const instance = new Redis5(optionsFor(place, wishes));
  return made(ioredisDriver(instance, settings(wishes)), instance);
};

interface Instance {
  ping(): Promise<string>;
  disconnect(): void;
  on(event: 'error', listener: () => void): unknown;
}

function made(driver: RedisDriver, instance: Instance): MadeDriver {
  instance.on('error', ignore);
  const end = (): Promise<void> => Promise.resolve(instance.disconnect());
  return { driver, given: { ping: () => instance.ping(), end } };
}

function settings({ timeoutMs, silenceMs, leases }: Wishes): IoredisDriverOptions {
  return {
    timeoutMs,
    maxLeases: leases,
    silenceTimeoutMs: silenceMs,
    pingIntervalMs: silenceMs,
    blockingGraceMs: silenceMs,
    blockSliceMs: silenceMs,
  };
}

function optionsFor(place: Place, { username, password }: Wishes): object {
  const login = { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
  if (place.topology === 'standalone') return { ...login, host: place.host, port: place.port };
  if (place.topology === 'sentinel') return { ...login, sentinels: [...place.sentinels], name: place.name };
  throw new Error('a cluster is no Redis');
}

function clusterAt({ nodes }: Place & { topology: 'cluster' }): Cluster {
  return new Cluster(nodes.map(({ host, port }) => ({ host, port })));
}
