export type { ClientCacheOptions, TrackingMode } from './cache-options.js';
export type { CacheableCommand } from './cacheable-commands.js';
export { type CacheMetrics, ClientCache } from './client-cache.js';
export { type ClientCacheSetup, clientCache } from './client-cache-setup.js';
export type { TrackingState } from './tracking.js';
