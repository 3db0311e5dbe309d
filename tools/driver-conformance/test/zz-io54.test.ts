import { createRequire } from 'node:module';
import { ioredisDriver } from '@redlane/client/ioredis';
import { describeDriver } from '../src/index.js';
const require = createRequire('/tmp/io54/index.js');
const lib = require('ioredis');
const maker = (place: any, w: any) => {
  const login = w.username === undefined ? {} : { username: w.username, password: w.password };
  const instance = place.topology === 'cluster' ? new lib.Cluster([...place.nodes], {}) : new lib.Redis({ ...login, host: place.host, port: place.port });
  instance.on('error', () => undefined);
  const driver = ioredisDriver(instance, { timeoutMs: w.timeoutMs, maxLeases: w.leases, silenceTimeoutMs: w.silenceMs, pingIntervalMs: w.silenceMs, blockingGraceMs: w.silenceMs, blockSliceMs: w.silenceMs });
  return { driver, given: { ping: () => instance.ping(), end: async () => instance.disconnect() } };
};
describeDriver('5.4', maker as never, { column: 'ioredis Redis' });
describeDriver('5.4 cluster', maker as never, { column: 'ioredis Cluster', topology: 'cluster' });
