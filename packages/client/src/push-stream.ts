import type { RespPush } from '@redlane/resp3-core';
import { AbortError, BufferOverflowError } from './errors.js';
import { bound, oneOf } from './option-checks.js';
import type { PushCallbackOptions, PushCallbacks } from './push-callbacks.js';
import { Ring } from './ring.js';

/** How pushes are read as a stream. */
export interface PushStreamOptions {
  /** Ends the stream: its reader gets an AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Strings in `data` as text or as bytes. @default 'string' */
  readonly replies?: PushCallbackOptions['replies'];
  /** What waits for the reader at most, and what becomes of more; `PushStream.dropped` counts it. */
  readonly buffer?:
    | {
        /** @default 1_000 */
        readonly limit?: number | undefined;
        /** `error`: the reader gets what is there, and then a `BufferOverflowError`. @default 'dropOldest' */
        readonly policy?: 'dropOldest' | 'dropNewest' | 'error' | undefined;
      }
    | undefined;
}

interface Reader {
  readonly resolve: (result: IteratorResult<RespPush, undefined>) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The pushes of one type, or of all, in the order of arrival. Listens from its first `next()` until `return()`, which
 * `break` calls; `client.close()` ends it too.
 */
export class PushStream implements AsyncIterableIterator<RespPush>, AsyncDisposable {
  readonly #callbacks: PushCallbacks;
  readonly #type: string;
  readonly #options: PushStreamOptions;
  readonly #limit: number;
  readonly #policy: string;
  readonly #buffer: Ring<RespPush> = new Ring();
  readonly #readers: Reader[] = [];
  #registered: Disposable | undefined;
  #error: Error | undefined;
  #ended = false;
  #dropped = 0;

  /** @internal */
  constructor(callbacks: PushCallbacks, type: string, options: PushStreamOptions) {
    const { limit = 1_000, policy = 'dropOldest' } = options.buffer ?? {};
    this.#callbacks = callbacks;
    this.#type = type;
    this.#options = options;
    oneOf('string', 'bytes')(options.replies ?? 'string', 'replies');
    this.#limit = bound(limit, 'buffer.limit') as number;
    this.#policy = oneOf('dropOldest', 'dropNewest', 'error')(policy, 'buffer.policy') as string;
  }

  /** Pushes that were thrown away because the buffer was full. */
  get dropped(): number {
    return this.#dropped;
  }

  next(): Promise<IteratorResult<RespPush, undefined>> {
    if (this.#callbacks.closed) this.#end(undefined);
    else if (!this.#ended) this.#listen();
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
      this.#serve();
    });
  }

  /** Listens no more. What waits in the buffer is thrown away. */
  return(): Promise<IteratorResult<RespPush, undefined>> {
    this.#buffer.drain();
    this.#end(undefined);
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** `return()` */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #listen(): void {
    if (this.#registered !== undefined) return;
    const { signal, replies } = this.#options;
    this.#registered = this.#callbacks.add(this.#type, (push) => this.#take(push), {
      replies,
      onClosed: () => this.#end(undefined),
    });
    signal?.addEventListener('abort', this.#abort, { once: true });
    if (signal?.aborted) this.#abort();
  }

  #take(push: RespPush): void {
    if (this.#ended) return;
    if (this.#buffer.length >= this.#limit) {
      this.#dropped++;
      if (this.#policy === 'error') this.#end(new BufferOverflowError(this.#limit));
      if (this.#policy !== 'dropOldest') return;
      this.#buffer.shift();
    }
    this.#buffer.push(push);
    this.#serve();
  }

  #serve(): void {
    while (this.#readers.length > 0) {
      const push = this.#buffer.shift();
      if (push !== undefined) this.#readers.shift()?.resolve({ done: false, value: push });
      else if (this.#error !== undefined) {
        this.#readers.shift()?.reject(this.#error);
        this.#error = undefined;
      } else if (this.#ended) this.#readers.shift()?.resolve({ done: true, value: undefined });
      else return;
    }
  }

  readonly #abort = (): void => {
    this.#buffer.drain();
    const details = { maybeExecuted: false, phase: 'written', cause: this.#options.signal?.reason } as const;
    this.#end(new AbortError('a stream of pushes', details));
  };

  #end(error: Error | undefined): void {
    if (!this.#ended) {
      this.#ended = true;
      this.#error = error;
      this.#options.signal?.removeEventListener('abort', this.#abort);
      this.#registered?.[Symbol.dispose]();
    }
    this.#serve();
  }
}
