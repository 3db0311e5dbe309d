import { InvalidOptionError } from './errors.js';
import type { PooledConnection } from './pool-options.js';

/** What `new ConnectionPool(host, port)` opens connections with when it is given no `spawnConnection`. */
export function defaultSpawn<C extends PooledConnection>(
  host: string,
  port: number,
): (signal: AbortSignal) => Promise<C> {
  throw new InvalidOptionError('spawnConnection', `is needed to open connections to ${host}:${port}`);
}
