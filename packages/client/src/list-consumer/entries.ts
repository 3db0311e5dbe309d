import { type AbortWatcher, unwatchAbort, watchAbort } from '../on-driver/abort-watch.js';
import type { ListEntry } from './entry.js';
import type { Intake } from './intake.js';
import { abortion } from './waiter.js';

export interface EntriesOptions {
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined;
  /** How many entries the consumer may hold while this iteration claims ahead, 1 to 10_000. @default the consumer's */
  readonly prefetch?: number | undefined;
}

/** One iteration over what comes. Several may go on at the same time, and each entry goes to one of them. */
export class EntryIterator<Raw> implements AsyncIterableIterator<ListEntry<Raw>>, AbortWatcher {
  readonly #intake: Intake<Raw>;
  readonly #signal: AbortSignal | undefined;
  /** Ends a `next()` that waits. */
  readonly #wait: AbortController = new AbortController();
  readonly #demand: {
    readonly max: number;
    readonly waitMs: number;
    readonly signal: AbortSignal;
    readonly prefetch: number;
  };
  #ended = false;

  /** No more than `prefetch` entries are held at a time. */
  constructor(intake: Intake<Raw>, prefetch: number, signal: AbortSignal | undefined) {
    this.#intake = intake;
    this.#signal = signal;
    this.#demand = { max: 1, waitMs: Number.POSITIVE_INFINITY, signal: this.#wait.signal, prefetch };
  }

  async next(): Promise<IteratorResult<ListEntry<Raw>, undefined>> {
    if (this.#ended) return { done: true, value: undefined };
    if (this.#signal?.aborted) {
      this.#end();
      throw abortion(this.#signal);
    }
    const here = this.#intake.shift(this.#demand.prefetch);
    if (here !== undefined) return { done: false, value: here };
    if (this.#signal !== undefined) watchAbort(this.#signal, this);
    try {
      const [value] = await this.#intake.take(this.#demand);
      return { done: false, value: value as ListEntry<Raw> };
    } catch (error) {
      const wasEnded = this.#ended;
      this.#end();
      if (wasEnded || this.#intake.closed) return { done: true, value: undefined };
      throw error;
    }
  }

  /** Ends it, and a `next()` that waits. */
  return(): Promise<IteratorResult<ListEntry<Raw>, undefined>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  aborted(): void {
    this.#wait.abort(this.#signal?.reason);
  }

  #end(): void {
    this.#ended = true;
    if (this.#signal !== undefined) unwatchAbort(this.#signal, this);
    this.#wait.abort();
  }
}
