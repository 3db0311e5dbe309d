import type { Connection } from './connection.js';
import { type AcquireOptions, Lease } from './lease.js';
import { duration } from './option-checks.js';
import { PoolEngine } from './pool-engine.js';
import { PoolMisuseError } from './pool-errors.js';
import type { PoolMetrics } from './pool-metrics.js';
import {
  type AddressPoolOptions,
  type PooledConnection,
  type PoolOptions,
  resolvePoolOptions,
} from './pool-options.js';
import type { PoolSlot } from './pool-slot.js';

/**
 * Connections for one borrower at a time: for blocking commands, and for state that lives on a connection. Free ones
 * go to the callers in the order in which they asked; of several idle ones the last used is taken. What comes back
 * with state on the server is reset, what comes back with replies owed is closed, what dies is replaced.
 *
 * The life of a connection in the pool is the table `TRANSITIONS` in pool-slot.ts.
 */
export class ConnectionPool<C extends PooledConnection = Connection> implements AsyncDisposable {
  /** Most connections at a time, those being opened included. */
  readonly maxConnections: number;
  /** How long a caller waits for a connection unless it says something else, in ms; `Infinity`: for ever. */
  readonly acquireTimeoutMs: number;
  /** Opens one connection. */
  readonly spawnConnection: (signal: AbortSignal) => Promise<C>;
  readonly #engine: PoolEngine<C>;

  /** Opens `minConnections` at once. @throws InvalidOptionError */
  constructor(options: PoolOptions<C>);
  /** The form of redtrio. @throws InvalidOptionError */
  constructor(host: string, port: number, options?: AddressPoolOptions<C>);
  constructor(first: PoolOptions<C> | string, port = 6379, rest: AddressPoolOptions<C> = {}) {
    const options = resolvePoolOptions(first, port, rest);
    this.maxConnections = options.maxConnections;
    this.acquireTimeoutMs = options.acquireTimeoutMs;
    this.spawnConnection = options.spawnConnection;
    this.#engine = new PoolEngine(options);
  }

  /** The connections that are lent out. */
  get usedConnections(): ReadonlySet<C> {
    return this.#engine.members.used;
  }

  /** The idle connections; the last is the next to be lent. */
  get pool(): readonly C[] {
    return this.#engine.members.idle.map((slot) => slot.connection);
  }

  /**
   * Lends a connection until `putConnection` or `removeConnection`; `lease` and `use` do that for you.
   *
   * @throws PoolError `POOL_TIMEOUT` when none came free in time, `POOL_CLOSED`
   * @throws AbortError `ABORTED`
   * @throws ConnectError when the connection opened for this call did not come up; other callers go on waiting
   */
  async waitForConnection(options: AcquireOptions = {}): Promise<C> {
    return (await this.#engine.acquire(options)).connection;
  }

  /** Lends a connection until the lease is disposed. Errors: see `waitForConnection`. */
  async lease(options: AcquireOptions = {}): Promise<Lease<C>> {
    const slot = await this.#engine.acquire(options);
    const { connection, checkout } = slot;
    return new Lease(connection, () => {
      if (slot.state === 'inUse' && slot.checkout === checkout) this.putConnection(connection);
    });
  }

  /** Lends a connection to `task` until it settles, and gives what it gives. Errors: see `waitForConnection`. */
  async use<T>(task: (connection: C) => T | PromiseLike<T>, options: AcquireOptions = {}): Promise<T> {
    const lease = await this.lease(options);
    try {
      return await task(lease.connection);
    } finally {
      await lease[Symbol.asyncDispose]();
    }
  }

  /**
   * Takes a connection back. Its reset, when it needs one, goes on in the background. One that died meanwhile, or that
   * the pool has closed, may be given back once, like any other.
   *
   * @throws PoolMisuseError `POOL_MISUSE` when it is not lent out: a stranger, or given back before
   */
  putConnection(connection: C): void {
    if (this.#engine.members.settlesEndedInUse(connection)) return;
    const slot = this.#known(connection, 'putConnection');
    if (slot.state !== 'inUse') {
      throw new PoolMisuseError(
        'putConnection: this connection is back in the pool already; give each back once',
      );
    }
    this.#engine.giveBack(slot);
  }

  /**
   * Closes a connection of this pool, lent out or not, and makes room for another.
   *
   * @throws PoolMisuseError `POOL_MISUSE` when it is not of this pool
   */
  removeConnection(connection: C): void {
    if (this.#engine.members.hasEndedInUse(connection)) return;
    this.#engine.remove(this.#known(connection, 'removeConnection'));
  }

  /**
   * Lends these connections no more, because they lead to a server that is the wrong one by now: idle ones are closed at
   * once, lent ones when they are given back.
   */
  retire(
    isOutdated: (connection: C) => boolean,
    cause: Error,
    {
      gone = false,
    }: {
      /** Closes the lent ones at once, too. @default false */
      gone?: boolean;
    } = {},
  ): void {
    this.#engine.retire(isOutdated, cause, gone);
  }

  /** How the pool stands, and what it has counted. */
  metrics(): PoolMetrics {
    return this.#engine.metrics();
  }

  /**
   * Lends nothing more, rejects who waits with `POOL_CLOSED`, closes what is idle, and waits for what is lent out; what
   * is not back in `deadlineMs` (Infinity: no deadline) is closed in use. A second call can only shorten the time.
   */
  async close({
    deadlineMs = 5_000,
  }: {
    /** In ms. @default 5_000 */
    deadlineMs?: number;
  } = {}): Promise<void> {
    return this.#engine.close(duration(deadlineMs, 'deadlineMs') as number);
  }

  /** Closes every connection now, also those that are lent out, and rejects who waits with `POOL_CLOSED`. */
  destroy(): void {
    this.#engine.destroy();
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #known(connection: C, method: string): PoolSlot<C> {
    const slot = this.#engine.members.find(connection);
    if (slot !== undefined) return slot;
    throw new PoolMisuseError(`${method}: this connection is not one of this pool, or not any more`);
  }
}
