import { type IoredisCluster, type IoredisRedis, ioredisDriver } from '@redlane/client/ioredis';
import type { DriverMaker, Place, Wishes } from '../src/index.js';

/** What the tests call of an instance, of whichever version. */
interface Connected {
  ping(): Promise<unknown>;
  on(event: 'error', listener: () => void): unknown;
  disconnect(): void;
}

/** A version of ioredis. */
export interface Library {
  readonly Redis: new (options: object) => IoredisRedis & Connected;
  readonly Cluster: new (
    nodes: { host: string; port: number }[],
    options: object,
  ) => IoredisCluster & Connected;
}

/** A driver over an instance that the test has opened. */
export function overIoredis(library: Library, extra: object = {}): DriverMaker {
  return (place, wishes) => {
    const instance = open(library, place, wishes, extra);
    // Servers are killed in these tests, which ioredis would print.
    instance.on('error', () => undefined);
    const { timeoutMs, silenceMs, leases } = wishes;
    const driver = ioredisDriver(instance, {
      timeoutMs,
      maxLeases: leases,
      blockSliceMs: silenceMs,
      blockingGraceMs: silenceMs,
      pingIntervalMs: silenceMs,
      silenceTimeoutMs: silenceMs,
    });
    const given = { ping: () => instance.ping(), end: async () => instance.disconnect() };
    return { driver, given };
  };
}

function open(
  library: Library,
  place: Place,
  { username, password }: Wishes,
  extra: object,
): (IoredisRedis | IoredisCluster) & Connected {
  const login = { ...extra, ...(username === undefined ? {} : { username, password: password ?? '' }) };
  switch (place.topology) {
    case 'standalone':
      return new library.Redis({ ...login, host: place.host, port: place.port });
    case 'sentinel':
      return new library.Redis({ ...login, sentinels: [...place.sentinels], name: place.name });
    case 'cluster':
      return new library.Cluster([...place.nodes], { redisOptions: login });
  }
}
