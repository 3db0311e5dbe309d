import { InvalidOptionError } from './errors.js';
import { defaultSpawn } from './pool-spawn.js';

/** What the pool needs of a connection. `Connection` is one; any object with these members will do. */
export interface PooledConnection {
  /** True for ever once the socket is gone. */
  readonly closed: boolean;
  /** When it was opened, by `performance.now()`. */
  readonly createdAt: number;
  /** When it last carried a command, by `performance.now()`. */
  readonly lastUsedAt: number;
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
  maxConnections?: number;
  /** Connections kept open even when nobody uses them, opened from the start. @default 0 */
  minConnections?: number;
  /** How long to wait for a connection, ms; 0 or Infinity: for ever. @default 5_000 */
  acquireTimeoutMs?: number;
  /** Idle connections above `minConnections` are closed after this time, ms; 0 or Infinity: never. @default 30_000 */
  idleTimeoutMs?: number;
  /**
   * Oldest a connection may get, ms, less up to 10 % at random so that they do not all go at once; one that is
   * in use is closed when it comes back. 0 or Infinity: no limit. @default 1_800_000
   */
  maxLifetimeMs?: number;
  /** One that carried nothing for this long is checked before it is handed out, ms; Infinity: never. @default 1_000 */
  checkIdleAfterMs?: number;
  /** How long a check or a reset may take before the connection is given up, ms. @default 1_000 */
  healthTimeoutMs?: number;
  /** Report connections held longer than this, ms; 0 or Infinity: off. Takes a stack at every checkout. @default 0 */
  leakReportMs?: number;
  /** Gets the reports, once per checkout. @default a process warning named `PoolLeakWarning` */
  onLeak?: (report: LeakReport) => void;
  /** Source of jitter, from 0 up to 1. @default Math.random */
  random?: () => number;
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
  spawnConnection?: (host: string, port: number, signal: AbortSignal) => Promise<C>;
}

export type ResolvedPoolOptions<C extends PooledConnection> = Readonly<
  Required<Omit<PoolOptions<C>, 'onLeak'>>
> & {
  readonly onLeak: PoolSettings['onLeak'] | undefined;
};

/** The options of either form of the constructor, complete and checked. Durations that mean "none" become Infinity. */
export function resolvePoolOptions<C extends PooledConnection>(
  first: PoolOptions<C> | string,
  port: number,
  rest: AddressPoolOptions<C>,
): ResolvedPoolOptions<C> {
  const options =
    typeof first === 'string' ? { ...rest, spawnConnection: spawnAt(first, port, rest) } : first;
  if (typeof options.spawnConnection !== 'function') {
    throw new InvalidOptionError('spawnConnection', 'must be a function that opens a connection');
  }
  const maxConnections = count('maxConnections', options.maxConnections ?? 50, 1);
  const minConnections = count('minConnections', options.minConnections ?? 0, 0);
  if (minConnections > maxConnections) {
    throw new InvalidOptionError(
      'minConnections',
      `(${minConnections}) must not exceed maxConnections (${maxConnections})`,
    );
  }
  return {
    spawnConnection: options.spawnConnection,
    maxConnections,
    minConnections,
    acquireTimeoutMs: limit('acquireTimeoutMs', options.acquireTimeoutMs ?? 5_000),
    idleTimeoutMs: limit('idleTimeoutMs', options.idleTimeoutMs ?? 30_000),
    maxLifetimeMs: limit('maxLifetimeMs', options.maxLifetimeMs ?? 1_800_000),
    checkIdleAfterMs: duration('checkIdleAfterMs', options.checkIdleAfterMs ?? 1_000),
    healthTimeoutMs: limit('healthTimeoutMs', options.healthTimeoutMs ?? 1_000),
    leakReportMs: limit('leakReportMs', options.leakReportMs ?? 0),
    onLeak: options.onLeak,
    random: options.random ?? Math.random,
  };
}

function spawnAt<C extends PooledConnection>(
  host: string,
  port: number,
  { spawnConnection }: AddressPoolOptions<C>,
): (signal: AbortSignal) => Promise<C> {
  if (spawnConnection === undefined) return defaultSpawn<C>(host, port);
  return (signal) => spawnConnection(host, port, signal);
}

function count(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new InvalidOptionError(name, `must be an integer of at least ${least}, got ${String(value)}`);
}

/** A duration in ms from 0 to Infinity. */
export function duration(name: string, value: number): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw new InvalidOptionError(name, `must be a number of milliseconds, 0 or more, got ${String(value)}`);
}

/** A duration of which 0 means "none", given back as Infinity. */
export function limit(name: string, value: number): number {
  return duration(name, value) || Number.POSITIVE_INFINITY;
}
