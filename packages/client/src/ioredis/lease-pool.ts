import { AbortError, type ClientError, ClosedError, PoolError, type PoolErrorCode } from '../errors.js';
import { unlessAborted } from '../unless-aborted.js';
import type { Settings } from './ioredis-driver-options.js';
import { LeaseConnection } from './lease-connection.js';
import { Permits } from './permits.js';
import { nodeRetryDelay } from './retry-delay.js';
import type { Place, Router } from './router.js';

/** How long a clean connection is kept for the next lease, in ms. */
const WARM_MS = 1_000;

export interface TakeOptions {
  readonly slot: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

interface Idle {
  readonly connection: LeaseConnection;
  readonly timer: NodeJS.Timeout;
}

/** A bounded number of connections for leases. Those who find none wait in line. */
export class LeasePool {
  readonly #router: Router;
  readonly #settings: Settings;
  readonly #permits: Permits;
  readonly #idle: Set<Idle> = new Set();
  /** Connections that somebody has, and since when. */
  readonly #held: Map<LeaseConnection, number> = new Map();
  readonly #closing: AbortController = new AbortController();
  #connecting = 0;

  constructor(router: Router, settings: Settings) {
    this.#router = router;
    this.#settings = settings;
    this.#permits = new Permits(settings.maxLeases);
  }

  /** @throws PoolError, AbortError, ClosedError */
  async take({
    slot,
    signal,
    timeoutMs = this.#settings.leaseTimeoutMs,
  }: TakeOptions): Promise<LeaseConnection> {
    const end = new AbortController();
    const close = (): void => end.abort(this.#closing.signal.reason);
    const abort = (): void =>
      end.abort(new AbortError('lease()', { maybeExecuted: false, phase: 'queued', cause: signal?.reason }));
    if (this.#closing.signal.aborted) close();
    if (signal?.aborted) abort();
    this.#closing.signal.addEventListener('abort', close, { once: true });
    signal?.addEventListener('abort', abort, { once: true });
    const attempts: Attempts = { problem: undefined };
    const timer =
      timeoutMs > 2 ** 31 - 1
        ? undefined
        : setTimeout(() => end.abort(this.#late(timeoutMs, attempts)), timeoutMs);
    try {
      await this.#permits.take(end.signal);
      try {
        const connection = await this.#connect(() => this.#router.place(slot), end.signal, attempts);
        this.#held.set(connection, performance.now());
        return connection;
      } catch (error) {
        this.#permits.giveBack();
        throw error;
      }
    } finally {
      clearTimeout(timer);
      this.#closing.signal.removeEventListener('abort', close);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Another connection instead of one that a lease cannot use any more; tries until the signal is aborted. */
  async exchange(
    old: LeaseConnection,
    placeOf: () => Promise<Place>,
    signal: AbortSignal,
  ): Promise<LeaseConnection> {
    const end = AbortSignal.any([signal, this.#closing.signal]);
    const next = await this.#connect(placeOf, end, { problem: undefined });
    const since = this.#held.get(old);
    this.#held.delete(old);
    this.#held.set(next, since ?? performance.now());
    void old.close(new ClosedError('connection'));
    return next;
  }

  /** `clean`: it is as it was, and nothing is owed. */
  async giveBack(connection: LeaseConnection, clean: boolean): Promise<void> {
    if (!this.#held.delete(connection)) return;
    this.#permits.giveBack();
    if (
      clean &&
      !connection.spoilt &&
      connection.open &&
      connection.owed === 0 &&
      !this.#closing.signal.aborted
    ) {
      const idle: Idle = {
        connection,
        timer: setTimeout(() => this.#evict(idle), WARM_MS),
      };
      this.#idle.add(idle);
    } else await connection.close(new ClosedError('connection'));
  }

  async close(cause: ClosedError): Promise<void> {
    this.#closing.abort(cause);
    const all = [...this.#held.keys(), ...[...this.#idle].map((idle) => this.#unidle(idle))];
    this.#held.clear();
    await Promise.all(all.map((connection) => connection.close(cause)));
  }

  async #connect(
    placeOf: () => Promise<Place>,
    end: AbortSignal,
    attempts: Attempts,
  ): Promise<LeaseConnection> {
    for (let attempt = 1; ; attempt++) {
      try {
        const place = await unlessAborted(placeOf(), end);
        const connection = this.#reuse(place) ?? (await this.#dial(place, end));
        if (!end.aborted) return connection;
        void connection.close(new ClosedError('connection'));
      } catch (error) {
        attempts.problem = error;
      }
      end.throwIfAborted();
      await unlessAborted(Promise.all([this.#router.refresh(), delay(nodeRetryDelay(attempt))]), end);
    }
  }

  #reuse({ key }: Place): LeaseConnection | undefined {
    for (const idle of this.#idle) {
      if (idle.connection.key !== key) continue;
      const connection = this.#unidle(idle);
      if (connection.open) return connection;
      void connection.close(new ClosedError('connection'));
    }
    return undefined;
  }

  async #dial(place: Place, end: AbortSignal): Promise<LeaseConnection> {
    const [oldest] = this.#idle;
    if (oldest !== undefined && this.#idle.size + this.#permits.taken > this.#permits.size)
      this.#evict(oldest);
    this.#connecting++;
    try {
      return await LeaseConnection.open(place, end);
    } finally {
      this.#connecting--;
    }
  }

  #evict(idle: Idle): void {
    void this.#unidle(idle).close(new ClosedError('connection'));
  }

  #unidle(idle: Idle): LeaseConnection {
    clearTimeout(idle.timer);
    this.#idle.delete(idle);
    return idle.connection;
  }

  #late(timeoutMs: number, { problem }: Attempts): ClientError {
    const since = Math.min(...this.#held.values());
    const code: PoolErrorCode = 'POOL_TIMEOUT';
    return new PoolError(code, {
      size: this.#permits.size,
      inUse: this.#held.size,
      connecting: this.#connecting,
      waiting: this.#permits.waiting,
      longestHeldMs: Number.isFinite(since) ? performance.now() - since : undefined,
      timeoutMs,
      cause: problem,
      advice: 'raise maxLeases or leaseTimeoutMs of the driver',
    });
  }
}

interface Attempts {
  problem: unknown;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
