import { callable, record } from './option-checks.js';
import { type PoolSettings, resolvePoolSettings } from './pool-settings.js';
import { defaultSpawn } from './pool-spawn.js';
import type { Given } from './schema.js';

/** What the pool needs of a connection. `Connection` is one; any object with these members will do. */
export interface PooledConnection {
  /** True for ever once the socket is gone. */
  readonly closed: boolean;
  /** When it was opened, by `performance.now()`. */
  readonly createdAt: number;
  /** Nothing is queued, in flight, or owed by the server. */
  readonly idle: boolean;
  /** Commands that leave state on the server were sent, or something is unread. */
  readonly dirty: boolean;
  /** Whether the server answers a PING in time. */
  check(timeoutMs: number): Promise<boolean>;
  /** Brings it back to the state after the handshake; false when that failed. */
  reset(timeoutMs: number): Promise<boolean>;
  /** Closes the socket at once and rejects whatever is in flight. */
  destroy(cause?: Error): void;
  /** Called once when it dies. The pool sets it; `never` lets a class narrow the argument to itself. */
  onClosed: ((connection: never) => void) | undefined;
}

export interface PoolOptions<C extends PooledConnection> extends Given<PoolSettings> {
  /**
   * Opens one connection, ready for use. It must settle in a time of its own, since it holds a place in the pool
   * until then. The signal is aborted when the pool closes.
   */
  readonly spawnConnection: (signal: AbortSignal) => Promise<C>;
}

/** Options of the form `new ConnectionPool(host, port, options)`. */
export interface AddressPoolOptions<C extends PooledConnection> extends Given<PoolSettings> {
  /** Opens one connection to that address, see {@link PoolOptions}. @default a `Connection` */
  readonly spawnConnection?: ((host: string, port: number, signal: AbortSignal) => Promise<C>) | undefined;
}

/** Every option with its value. */
export type ResolvedPoolOptions<C extends PooledConnection> = PoolSettings &
  Pick<PoolOptions<C>, 'spawnConnection'>;

/**
 * The options of either form of the constructor, complete and checked.
 *
 * @throws InvalidOptionError
 */
export function resolvePoolOptions<C extends PooledConnection>(
  first: PoolOptions<C> | string,
  port: number,
  rest: AddressPoolOptions<C>,
): ResolvedPoolOptions<C> {
  if (typeof first === 'string') {
    const { spawnConnection, ...settings } = rest;
    return { ...resolvePoolSettings(settings), spawnConnection: spawnAt(first, port, spawnConnection) };
  }
  const { spawnConnection, ...settings } = record(first, 'options') as PoolOptions<C>;
  callable(spawnConnection, 'spawnConnection');
  return { ...resolvePoolSettings(settings), spawnConnection };
}

function spawnAt<C extends PooledConnection>(
  host: string,
  port: number,
  spawnConnection: AddressPoolOptions<C>['spawnConnection'],
): (signal: AbortSignal) => Promise<C> {
  if (spawnConnection === undefined) return defaultSpawn<C>(host, port);
  return (signal) => spawnConnection(host, port, signal);
}
