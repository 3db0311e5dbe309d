import type { ListEntry } from './entry.js';
import type { Intake } from './intake.js';

/** One iteration over what comes. Several may go on at the same time, and each entry goes to one of them. */
export class EntryIterator<Raw> implements AsyncIterableIterator<ListEntry<Raw>> {
  readonly #intake: Intake<Raw>;
  readonly #signal: AbortSignal | undefined;
  readonly #ended: AbortController = new AbortController();
  readonly #ends: AbortSignal;

  constructor(intake: Intake<Raw>, signal: AbortSignal | undefined) {
    this.#intake = intake;
    this.#signal = signal;
    this.#ends = signal === undefined ? this.#ended.signal : AbortSignal.any([signal, this.#ended.signal]);
  }

  async next(): Promise<IteratorResult<ListEntry<Raw>, undefined>> {
    if (this.#ended.signal.aborted) return { done: true, value: undefined };
    const here = this.#ends.aborted ? undefined : this.#intake.shift();
    if (here !== undefined) return { done: false, value: here };
    try {
      const [value] = await this.#intake.take({
        max: 1,
        waitMs: Number.POSITIVE_INFINITY,
        signal: this.#ends,
        prefetch: true,
      });
      return { done: false, value: value as ListEntry<Raw> };
    } catch (error) {
      const wasEnded = this.#ended.signal.aborted && !this.#signal?.aborted;
      this.#ended.abort();
      if (wasEnded || this.#intake.closed) return { done: true, value: undefined };
      throw error;
    }
  }

  /** Ends it, and a `next()` that waits. */
  return(): Promise<IteratorResult<ListEntry<Raw>, undefined>> {
    this.#ended.abort();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
