import { Connection } from './connection.js';
import { resolveOptions } from './options.js';
import type { PooledConnection } from './pool-options.js';

/** What `new ConnectionPool(host, port)` opens connections with when it is given no `spawnConnection`. */
export function defaultSpawn<C extends PooledConnection>(
  host: string,
  port: number,
): (signal: AbortSignal) => Promise<C> {
  const options = resolveOptions(host, port);
  // Whoever leaves spawnConnection out has no other kind of connection in mind.
  return async (signal) => (await Connection.open(options, {}, signal)) as PooledConnection as C;
}
