import { DeadlineTimer } from './deadline-timer.js';
import { publishPoolEvent } from './diagnostics.js';
import { ClosedError, type PoolErrorCode } from './errors.js';
import type { AcquireOptions } from './lease.js';
import { deadline } from './option-checks.js';
import { PoolBackoff } from './pool-backoff.js';
import { acquireAborted, asConnectError, poolError } from './pool-errors.js';
import { healthy } from './pool-health.js';
import { chores } from './pool-housekeeping.js';
import { reportLeak } from './pool-leak.js';
import { PoolMembers } from './pool-members.js';
import { countSlots, type PoolMetrics } from './pool-metrics.js';
import type { PooledConnection, ResolvedPoolOptions } from './pool-options.js';
import { type EndEvent, PoolSlot } from './pool-slot.js';
import { PoolWaitTimes } from './pool-wait-times.js';
import { Waiters } from './waiters.js';

/** Moves slots along the table `TRANSITIONS`: the inside of `ConnectionPool`, which says what each thing is for. */
export class PoolEngine<C extends PooledConnection> {
  readonly members: PoolMembers<C> = new PoolMembers();
  readonly #options: ResolvedPoolOptions<C>;
  readonly #waiters: Waiters<C> = new Waiters();
  readonly #waitTimes: PoolWaitTimes = new PoolWaitTimes();
  readonly #backoff: PoolBackoff;
  readonly #housekeeping: DeadlineTimer = alarm(() => this.#keepHouse());
  readonly #refilling: DeadlineTimer = alarm(() => this.#refill());
  readonly #closingDeadline: DeadlineTimer = alarm(() => this.destroy(), { unref: false });
  #phase: 'open' | 'closing' | 'closed' = 'open';
  /** Calls of `spawnConnection` that have not settled. */
  #dials = 0;
  #dialFailures = 0;
  #timeouts = 0;
  readonly #closed: Promise<void>;
  #resolveClosed!: () => void;

  constructor(options: ResolvedPoolOptions<C>) {
    this.#options = options;
    this.#backoff = new PoolBackoff(options.random);
    this.#closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#refill();
  }

  async acquire({ signal, timeoutMs }: AcquireOptions): Promise<PoolSlot<C>> {
    const limitMs = deadline(timeoutMs ?? this.#options.acquireTimeoutMs, 'timeoutMs') as number;
    if (signal?.aborted) throw acquireAborted(signal);
    if (this.#phase !== 'open') throw this.#error('POOL_CLOSED');
    const reportsLeaks = this.#options.leakReportMs !== Number.POSITIVE_INFINITY;
    const waiter = this.#waiters.add(reportsLeaks ? new Error('the connection was taken here') : undefined);
    this.#balance();
    if (waiter.waiting) {
      this.#waiters.arm(waiter, {
        timeoutMs: limitMs,
        signal,
        onTimeout: () => {
          this.#timeouts++;
          publishPoolEvent({ event: 'timeout', timeoutMs: limitMs });
          return this.#error('POOL_TIMEOUT', limitMs);
        },
        onAbort: acquireAborted,
      });
    }
    return waiter.promise;
  }

  /** Takes back a slot that is in use. */
  giveBack(slot: PoolSlot<C>): void {
    const unfit = this.#unfit(slot);
    if (this.#phase !== 'open' || unfit !== undefined) {
      this.#end(slot, 'discard', unfit === undefined ? undefined : new Error(unfit));
    } else if (slot.connection.dirty) {
      this.members.reset(slot);
      this.#waiters.expect(slot);
      void this.#reset(slot);
    } else {
      this.members.giveBack(slot);
      this.#handOut(slot);
    }
    this.#balance();
  }

  remove(slot: PoolSlot<C>): void {
    this.#end(slot, 'remove');
    this.#balance();
  }

  /** Idle ones go now, lent ones when they come back, or now when they are `gone`; others when their check is over. */
  retire(isOutdated: (connection: C) => boolean, cause: Error, gone: boolean): void {
    for (const slot of this.members.slots) {
      if (slot.state === 'connecting' || !isOutdated(slot.connection)) continue;
      slot.expiresAt = Number.NEGATIVE_INFINITY;
      if (slot.state === 'idle') this.#end(slot, 'evict', cause);
      else if (slot.state === 'inUse' && gone) this.#end(slot, 'remove', cause);
    }
    this.#balance();
  }

  metrics(): PoolMetrics {
    const { holderStack: _, ...counts } = countSlots(this.members.slots);
    return {
      ...counts,
      waiting: this.#waiters.size,
      created: this.members.created,
      destroyed: this.members.destroyed,
      dialFailures: this.#dialFailures,
      timeouts: this.#timeouts,
      waitMs: this.#waitTimes.percentiles(),
    };
  }

  close(deadlineMs: number): Promise<void> {
    if (this.#phase === 'open') {
      this.#stop('closing');
      const cause = new ClosedError('pool');
      for (const slot of this.members.slots) {
        if (slot.state !== 'inUse') this.#end(slot, 'destroy', cause);
      }
    }
    if (this.#phase === 'closing') this.#closingDeadline.by(performance.now() + deadlineMs);
    this.#balance();
    return this.#closed;
  }

  destroy(): void {
    if (this.#phase === 'closed') return;
    this.#stop('closed');
    const cause = new ClosedError('pool');
    for (const slot of this.members.slots) this.#end(slot, 'destroy', cause);
    this.#resolveClosed();
  }

  /** Sees to it that everybody who waits has something to wait for, and that there are `minConnections`. */
  #balance(): void {
    if (this.#phase !== 'open') {
      if (this.#phase === 'closing' && this.members.used.size === 0 && this.#dials === 0) this.destroy();
      return;
    }
    while (this.#waiters.wanting) {
      const idle = this.#takeIdle();
      if (idle !== undefined) this.#offer(idle);
      else if (this.members.size < this.#options.maxConnections) this.#waiters.expect(this.#dial());
      else break;
    }
    this.#refill();
  }

  #refill(): void {
    if (this.#phase !== 'open' || this.members.size >= this.#options.minConnections) return;
    if (performance.now() < this.#backoff.readyAt) {
      this.#refilling.by(this.#backoff.readyAt);
      return;
    }
    while (this.members.size < this.#options.minConnections) this.#waiters.expect(this.#dial());
  }

  #dial(): PoolSlot<C> {
    const slot = new PoolSlot<C>();
    slot.apply('dial');
    this.members.slots.add(slot);
    void this.#connect(slot);
    return slot;
  }

  async #connect(slot: PoolSlot<C>): Promise<void> {
    let connection: C | undefined;
    let failure: unknown;
    this.#dials++;
    try {
      connection = await this.#options.spawnConnection(slot.dialing.signal);
      // A second slot for the same connection would lend it to two.
      const twice = this.members.find(connection) !== undefined;
      if (twice) failure = new Error('it gave the same connection twice');
      else if (connection.closed) failure = new Error('it gave a closed connection');
    } catch (cause) {
      failure = cause ?? new Error('it rejected without a reason');
    }
    this.#dials--;
    if (slot.state === 'closed') {
      if (failure === undefined) connection?.destroy();
    } else if (connection === undefined || failure !== undefined) {
      this.#dialFailed(slot, failure);
    } else {
      const { maxLifetimeMs, random } = this.#options;
      this.members.opened(slot, connection, connection.createdAt + maxLifetimeMs * (1 - 0.1 * random()));
      connection.onClosed = () => this.#died(slot);
      this.#handOut(slot);
    }
    this.#balance();
  }

  #dialFailed(slot: PoolSlot<C>, cause: unknown): void {
    this.members.dialFailed(slot);
    publishPoolEvent({ event: 'dial-failed', cause });
    this.#dialFailures++;
    this.#backoff.failed(performance.now());
    this.#waiters.fail(slot, asConnectError(cause));
  }

  #died(slot: PoolSlot<C>): void {
    if (slot.state === 'closed') return;
    this.#end(slot, 'died');
    this.#balance();
  }

  /** The last used idle connection that may be lent. */
  #takeIdle(): PoolSlot<C> | undefined {
    for (let slot = this.members.idle.pop(); slot !== undefined; slot = this.members.idle.pop()) {
      if (!slot.connection.dirty && this.#unfit(slot) === undefined) return slot;
      this.#end(slot, 'evict');
    }
    return undefined;
  }

  /** Why this connection must not be used any more, if it must not. */
  #unfit({ connection, expiresAt }: PoolSlot<C>): string | undefined {
    if (connection.closed) return 'the connection is closed';
    if (!connection.idle) return 'the connection was given back to the pool before its replies had come';
    if (performance.now() >= expiresAt) return 'the connection has reached maxLifetimeMs';
    return undefined;
  }

  /** Lends an idle connection to who waits, after a check when it was idle for long. */
  #offer(slot: PoolSlot<C>): void {
    if (performance.now() - slot.idleSince < this.#options.checkIdleAfterMs) {
      this.#handOut(slot);
    } else {
      slot.apply('check');
      this.#waiters.expect(slot);
      void this.#check(slot);
    }
  }

  async #check(slot: PoolSlot<C>): Promise<void> {
    const { healthTimeoutMs } = this.#options;
    const alive = await healthy(() => slot.connection.check(healthTimeoutMs), healthTimeoutMs);
    if (slot.state !== 'checking') return;
    this.#checked(slot, alive, 'checkPassed', 'checkFailed');
  }

  async #reset(slot: PoolSlot<C>): Promise<void> {
    const { healthTimeoutMs } = this.#options;
    const clean = await healthy(() => slot.connection.reset(healthTimeoutMs), healthTimeoutMs);
    if (slot.state !== 'resetting') return;
    this.#checked(slot, clean, 'resetDone', 'resetFailed');
  }

  #checked(
    slot: PoolSlot<C>,
    ok: boolean,
    passed: 'checkPassed' | 'resetDone',
    failed: 'checkFailed' | 'resetFailed',
  ): void {
    if (ok && !slot.connection.dirty && this.#unfit(slot) === undefined) {
      slot.apply(passed);
      this.#handOut(slot);
    } else {
      this.#end(slot, failed);
    }
    this.#balance();
  }

  /** Lends a free connection to the oldest waiter, or keeps it. */
  #handOut(slot: PoolSlot<C>): void {
    const now = performance.now();
    const waiter = this.#waiters.serve(slot);
    if (waiter === undefined) {
      this.members.keep(slot, now);
      const { minConnections, idleTimeoutMs } = this.#options;
      const idleUntil = this.members.size > minConnections ? now + idleTimeoutMs : Number.POSITIVE_INFINITY;
      this.#housekeeping.by(Math.min(idleUntil, slot.expiresAt));
    } else {
      this.members.lend(slot, now, waiter.holder);
      this.#waitTimes.add(now - waiter.since);
      this.#housekeeping.by(now + this.#options.leakReportMs);
      waiter.resolve(slot);
    }
  }

  /** Closes a slot's connection or dial. Who counted on it gets a dial of his own. */
  #end(slot: PoolSlot<C>, event: EndEvent, cause?: Error): void {
    const dialed = slot.state !== 'connecting';
    this.members.end(slot, event, cause);
    if (dialed) {
      const now = performance.now();
      this.#backoff.ended(now, now - slot.connection.createdAt, event === 'died');
    }
    if (slot.waiter === undefined) this.#waiters.forget(slot);
    else this.#waiters.replace(slot, this.#dial());
  }

  #keepHouse(): void {
    const now = performance.now();
    const { evict, leaked, due } = chores(this.members, this.#options, now);
    for (const slot of evict) this.#end(slot, 'evict');
    this.#housekeeping.by(due);
    this.#balance();
    for (const slot of leaked) {
      slot.leakReported = true;
      reportLeak({ heldMs: now - slot.heldSince, stack: slot.holder?.stack ?? '' }, this.#options.onLeak);
    }
  }

  #stop(phase: 'closing' | 'closed'): void {
    this.#phase = phase;
    this.#housekeeping.clear();
    this.#refilling.clear();
    if (phase === 'closed') this.#closingDeadline.clear();
    if (this.#waiters.size > 0) this.#waiters.rejectAll(this.#error('POOL_CLOSED'));
  }

  #error(code: PoolErrorCode, timeoutMs?: number): Error {
    return poolError(code, countSlots(this.members.slots), {
      maxConnections: this.#options.maxConnections,
      waiting: this.#waiters.size,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  }
}

/** Whoever is called sets the next time by itself. Maintenance keeps no process alive. */
function alarm(ring: () => void, { unref }: { unref: boolean } = { unref: true }): DeadlineTimer {
  const look = (): number => {
    ring();
    return Number.POSITIVE_INFINITY;
  };
  return new DeadlineTimer(look, { unref });
}
