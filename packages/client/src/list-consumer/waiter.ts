import { AbortError } from '../errors.js';
import type { ListEntry } from './entry.js';

export interface Demand {
  /** How many entries at most. */
  readonly max: number;
  /** How long to wait for the first, in ms. */
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
  /** Fetch as many as there is room for, and none beyond that. */
  readonly prefetch: boolean;
}

/** How a waiter goes without an entry. */
export type Leave = 'expired' | 'aborted';

/** Somebody who wants entries. Ends once, by entries, nothing or an error. */
export class Waiter<Raw> {
  readonly demand: Demand;
  readonly deadline: number;
  /** How many claims had begun when it came. */
  readonly since: number;
  readonly entries: Promise<ListEntry<Raw>[]>;
  /** It goes, unless what is under way brings it something. */
  leaving: Leave | undefined;
  #resolve!: (entries: ListEntry<Raw>[]) => void;
  #reject!: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #abort: () => void;

  constructor(demand: Demand, since: number, leave: (waiter: Waiter<Raw>, why: Leave) => void) {
    const { waitMs, signal } = demand;
    this.demand = demand;
    this.since = since;
    this.deadline = performance.now() + waitMs;
    this.entries = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // What no timer can measure is for ever.
    if (waitMs > 0 && waitMs < 2 ** 31) this.#timer = setTimeout(() => leave(this, 'expired'), waitMs);
    this.#abort = () => leave(this, 'aborted');
    signal?.addEventListener('abort', this.#abort);
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
    this.demand.signal?.removeEventListener('abort', this.#abort);
  }
}

export function abortion(signal: AbortSignal | undefined): AbortError {
  return new AbortError('a claim of list entries', {
    maybeExecuted: false,
    phase: 'queued',
    cause: signal?.reason,
  });
}
