import { AbortError } from '@redlane/client';
import { NoMessagesException } from '../exceptions.js';
import type { AnyMessage } from '../message/message.js';
import { Bell } from '../store/bell.js';
import { checkDuration } from '../store/checks.js';
import type { QueueType, WaitOptions } from './queue.js';
import { RedisQueue } from './redis-queue.js';

/** Pushes that others have made without waking anybody up are found after this time, in ms. */
const CHECK_MS = 25_000;

/**
 * A queue whose `pop` waits. No connection is blocked by it: those who wait are woken up over the one subscriber connection
 * of their driver, and take what they were woken up for in the usual way. So an abort cannot lose a message.
 */
export class BlockingRedisQueue extends RedisQueue implements AsyncIterable<AnyMessage> {
  override readonly queueType: QueueType = 'blocking';

  /**
   * Takes the oldest message, and waits for one.
   *
   * @throws NoMessagesException when the time is over; AbortError (`ABORTED`); InvalidMessageFormat; RepositoryError
   */
  override async pop({
    timeoutMs = Number.POSITIVE_INFINITY,
    signal,
  }: WaitOptions = {}): Promise<AnyMessage> {
    const until = performance.now() + checkDuration(timeoutMs, 'timeoutMs');
    throwIfAborted(signal);
    let message = await this.tryPop();
    if (message !== undefined) return message;
    if (timeoutMs > 0) {
      const bell = new Bell();
      await using _watching = await this.watch(bell.ring);
      for (;;) {
        message = await this.tryPop();
        if (message !== undefined) return message;
        throwIfAborted(signal);
        const leftMs = until - performance.now();
        if (leftMs <= 0) break;
        await bell.heard(Math.min(leftMs, CHECK_MS), signal);
      }
    }
    throw new NoMessagesException(`no message for ${this.kvKey} came within ${timeoutMs} ms`);
  }

  /** Pops for ever. */
  async *messages({ signal }: Pick<WaitOptions, 'signal'> = {}): AsyncGenerator<AnyMessage, never> {
    for (;;) yield await this.pop({ signal });
  }

  /** `messages()` */
  [Symbol.asyncIterator](): AsyncGenerator<AnyMessage, never> {
    return this.messages();
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new AbortError('waiting for a message', {
    maybeExecuted: false,
    phase: 'queued',
    cause: signal.reason,
  });
}
