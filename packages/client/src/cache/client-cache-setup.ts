import type { CommandSink } from '../caller.js';
import type { Engine } from '../engine.js';
import { type ClientCacheOptions, resolveCacheOptions } from './cache-options.js';
import { ClientCache } from './client-cache.js';

/** Options of a cache, and the code that it needs: for the option `clientCache`. Each client that gets it has its own cache. */
export interface ClientCacheSetup {
  /** @internal */
  attach(engine: Engine, sink: CommandSink): ClientCache;
}

/**
 * Client-side caching for a client's `cached()`: replies are kept in this process until the server reports that their key
 * has changed. It is an entry of its own, and handed to the client, so that clients without it do not carry its code.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`) naming the option
 * @example
 * const client = new RedisClient({ clientCache: clientCache({ maxBytes: 64 * 1024 * 1024 }) });
 * const user = await client.cached('HGETALL', 'user:1');
 */
export function clientCache(options: ClientCacheOptions = {}): ClientCacheSetup {
  const resolved = resolveCacheOptions(options);
  return Object.freeze({
    attach: (engine: Engine, sink: CommandSink) => new ClientCache(engine, sink, resolved),
  });
}
