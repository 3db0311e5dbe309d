import { AbortError } from '@redlane/client';
import type { Taken } from './intake.js';
import { deadlineOf } from './wait-options.js';

export interface Demand {
  /** How many messages at most. */
  readonly max: number;
  /** How long to wait for the first, in ms. */
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
  /** How many to fetch at a time; what is beyond `max` stays here for the next ones. */
  readonly ahead: number;
}

/** How a waiter goes without a message. */
export type Leave = 'expired' | 'aborted';

/** Somebody who waits for messages. Ends once: by some, none, or an error. */
export class Waiter {
  readonly demand: Demand;
  readonly deadline: number;
  readonly taken: Promise<Taken[]>;
  /** It goes, unless what is under way brings it something. */
  leaving: Leave | undefined;
  /** Turns it away when that takes too long. */
  late: NodeJS.Timeout | undefined;
  #resolve!: (taken: Taken[]) => void;
  #reject!: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #abort: () => void;

  constructor(demand: Demand, leave: (waiter: Waiter, why: Leave) => void) {
    const { waitMs, signal } = demand;
    this.demand = demand;
    this.deadline = deadlineOf(waitMs);
    this.taken = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (waitMs !== Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(() => leave(this, 'expired'), waitMs);
    }
    this.#abort = () => leave(this, 'aborted');
    signal?.addEventListener('abort', this.#abort);
  }

  serve(taken: Taken[]): void {
    this.#settle();
    this.#resolve(taken);
  }

  turnAway(error: unknown): void {
    this.#settle();
    this.#reject(error);
  }

  #settle(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.late);
    this.demand.signal?.removeEventListener('abort', this.#abort);
  }
}

export function abortion(signal: AbortSignal | undefined): AbortError {
  return new AbortError('a receive', { maybeExecuted: false, phase: 'queued', cause: signal?.reason });
}
