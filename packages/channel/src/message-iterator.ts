import type { Taken, TakenStream } from './intake.js';

/** A message that an iteration does not give. */
export const SKIPPED: unique symbol = Symbol('skipped');

/** One iteration over what comes. It begins with the first `next()`, and ends with its signal, `return()` or the channel. */
export class MessageIterator<T> implements AsyncIterableIterator<T> {
  readonly #open: (ends: AbortSignal) => TakenStream;
  readonly #read: (taken: Taken) => Promise<T | typeof SKIPPED>;
  readonly #signal: AbortSignal | undefined;
  readonly #ended: AbortController = new AbortController();
  #stream: TakenStream | undefined;

  constructor(
    open: (ends: AbortSignal) => TakenStream,
    read: (taken: Taken) => Promise<T | typeof SKIPPED>,
    signal: AbortSignal | undefined,
  ) {
    this.#open = open;
    this.#read = read;
    this.#signal = signal;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    try {
      while (!this.#ended.signal.aborted) {
        this.#stream ??= this.#open(this.#ends());
        const taken = this.#stream.shift() ?? (await this.#stream.next());
        if (taken === undefined) break;
        const value = await this.#read(taken);
        if (value !== SKIPPED) return { done: false, value };
      }
    } catch (error) {
      const wasEnded = this.#ended.signal.aborted && !this.#signal?.aborted;
      this.#ended.abort();
      if (!wasEnded && (error as { code?: unknown }).code !== 'CLOSED') throw error;
    }
    this.#ended.abort();
    return { done: true, value: undefined };
  }

  /** Ends it, and a `next()` that waits. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#ended.abort();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #ends(): AbortSignal {
    const { signal } = this.#ended;
    return this.#signal === undefined ? signal : AbortSignal.any([this.#signal, signal]);
  }
}
