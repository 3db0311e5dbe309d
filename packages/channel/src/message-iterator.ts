import { type AbortWatcher, unwatchAbort, watchAbort } from './abort-watch.js';
import type { InFlight } from './in-flight.js';
import type { Taken, TakenStream } from './intake.js';

/** A message that an iteration does not give. */
export const SKIPPED: unique symbol = Symbol('skipped');

export interface MessageSource<T> {
  /** Begins to take messages, until the signal is aborted. */
  open(ends: AbortSignal): TakenStream;
  /** Messages are no promises. */
  read(taken: Taken): T | typeof SKIPPED | Promise<T | typeof SKIPPED>;
}

/** One iteration over what comes. It begins with the first `next()`, and ends with its signal, `return()` or the channel. */
export class MessageIterator<T> implements AsyncIterableIterator<T>, AbortWatcher {
  readonly #source: MessageSource<T>;
  readonly #inFlight: InFlight;
  readonly #signal: AbortSignal | undefined;
  /** Ends a `next()` that waits. */
  readonly #wait: AbortController = new AbortController();
  #stream: TakenStream | undefined;
  #ended = false;

  constructor(source: MessageSource<T>, inFlight: InFlight, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#inFlight = inFlight;
    this.#signal = signal;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    this.#inFlight.begin();
    try {
      while (!this.#ended) {
        this.#stream ??= this.#open();
        const taken = this.#stream.shift() ?? (await this.#stream.next());
        if (taken === undefined) break;
        const reading = this.#source.read(taken);
        const value = reading instanceof Promise ? await reading : reading;
        if (value !== SKIPPED) return { done: false, value };
      }
    } catch (error) {
      const wasEnded = this.#ended;
      this.#end();
      if (!wasEnded && (error as { code?: unknown }).code !== 'CLOSED') throw error;
    } finally {
      this.#inFlight.end();
    }
    this.#end();
    return { done: true, value: undefined };
  }

  /** Ends it, and a `next()` that waits. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  aborted(): void {
    this.#wait.abort(this.#signal?.reason);
  }

  #open(): TakenStream {
    if (this.#signal?.aborted) this.aborted();
    else if (this.#signal !== undefined) watchAbort(this.#signal, this);
    return this.#source.open(this.#wait.signal);
  }

  #end(): void {
    this.#ended = true;
    if (this.#signal !== undefined) unwatchAbort(this.#signal, this);
    this.#wait.abort();
  }
}
