import type { RespPush } from '@redlane/resp3-core';
import type { Connection } from '../connection.js';
import { publishGap } from '../diagnostics.js';
import type { Engine } from '../engine.js';
import { AbortError, InvalidOptionError, TimeoutError } from '../errors.js';
import { callable, deadline, oneOf } from '../option-checks.js';
import type { Gap, Subscription, Topic } from '../topic.js';
import { CALLBACK_WARNING } from './deliver.js';
import { callIsolated } from './isolated-call.js';
import type { AnyMessage, Listener } from './listener.js';
import { MessageStream, type StreamOptions } from './message-stream.js';
import { parseTopic, type TopicInput } from './parse-topic.js';
import { TopicRegistry } from './topic-registry.js';

/** How to subscribe. */
export interface SubscribeOptions {
  /** Ends the wait for the confirmation, and later the subscription. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for the confirmation, in ms; 0 or `Infinity`: for ever. @default the client's */
  readonly timeoutMs?: number | undefined;
  /** Payloads as text or as bytes. @default 'string' */
  readonly replies?: 'string' | 'bytes' | undefined;
  /** Messages of this topic may have been lost. Called once the subscription is whole again. */
  readonly onGap?: ((gap: Gap) => unknown) | undefined;
}

/** A client's subscriptions at one moment. */
export interface SubscriptionMetrics {
  /** Channels that somebody listens to, each counted once. */
  readonly channels: number;
  readonly patterns: number;
  readonly shards: number;
  /** Messages given to callbacks and streams. */
  readonly delivered: number;
  /** Gaps reported. */
  readonly gaps: number;
  /** Messages that streams threw away because nobody took them in time. */
  readonly dropped: number;
}

interface Waiting {
  readonly onMessage: (message: AnyMessage) => unknown;
  readonly onClosed?: ((cause: Error) => void) | undefined;
}

/** All ways to subscribe over one client. */
export class Subscriptions {
  readonly #engine: Engine;
  readonly #registry: TopicRegistry;
  readonly #gapListeners: Set<(gap: Gap) => unknown> = new Set();
  #gaps = 0;
  #dropped = 0;

  /** `pushed` gets all that comes on a connection that is for subscriptions only. */
  constructor(engine: Engine, pushed: (push: RespPush, connection: Connection) => void) {
    this.#engine = engine;
    this.#registry = new TopicRegistry(engine, pushed, (gap) => this.#reportGap(gap));
  }

  /** A push has come on some connection of the client. */
  take(push: RespPush, connection: Connection): void {
    this.#registry.take(push, connection);
  }

  /** Somebody wants payloads as bytes. */
  wantsBytes(pushType: string): boolean {
    if (this.#registry.replies === 'string') return false;
    return pushType === 'message' || pushType === 'pmessage' || pushType === 'smessage';
  }

  onGap(listener: (gap: Gap) => unknown): Disposable {
    callable(listener, 'listener');
    const entry = (gap: Gap): unknown => listener(gap);
    this.#gapListeners.add(entry);
    return { [Symbol.dispose]: () => void this.#gapListeners.delete(entry) };
  }

  metrics(): SubscriptionMetrics {
    const registry = this.#registry;
    return {
      channels: registry.count('channel'),
      patterns: registry.count('pattern'),
      shards: registry.count('shard'),
      delivered: registry.delivered,
      gaps: this.#gaps,
      dropped: this.#dropped,
    };
  }

  async listen(
    input: TopicInput,
    onMessage: (message: never) => unknown,
    options: SubscribeOptions,
  ): Promise<Subscription> {
    callable(onMessage, 'onMessage');
    return this.open(parseTopic(input), { onMessage: onMessage as Waiting['onMessage'] }, options);
  }

  stream<M extends AnyMessage>(
    inputs: TopicInput | readonly TopicInput[],
    options: StreamOptions,
  ): MessageStream<M> {
    const list: readonly TopicInput[] = Array.isArray(inputs) ? inputs : [inputs as TopicInput];
    const topics = list.map((input) => parseTopic(input));
    if (topics.length === 0) throw new InvalidOptionError('topics', 'must name at least one topic');
    if (options.buffer?.policy === 'pause' && !this.#registry.dedicated) {
      throw new InvalidOptionError(
        'buffer.policy',
        "'pause' would hold up the commands on the same connection; give the client the option subscriptions: 'dedicated'",
      );
    }
    return new MessageStream(this, topics, options);
  }

  /** Subscribes, and resolves when the server has confirmed. */
  async open(
    topic: Topic,
    { onMessage, onClosed }: Waiting,
    options: SubscribeOptions,
  ): Promise<Subscription> {
    const { signal, onGap } = options;
    const bytes = oneOf('string', 'bytes')(options.replies ?? 'string', 'replies') === 'bytes';
    const timeoutMs = deadline(options.timeoutMs ?? this.#engine.options.timeoutMs, 'timeoutMs') as number;
    if (this.#engine.closing) throw this.#engine.closedError();
    if (signal?.aborted) throw this.#aborted(signal);
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      let ended: Promise<void> | undefined;
      let confirmed = false;
      const registry = this.#registry;
      const end = (): Promise<void> => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        ended ??= this.#remove(listener);
        return ended;
      };
      const fail = (error: Error): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        reject(error);
      };
      const abort = (): void => {
        void end();
        if (!confirmed) reject(this.#aborted(signal as AbortSignal));
      };
      if (timeoutMs !== Number.POSITIVE_INFINITY) {
        timer = setTimeout(() => {
          void end();
          reject(this.#late(timeoutMs));
        }, timeoutMs);
        if (this.#engine.options.unref) timer.unref();
      }
      signal?.addEventListener('abort', abort, { once: true });
      const listener: Listener = registry.add({
        topic,
        bytes,
        onMessage,
        onGap,
        onConfirmed: () => {
          confirmed = true;
          clearTimeout(timer);
          const pause = registry.dedicated ? (): Disposable => this.#pause() : undefined;
          resolve({ topic, pause, unsubscribe: end, [Symbol.asyncDispose]: end });
        },
        onFailed: fail,
        onClosed: (cause) => {
          signal?.removeEventListener('abort', abort);
          onClosed?.(cause);
        },
      });
    });
  }

  /** All messages of before this moment have been delivered, in ms of `performance.now()`. */
  wholeUntil(): number {
    return this.#registry.connection?.wholeUntil ?? performance.now();
  }

  /** Reports a gap that a stream has made. */
  overflowed(gap: Gap, onGap: SubscribeOptions['onGap']): void {
    if (onGap !== undefined) callIsolated(onGap, gap, CALLBACK_WARNING);
    this.#reportGap(gap);
  }

  /** A stream has thrown a message away. */
  countDropped(): void {
    this.#dropped++;
  }

  /** This one does not want to read: the connection is not read until nobody says so any more. */
  pause(by: object): void {
    this.#registry.pause(by);
  }

  resume(by: object): void {
    this.#registry.resume(by);
  }

  #pause(): Disposable {
    const by = {};
    this.pause(by);
    return { [Symbol.dispose]: () => this.resume(by) };
  }

  /** Resolves when the server is done with it, or does not answer: the callback is not called from now on. */
  #remove(listener: Listener): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      let done = false;
      this.#registry.remove(listener, () => {
        done = true;
        clearTimeout(timer);
        resolve();
      });
      const { timeoutMs, unref } = this.#engine.options;
      if (done || timeoutMs === Number.POSITIVE_INFINITY) return;
      timer = setTimeout(resolve, timeoutMs);
      if (unref) timer.unref();
    });
  }

  #reportGap(gap: Gap): void {
    this.#gaps++;
    publishGap(this.#engine.server, gap);
    for (const listener of [...this.#gapListeners]) callIsolated(listener, gap, CALLBACK_WARNING);
  }

  #aborted({ reason }: AbortSignal): AbortError {
    return new AbortError('SUBSCRIBE', { maybeExecuted: false, phase: this.#phase(), cause: reason });
  }

  #late(timeoutMs: number): TimeoutError {
    const diagnosis = this.#engine.diagnose();
    return new TimeoutError('SUBSCRIBE', {
      timeoutMs,
      maybeExecuted: false,
      phase: this.#phase(),
      diagnosis,
    });
  }

  #phase(): 'written' | 'connecting' {
    return this.#registry.connection === undefined ? 'connecting' : 'written';
  }
}
