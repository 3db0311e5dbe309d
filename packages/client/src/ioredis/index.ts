export { ioredisDriver } from './ioredis-driver.js';
export type { IoredisDriverOptions } from './ioredis-driver-options.js';
export { type IoredisCluster, type IoredisRedis, isIoredis } from './ioredis-like.js';
