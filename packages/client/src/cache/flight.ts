import type { RespValue } from '@redlane/resp3-core';
import { Command, type CommandKeeper, type CommandSettings, SETTLED } from '../command.js';
import type { TimeoutDiagnosis } from '../errors.js';
import { overdue } from '../expire.js';
import { aborted } from '../signal-watch.js';
import { handedOut } from './cached-value.js';

/**
 * One request and all who wait for its reply. Each waiter is a command that is never sent: it has its own signal and
 * deadline, and may give up without the others noticing.
 */
export class Flight {
  readonly #waiters: Set<Command> = new Set();
  readonly #keeper: CommandKeeper;
  readonly #abandoned: () => void;
  #ended = false;
  /** What is under way. */
  request: Command | undefined;

  /** `keeper` frees what a waiter takes up; `abandoned` is called when all have given up. */
  constructor(keeper: CommandKeeper, abandoned: () => void) {
    this.#keeper = keeper;
    this.#abandoned = abandoned;
  }

  /** One more who waits; `deadline` in ms of `performance.now()`. */
  join<T>(args: Command['args'], settings: CommandSettings, deadline: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiter = new Command(args, undefined, settings, true, deadline, 0, resolve, reject, this.#keeper);
      const { watch } = settings;
      this.#waiters.add(waiter);
      waiter.onEnd = () => {
        this.#waiters.delete(waiter);
        if (this.#waiters.size === 0 && !this.#ended) this.#abandoned();
      };
      if (watch === undefined) return;
      waiter.onAbort = (reason) => {
        this.#asRequest(waiter);
        waiter.reject(aborted(waiter, reason));
      };
      watch.add(waiter);
    });
  }

  /** The reply, or why there is none. The first gets the value itself, the others get copies. */
  end(outcome: { readonly value: RespValue } | { readonly error: () => Error }): void {
    this.#ended = true;
    let first = true;
    for (const waiter of this.#waiters) {
      if ('error' in outcome) waiter.reject(outcome.error());
      else waiter.resolve(first ? outcome.value : handedOut(outcome.value));
      first = false;
    }
  }

  /** Rejects those whose deadline has come. Returns the earliest deadline of the others. */
  expire(now: number, diagnose: () => TimeoutDiagnosis): number {
    let next = Number.POSITIVE_INFINITY;
    for (const waiter of this.#waiters) {
      if (waiter.deadline > now) next = Math.min(next, waiter.deadline);
      else {
        this.#asRequest(waiter);
        waiter.reject(overdue(waiter, diagnose()));
      }
    }
    return next;
  }

  /** How far the waiter has come is how far the request has. */
  #asRequest(waiter: Command): void {
    if (this.request !== undefined && this.request.state !== SETTLED) waiter.state = this.request.state;
  }
}
