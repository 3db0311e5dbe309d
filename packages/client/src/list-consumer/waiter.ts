import { AbortError, TimeoutError } from '../errors.js';
import { type AbortWatcher, unwatchAbort, watchAbort } from '../on-driver/abort-watch.js';
import type { ListEntry } from './entry.js';

export interface Demand {
  /** How many entries at most. */
  readonly max: number;
  /** How long to wait for the first, in ms. */
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
  /** An iteration: fetch as many as it may hold, and give it none beyond that. */
  readonly prefetch?: number | undefined;
}

/** How a waiter goes without an entry. */
export type Leave = 'expired' | 'aborted';

/** How long one who leaves waits for an answer that is under way, in ms. */
const LATE_MS = 500;

/** Somebody who wants entries. Ends once, by entries, nothing or an error. */
export class Waiter<Raw> implements AbortWatcher {
  readonly demand: Demand;
  readonly deadline: number;
  /** How many claims had begun when it came. */
  readonly since: number;
  readonly entries: Promise<ListEntry<Raw>[]>;
  /** It goes, unless what is under way brings it something. */
  leaving: Leave | undefined;
  readonly #leave: (waiter: Waiter<Raw>, why: Leave) => void;
  #resolve!: (entries: ListEntry<Raw>[]) => void;
  #reject!: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(demand: Demand, since: number, leave: (waiter: Waiter<Raw>, why: Leave) => void) {
    const { waitMs, signal } = demand;
    this.demand = demand;
    this.since = since;
    this.deadline = performance.now() + waitMs;
    this.#leave = leave;
    this.entries = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // What no timer can measure is for ever.
    if (waitMs > 0 && waitMs < 2 ** 31) this.#timer = setTimeout(expire, waitMs, this);
    if (signal !== undefined) watchAbort(signal, this);
  }

  aborted(): void {
    this.#leave(this, 'aborted');
  }

  expired(): void {
    this.#leave(this, 'expired');
  }

  /** It leaves, and does so without an answer when none comes soon. */
  leaveLate(why: Leave, unanswered: (waiter: Waiter<Raw>) => void): void {
    this.leaving = why;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(unanswered, LATE_MS, this);
  }

  serve(entries: ListEntry<Raw>[]): void {
    this.#settle();
    this.#resolve(entries);
  }

  turnAway(error: unknown): void {
    this.#settle();
    this.#reject(error);
  }

  #settle(): void {
    clearTimeout(this.#timer);
    const { signal } = this.demand;
    if (signal !== undefined) unwatchAbort(signal, this);
  }
}

function expire(waiter: Pick<Waiter<unknown>, 'expired'>): void {
  waiter.expired();
}

const CLAIM = 'a claim of list entries';

export function abortion(signal: AbortSignal | undefined): AbortError {
  return new AbortError(CLAIM, { maybeExecuted: false, phase: 'queued', cause: signal?.reason });
}

/** What the server still answers is for the next claim. */
export function unanswered({ waitMs }: Demand): TimeoutError {
  return new TimeoutError(CLAIM, { maybeExecuted: false, phase: 'queued', timeoutMs: waitMs });
}
