import { AbortError, BufferOverflowError } from '../errors.js';
import { bound, oneOf } from '../option-checks.js';
import { Ring } from '../ring.js';
import type { Subscription, Topic } from '../topic.js';
import type { AnyMessage } from './listener.js';
import { OverflowLog } from './overflow-log.js';
import type { SubscribeOptions, Subscriptions } from './subscriptions.js';

/** What a stream holds for its reader, and what it does with more. */
export interface BufferOptions {
  /** Messages that wait for the reader at most; with `'pause'` those of the chunk under way may come on top. @default 1_000 */
  readonly limit?: number | undefined;
  /**
   * - `dropOldest`: the new message takes the place of the oldest.
   * - `dropNewest`: the new message is thrown away.
   * - `error`: the stream ends: the reader gets what is there, and then a `BufferOverflowError`.
   * - `pause`: the connection is not read until half of the messages have been taken. Needs a connection that is for
   *   subscriptions only; the server closes it when its own buffer overflows in the end, which is a gap.
   *
   * What is thrown away is reported as a gap when the reader has made room.
   * @default 'dropOldest'
   */
  readonly policy?: 'dropOldest' | 'dropNewest' | 'error' | 'pause' | undefined;
}

/** How to subscribe to a stream. */
export interface StreamOptions extends SubscribeOptions {
  /** Bounds what waits for the reader. */
  readonly buffer?: BufferOptions | undefined;
}

interface Item {
  readonly message: AnyMessage;
  readonly topic: Topic;
  /** No message of before this moment was missing when it came, in ms of `performance.now()`. */
  readonly since: number;
}

interface Reader<M> {
  readonly resolve: (result: IteratorResult<M, undefined>) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The messages of one or more topics, in the order of arrival. It subscribes at the first `next()`, or by
 * {@link MessageStream.ready}, and unsubscribes at `return()`, which `break` calls. `client.close()` ends it. `next()`
 * rejects once with what ended it otherwise: the server's refusal, an aborted signal, an overflow with the policy `error`.
 *
 * @example
 * for await (const { channel, payload } of client.subscribe(['news', { pattern: 'user:*' }])) console.log(channel, payload);
 */
export class MessageStream<M> implements AsyncIterableIterator<M>, AsyncDisposable {
  readonly #subscriptions: Subscriptions;
  readonly #topics: readonly Topic[];
  readonly #options: StreamOptions;
  readonly #limit: number;
  readonly #policy: NonNullable<BufferOptions['policy']>;
  readonly #buffer: Ring<Item> = new Ring();
  readonly #overflow: OverflowLog = new OverflowLog();
  readonly #readers: Reader<M>[] = [];
  /** Ends the subscriptions, also those that have not been confirmed. */
  readonly #ending: AbortController = new AbortController();
  #opened: Promise<Subscription[]> | undefined;
  #closed: Promise<void> | undefined;
  #error: Error | undefined;
  #ended = false;
  #paused = false;
  #received = 0;

  /** @internal */
  constructor(subscriptions: Subscriptions, topics: readonly Topic[], options: StreamOptions) {
    const { limit = 1_000, policy = 'dropOldest' } = options.buffer ?? {};
    this.#subscriptions = subscriptions;
    this.#topics = topics;
    this.#options = options;
    this.#limit = bound(limit, 'buffer.limit') as number;
    this.#policy = oneOf(
      'dropOldest',
      'dropNewest',
      'error',
      'pause',
    )(policy, 'buffer.policy') as typeof policy;
  }

  /** Messages that wait for the reader. */
  get buffered(): number {
    return this.#buffer.length;
  }

  /** Messages that have come, those thrown away included. */
  get received(): number {
    return this.#received;
  }

  /** Messages that were thrown away because the buffer was full. */
  get dropped(): number {
    return this.#overflow.total;
  }

  /**
   * Subscribes, unless that has been done, and resolves when the server has confirmed all topics: no message after that is
   * missed, though nobody reads yet.
   */
  async ready(): Promise<void> {
    await this.#open();
  }

  next(): Promise<IteratorResult<M, undefined>> {
    // What comes of it ends the stream, and so reaches the reader.
    this.#open().catch(() => undefined);
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
      this.#serve();
    });
  }

  /** Unsubscribes. What waits in the buffer is thrown away. */
  async return(): Promise<IteratorResult<M, undefined>> {
    this.#buffer.drain();
    await this.#end(undefined);
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** `return()` */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #open(): Promise<Subscription[]> {
    this.#opened ??= this.#ended ? Promise.resolve([]) : this.#subscribe();
    return this.#opened;
  }

  async #subscribe(): Promise<Subscription[]> {
    const { signal } = this.#options;
    signal?.addEventListener('abort', this.#abort, { once: true });
    if (signal?.aborted) this.#abort();
    const attempts = this.#topics.map((topic) =>
      this.#subscriptions.open(
        topic,
        { onMessage: (message) => this.#take(topic, message), onClosed: () => void this.#end(undefined) },
        { ...this.#options, signal: this.#ending.signal },
      ),
    );
    const outcomes = await Promise.allSettled(attempts);
    const subscriptions = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? [outcome.value] : [],
    );
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure === undefined) return subscriptions;
    await Promise.all(subscriptions.map((subscription) => subscription.unsubscribe()));
    void this.#end(failure.reason as Error);
    throw failure.reason;
  }

  #take(topic: Topic, message: AnyMessage): void {
    if (this.#ended) return;
    this.#received++;
    const item: Item = { message, topic, since: this.#subscriptions.wholeUntil() };
    if (this.#buffer.length >= this.#limit && !this.#makeRoom(item)) return;
    this.#buffer.push(item);
    this.#serve();
  }

  /** The buffer is full. True when this one goes into it all the same. */
  #makeRoom(item: Item): boolean {
    switch (this.#policy) {
      case 'dropOldest':
        this.#drop(this.#buffer.shift() as Item);
        return true;
      case 'dropNewest':
        this.#drop(item);
        return false;
      case 'error':
        this.#drop(item);
        void this.#end(new BufferOverflowError(this.#limit));
        return false;
      case 'pause':
        this.#paused = true;
        this.#subscriptions.pause(this);
        return true;
    }
  }

  #drop({ topic, since }: Item): void {
    this.#overflow.add(topic, since);
    this.#subscriptions.countDropped();
  }

  /** Gives readers what there is for them. */
  #serve(): void {
    while (this.#readers.length > 0) {
      const item = this.#buffer.peek();
      if (item !== undefined) {
        this.#reportOverflow();
        this.#buffer.shift();
        if (this.#paused && this.#buffer.length <= this.#limit / 2) this.#resume();
        this.#readers.shift()?.resolve({ done: false, value: item.message as M });
      } else if (this.#error !== undefined) {
        this.#reportOverflow();
        this.#readers.shift()?.reject(this.#error);
        this.#error = undefined;
      } else if (this.#ended) this.#readers.shift()?.resolve({ done: true, value: undefined });
      else return;
    }
  }

  #reportOverflow(): void {
    for (const gap of this.#overflow.take()) this.#subscriptions.overflowed(gap, this.#options.onGap);
  }

  #resume(): void {
    this.#paused = false;
    this.#subscriptions.resume(this);
  }

  readonly #abort = (): void => {
    const { signal } = this.#options;
    this.#buffer.drain();
    const details = { maybeExecuted: false, phase: 'written', cause: signal?.reason } as const;
    void this.#end(new AbortError('a stream of messages', details));
  };

  /** No message comes after this. Resolves when the server has none of its topics any more. */
  #end(error: Error | undefined): Promise<void> {
    if (!this.#ended) {
      this.#ended = true;
      this.#error = error;
      this.#options.signal?.removeEventListener('abort', this.#abort);
      this.#ending.abort();
      if (this.#paused) this.#resume();
    }
    this.#closed ??= this.#unsubscribe();
    this.#serve();
    return this.#closed;
  }

  async #unsubscribe(): Promise<void> {
    const subscriptions = await this.#opened?.catch(() => []);
    await Promise.all(subscriptions?.map((subscription) => subscription.unsubscribe()) ?? []);
  }
}
