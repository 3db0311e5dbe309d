import { Backoff } from './backoff.js';
import type { Ending } from './cancel-blocking.js';
import type { Connection } from './connection.js';
import type { Engine } from './engine.js';
import { ConnectError } from './errors.js';
import { type AcquireOptions, Lease } from './lease.js';
import { deadline } from './option-checks.js';
import { pause } from './pause.js';
import type { ConnectionPool } from './pool.js';
import { timedOutInAll } from './pool-errors.js';

/** A command that may be waiting at the server. */
export interface Blocked {
  cancel(ending: Ending): void;
}

/**
 * The connections that a client has taken from its pool, which may be shared with others, and the commands that wait at the
 * server on them: all that must have ended when the client has.
 */
export class ExclusiveConnections {
  readonly blocked: Set<Blocked> = new Set();
  readonly #engine: Engine;
  readonly #pool: ConnectionPool<Connection>;
  readonly #taken: Set<Lease<Connection>> = new Set();
  readonly #takers: Set<AbortController> = new Set();
  readonly #emptyWaiters: (() => void)[] = [];
  #closed = false;

  constructor(engine: Engine, pool: ConnectionPool<Connection>) {
    this.#engine = engine;
    this.#pool = pool;
    // A peer that says nothing on one connection is not alive on the others.
    engine.onSilence = (cause) => {
      for (const { connection } of this.#taken) if (connection.waitsForEver) connection.destroy(cause);
    };
  }

  /**
   * Lends a connection. One that does not come up while the client tries to reconnect is dialled again, until the time is
   * over.
   *
   * @throws PoolError, AbortError and ClosedError; ConnectError when trying again is of no use, not wanted, or took too long
   */
  async take({ signal, timeoutMs }: AcquireOptions = {}): Promise<Lease<Connection>> {
    if (this.#closed) throw this.#engine.closedError();
    const limitMs = deadline(timeoutMs ?? this.#pool.acquireTimeoutMs, 'timeoutMs') as number;
    const taker = new AbortController();
    const abort = (): void => taker.abort(signal?.reason);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    this.#takers.add(taker);
    try {
      return await this.#takeIn(limitMs, taker.signal);
    } catch (error) {
      throw this.#closed && signal?.aborted !== true ? this.#engine.closedError() : error;
    } finally {
      this.#takers.delete(taker);
      signal?.removeEventListener('abort', abort);
      this.#wakeEmptyWaiters();
    }
  }

  /** Resolves when nothing is lent, and nobody waits for anything. */
  empty(): Promise<void> {
    if (this.#taken.size === 0 && this.#takers.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#emptyWaiters.push(resolve));
  }

  /** Ends the commands that wait at the server, without losing what they have taken. */
  cancelBlocked(ending: Ending): void {
    for (const blocked of this.blocked) blocked.cancel(ending);
  }

  /** Closes what is lent, and ends every wait. */
  destroy(cause: Error): void {
    this.#closed = true;
    for (const { connection } of this.#taken) connection.destroy(cause);
    for (const taker of this.#takers) taker.abort(cause);
    this.cancelBlocked((delivery) => this.#engine.closedError(delivery));
  }

  async #takeIn(limitMs: number, signal: AbortSignal): Promise<Lease<Connection>> {
    const giveUpAt = performance.now() + limitMs;
    const backoff = new Backoff(this.#engine.options.reconnect);
    let failure: unknown;
    for (;;) {
      try {
        const timeoutMs = Math.max(1, giveUpAt - performance.now());
        return this.#lend(await this.#pool.lease({ signal, timeoutMs }));
      } catch (error) {
        if (!this.#isWorthWaiting(error))
          throw failure === undefined ? error : timedOutInAll(error, limitMs, failure);
        failure = error;
        await pause(Math.min(backoff.next(), giveUpAt - performance.now()), signal);
        await this.#untilReady(giveUpAt, signal).catch(() => undefined);
        if (signal.aborted || performance.now() >= giveUpAt) throw error;
      }
    }
  }

  #isWorthWaiting(error: unknown): boolean {
    const { options, closing } = this.#engine;
    return error instanceof ConnectError && error.retryable && options.offlineQueue && !closing;
  }

  /** Waits for the shared connection: where that one does not come up, another one will not either. */
  async #untilReady(giveUpAt: number, signal: AbortSignal): Promise<void> {
    this.#engine.dial();
    const timeoutMs = Math.max(1, giveUpAt - performance.now());
    await this.#engine.status.until('ready', { signal, timeoutMs });
  }

  #lend(pooled: Lease<Connection>): Lease<Connection> {
    const lease = new Lease(pooled.connection, () => {
      this.#taken.delete(lease);
      void pooled[Symbol.asyncDispose]();
      this.#wakeEmptyWaiters();
    });
    this.#taken.add(lease);
    return lease;
  }

  #wakeEmptyWaiters(): void {
    if (this.#taken.size > 0 || this.#takers.size > 0) return;
    for (const wake of this.#emptyWaiters.splice(0)) wake();
  }
}
