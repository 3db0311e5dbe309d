import { AbortError, TimeoutError } from '@redlane/client';
import type { MatchedEvents } from './matched-events.js';

/** How to wait for an event. */
export interface WaitOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait, in ms; 0 or `Infinity`: for ever. @default 0 */
  readonly timeoutMs?: number | undefined;
}

const NOTHING = { maybeExecuted: false, phase: 'written' } as const;

/**
 * VLCP's event matcher. `await matcher` gives the next event that comes from then on; what comes while nobody waits is
 * dropped. An iteration misses nothing between its steps: it keeps up to 1,000 events for its reader, and beyond that drops
 * the oldest.
 *
 * It is a thenable: do not return one from an async function by itself, which would wait for its event.
 *
 * @example
 * const [matcher] = await client.subscribe('news');
 * const { message } = await matcher;
 * for await (const { message } of matcher) console.log(message);
 */
export abstract class Matcher<E> implements PromiseLike<E>, AsyncIterable<E>, AsyncDisposable {
  /** For messages. */
  protected abstract readonly what: string;

  /** The events that come from this call on. */
  abstract [Symbol.asyncIterator](): MatchedEvents<E>;

  abstract [Symbol.asyncDispose](): Promise<void>;

  /** Why nothing matches any more. */
  protected abstract ending(): Error;

  /**
   * The next event.
   *
   * @throws AbortError (`ABORTED`), TimeoutError (`TIMEOUT`), RedisSubscriptionEnded (`SUBSCRIPTION_ENDED`),
   * RedisClientShutdown (`SHUTDOWN`)
   */
  async wait({ signal, timeoutMs = 0 }: WaitOptions = {}): Promise<E> {
    const aborted = (): Error => new AbortError(this.what, { ...NOTHING, cause: signal?.reason });
    if (signal?.aborted) throw aborted();
    const events = this[Symbol.asyncIterator]();
    let reason: Error | undefined;
    const stop = (error: Error): void => {
      reason ??= error;
      void events.return();
    };
    const abort = (): void => stop(aborted());
    signal?.addEventListener('abort', abort, { once: true });
    const timer =
      timeoutMs > 0 && timeoutMs < 2 ** 31
        ? setTimeout(() => stop(new TimeoutError(this.what, { ...NOTHING, timeoutMs })), timeoutMs)
        : undefined;
    try {
      const { done, value } = await events.next();
      if (done !== true) return value;
      throw reason ?? this.ending();
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      void events.return();
    }
  }

  /** `wait()`, for `await`. */
  // biome-ignore lint/suspicious/noThenProperty: matchers are awaited in VLCP's code.
  then<A = E, B = never>(
    onEvent?: ((event: E) => A | PromiseLike<A>) | null,
    onEnd?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.wait().then(onEvent, onEnd);
  }
}
