import { InvalidOptionError } from './errors.js';
import { type Check, callable, deadline, duration, integer } from './option-checks.js';
import { defaultSpawn } from './pool-spawn.js';

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

/** A connection that was not given back for `leakReportMs`. */
export interface LeakReport {
  /** How long it has been out, ms. */
  readonly heldMs: number;
  /** Where it was taken. */
  readonly stack: string;
}

export interface PoolSettings {
  /** Most connections at a time, those being opened or reset included. @default 50 */
  maxConnections?: number | undefined;
  /** Connections kept open even when nobody uses them, opened from the start. @default 0 */
  minConnections?: number | undefined;
  /** How long to wait for a connection, ms; 0 or Infinity: for ever. @default 5_000 */
  acquireTimeoutMs?: number | undefined;
  /** Idle connections above `minConnections` are closed after this time, ms; 0 or Infinity: never. @default 30_000 */
  idleTimeoutMs?: number | undefined;
  /**
   * Oldest a connection may get, ms, less up to 10 % at random so that they do not all go at once; one that is
   * in use is closed when it comes back. 0 or Infinity: no limit. @default 1_800_000
   */
  maxLifetimeMs?: number | undefined;
  /** One that lay in the pool for this long is checked before it is lent, ms; Infinity: never. @default 1_000 */
  checkIdleAfterMs?: number | undefined;
  /** How long a check or a reset may take before the connection is given up, ms. @default 1_000 */
  healthTimeoutMs?: number | undefined;
  /** Report connections held longer than this, ms; 0 or Infinity: off. Takes a stack at every checkout. @default 0 */
  leakReportMs?: number | undefined;
  /** Gets the reports, once per checkout. @default a process warning named `PoolLeakWarning` */
  onLeak?: ((report: LeakReport) => void) | undefined;
  /** Source of jitter, from 0 up to 1. @default Math.random */
  random?: (() => number) | undefined;
}

export interface PoolOptions<C extends PooledConnection> extends PoolSettings {
  /**
   * Opens one connection, ready for use. It must settle in a time of its own, since it holds a place in the pool
   * until then. The signal is aborted when the pool closes.
   */
  spawnConnection: (signal: AbortSignal) => Promise<C>;
}

/** Options of the form `new ConnectionPool(host, port, options)`. */
export interface AddressPoolOptions<C extends PooledConnection> extends PoolSettings {
  /** Opens one connection to that address, see {@link PoolOptions}. @default a `Connection` */
  spawnConnection?: ((host: string, port: number, signal: AbortSignal) => Promise<C>) | undefined;
}

/** Every option with its value. */
export type ResolvedPoolOptions<C extends PooledConnection> = {
  readonly [Name in Exclude<keyof PoolOptions<C>, 'onLeak'>]: NonNullable<PoolOptions<C>[Name]>;
} & { readonly onLeak: PoolSettings['onLeak'] };

/**
 * The options of either form of the constructor, complete and checked. Durations that mean "none" become Infinity.
 *
 * @throws InvalidOptionError
 */
export function resolvePoolOptions<C extends PooledConnection>(
  first: PoolOptions<C> | string,
  port: number,
  rest: AddressPoolOptions<C>,
): ResolvedPoolOptions<C> {
  const options =
    typeof first === 'string' ? { ...rest, spawnConnection: spawnAt(first, port, rest) } : first;
  const number = (name: keyof PoolSettings, fallback: number, check: Check): number =>
    check(options[name] ?? fallback, name) as number;
  const resolved = {
    spawnConnection: callable(options.spawnConnection, 'spawnConnection') as typeof options.spawnConnection,
    maxConnections: number('maxConnections', 50, integer(1)),
    minConnections: number('minConnections', 0, integer(0)),
    acquireTimeoutMs: number('acquireTimeoutMs', 5_000, deadline),
    idleTimeoutMs: number('idleTimeoutMs', 30_000, deadline),
    maxLifetimeMs: number('maxLifetimeMs', 1_800_000, deadline),
    checkIdleAfterMs: number('checkIdleAfterMs', 1_000, duration),
    healthTimeoutMs: number('healthTimeoutMs', 1_000, deadline),
    leakReportMs: number('leakReportMs', 0, deadline),
    onLeak: options.onLeak,
    random: options.random ?? Math.random,
  };
  if (resolved.minConnections > resolved.maxConnections) {
    throw new InvalidOptionError('minConnections', 'must not exceed maxConnections');
  }
  return resolved;
}

function spawnAt<C extends PooledConnection>(
  host: string,
  port: number,
  { spawnConnection }: AddressPoolOptions<C>,
): (signal: AbortSignal) => Promise<C> {
  if (spawnConnection === undefined) return defaultSpawn<C>(host, port);
  return (signal) => spawnConnection(host, port, signal);
}
