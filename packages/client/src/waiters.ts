import type { PooledConnection } from './pool-options.js';
import type { PoolSlot } from './pool-slot.js';

/** One caller that waits for a connection. */
export class Waiter<C extends PooledConnection> {
  readonly since: number = performance.now();
  readonly holder: Error | undefined;
  readonly promise: Promise<PoolSlot<C>>;
  resolve!: (slot: PoolSlot<C>) => void;
  reject!: (reason: unknown) => void;
  /** The slot on its way that this one counts on. */
  slot: PoolSlot<C> | undefined;
  previous: Waiter<C> | undefined;
  next: Waiter<C> | undefined;
  waiting = true;
  /** Takes away the timer and the abort listener. */
  disarm: () => void = () => {};

  constructor(holder: Error | undefined) {
    this.holder = holder;
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/** Why a wait may end early. */
export interface WaitLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onTimeout: () => Error;
  readonly onAbort: (signal: AbortSignal) => Error;
}

/**
 * Who waits, in order, and which slot on its way (connecting, checking or resetting) each one counts on.
 *
 * A slot that becomes free goes to the oldest waiter, whoever had counted on it; that waiter's own slot then goes to
 * the one who lost his. So the waiters that count on a slot are always the oldest ones, `#firstWanting` is where the
 * others begin, and slots without a waiter exist only when nobody wants one.
 */
export class Waiters<C extends PooledConnection> {
  #oldest: Waiter<C> | undefined;
  #newest: Waiter<C> | undefined;
  #firstWanting: Waiter<C> | undefined;
  readonly #unclaimed: Set<PoolSlot<C>> = new Set();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Somebody waits and has no slot to count on. */
  get wanting(): boolean {
    return this.#firstWanting !== undefined;
  }

  add(holder: Error | undefined): Waiter<C> {
    const waiter = new Waiter<C>(holder);
    waiter.previous = this.#newest;
    if (this.#newest === undefined) this.#oldest = waiter;
    else this.#newest.next = waiter;
    this.#newest = waiter;
    this.#firstWanting ??= waiter;
    this.#size++;
    for (const slot of this.#unclaimed) {
      this.#unclaimed.delete(slot);
      this.expect(slot);
      break;
    }
    return waiter;
  }

  /** Sets the deadline and listens to the signal, for a waiter that was not served at once. */
  arm(waiter: Waiter<C>, { timeoutMs, signal, onTimeout, onAbort }: WaitLimits): void {
    const abort = (): void => this.reject(waiter, onAbort(signal as AbortSignal));
    if (signal?.aborted) {
      abort();
      return;
    }
    signal?.addEventListener('abort', abort, { once: true });
    const timer =
      timeoutMs === Number.POSITIVE_INFINITY
        ? undefined
        : setTimeout(() => this.reject(waiter, onTimeout()), Math.ceil(timeoutMs));
    waiter.disarm = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  }

  /** A slot is on its way: the first who has none counts on it. */
  expect(slot: PoolSlot<C>): void {
    const waiter = this.#firstWanting;
    if (waiter === undefined) {
      this.#unclaimed.add(slot);
      return;
    }
    this.#firstWanting = waiter.next;
    waiter.slot = slot;
    slot.waiter = waiter;
  }

  /** A slot on its way is lost, and another one takes its place. */
  replace(lost: PoolSlot<C>, other: PoolSlot<C>): void {
    const { waiter } = lost;
    if (waiter === undefined) return;
    lost.waiter = undefined;
    waiter.slot = other;
    other.waiter = waiter;
  }

  /** A slot that nobody counts on is lost. */
  forget(slot: PoolSlot<C>): void {
    this.#unclaimed.delete(slot);
  }

  /** Takes the oldest waiter out, to be given this free slot. */
  serve(slot: PoolSlot<C>): Waiter<C> | undefined {
    this.#unclaimed.delete(slot);
    const oldest = this.#oldest;
    const loser = slot.waiter;
    slot.waiter = undefined;
    if (oldest === undefined) return undefined;
    if (loser !== undefined) loser.slot = undefined;
    const spare = oldest.slot;
    this.#remove(oldest);
    if (spare !== undefined) {
      oldest.slot = undefined;
      spare.waiter = undefined;
      if (loser === undefined) {
        this.expect(spare);
      } else {
        loser.slot = spare;
        spare.waiter = loser;
      }
    }
    return oldest;
  }

  /** Ends one wait; the slot that it counted on goes to the first who has none. */
  reject(waiter: Waiter<C>, reason: unknown): void {
    const { slot } = waiter;
    this.#remove(waiter);
    waiter.reject(reason);
    if (slot === undefined) return;
    waiter.slot = undefined;
    slot.waiter = undefined;
    this.expect(slot);
  }

  /** A slot on its way failed: the one who counted on it, and nobody else, gets the error. */
  fail(slot: PoolSlot<C>, reason: unknown): void {
    this.#unclaimed.delete(slot);
    const { waiter } = slot;
    if (waiter === undefined) return;
    slot.waiter = undefined;
    waiter.slot = undefined;
    this.#remove(waiter);
    waiter.reject(reason);
  }

  rejectAll(reason: Error): void {
    for (let waiter = this.#oldest; waiter !== undefined; waiter = this.#oldest) {
      if (waiter.slot !== undefined) waiter.slot.waiter = undefined;
      this.#remove(waiter);
      waiter.reject(reason);
    }
    this.#unclaimed.clear();
  }

  #remove(waiter: Waiter<C>): void {
    const { previous, next } = waiter;
    if (previous === undefined) this.#oldest = next;
    else previous.next = next;
    if (next === undefined) this.#newest = previous;
    else next.previous = previous;
    if (this.#firstWanting === waiter) this.#firstWanting = next;
    waiter.previous = undefined;
    waiter.next = undefined;
    waiter.waiting = false;
    waiter.disarm();
    this.#size--;
  }
}
