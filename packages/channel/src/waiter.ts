import { TimeoutError } from '@redlane/client';
import { type AbortWatcher, unwatchAbort, watchAbort } from './abort-watch.js';
import { abortion } from './abortion.js';
import type { Taken } from './intake.js';
import { deadlineOf } from './wait-options.js';

export interface Demand {
  /** How many messages at most. */
  readonly max: number;
  /** How long to wait for the first, in ms. */
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
  /** How many to fetch at a time; what is beyond `max` stays here for the next ones. @default max */
  readonly ahead?: number | undefined;
}

/** How a waiter goes without a message. */
export type Leave = 'expired' | 'aborted';

/** How long one who leaves waits for an answer that is under way, in ms. */
const LATE_MS = 500;
const RECEIVE = 'a receive';

/** Somebody who waits for messages. Ends once: by some, none, or an error. */
export class Waiter implements AbortWatcher {
  readonly demand: Demand;
  readonly deadline: number;
  readonly taken: Promise<Taken[]>;
  /** It goes, unless what is under way brings it something. */
  leaving: Leave | undefined;
  readonly #leave: (waiter: Waiter, why: Leave) => void;
  #resolve!: (taken: Taken[]) => void;
  #reject!: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(demand: Demand, leave: (waiter: Waiter, why: Leave) => void) {
    const { waitMs, signal } = demand;
    this.demand = demand;
    this.deadline = deadlineOf(waitMs);
    this.#leave = leave;
    this.taken = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (waitMs !== Number.POSITIVE_INFINITY) this.#timer = setTimeout(expire, waitMs, this);
    if (signal !== undefined) watchAbort(signal, this);
  }

  aborted(): void {
    this.#leave(this, 'aborted');
  }

  expired(): void {
    this.#leave(this, 'expired');
  }

  /** It goes without an answer when none comes soon. */
  hurry(unanswered: (waiter: Waiter) => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(unanswered, LATE_MS, this);
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
    const { signal } = this.demand;
    if (signal !== undefined) unwatchAbort(signal, this);
  }
}

function expire(waiter: Waiter): void {
  waiter.expired();
}

/** Why somebody goes who was aborted. */
export function aborted({ signal }: Demand): Error {
  return abortion(RECEIVE, signal);
}

/** What the server still answers is for the next one. */
export function unanswered({ waitMs }: Demand): Error {
  return new TimeoutError(RECEIVE, { maybeExecuted: false, phase: 'queued', timeoutMs: waitMs });
}
