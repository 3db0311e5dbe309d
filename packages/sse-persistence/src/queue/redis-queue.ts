import { InvalidMessageFormat, NoMessagesException } from '../exceptions.js';
import type { AnyMessage, MessageContract } from '../message/message.js';
import { decodeMessage, encodeMessage } from '../message/message-text.js';
import { ask } from '../store/ask.js';
import { AbstractRedisQueue } from './abstract-redis-queue.js';
import type { QueueType, WaitOptions } from './queue.js';
import { publishDeadLetter, publishDropped } from './queue-diagnostics.js';

/** KEYS: queue. ARGV: element, how many are kept, time to live. Gives how many had to go. */
const PUSH = `
local dropped = redis.call('RPUSH', KEYS[1], ARGV[1]) - tonumber(ARGV[2])
if dropped > 0 then redis.call('LTRIM', KEYS[1], -tonumber(ARGV[2]), -1) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PUBLISH', KEYS[1], '')
return math.max(0, dropped)
`;

/**
 * A listener's messages in a list, first in, first out; each is popped once, by whoever comes first. At most once, as in Python:
 * what a process has popped and not dealt with is gone with the process. Where that must not be, use a channel with a log.
 */
export class RedisQueue extends AbstractRedisQueue {
  readonly queueType: QueueType = 'plain';

  /**
   * Appends a message, and wakes up those who wait for one. A queue that is full drops its oldest message.
   *
   * @throws InvalidMessageFormat, RepositoryError
   */
  async push(message: MessageContract): Promise<void> {
    const element = encodeMessage(message);
    const { maxLength, ttlMs } = this.options;
    const dropped = await ask('pushing to a queue', () =>
      this.driver.run(PUSH, [this.key], [element, maxLength, ttlMs]),
    );
    if (dropped !== 0) publishDropped(this.kvKey, Number(dropped));
  }

  /**
   * Takes the oldest message: one LPOP.
   *
   * @throws NoMessagesException when there is none; InvalidMessageFormat when it was no message: it is a dead letter then;
   * RepositoryError
   */
  async pop(_options?: WaitOptions): Promise<AnyMessage> {
    const message = await this.tryPop();
    if (message === undefined) throw new NoMessagesException(`there are no messages for ${this.kvKey}`);
    return message;
  }

  /** As `pop`; `undefined`: there is none. */
  async tryPop(): Promise<AnyMessage | undefined> {
    const raw = await ask('popping from a queue', () =>
      this.driver.send(['LPOP', this.key], { replies: 'bytes' }),
    );
    if (raw === null) return undefined;
    try {
      return decodeMessage(raw as Uint8Array);
    } catch (error) {
      throw await this.#bury(raw as Uint8Array, error);
    }
  }

  /** How many messages wait. */
  async length(): Promise<number> {
    return Number(await ask('counting a queue', () => this.driver.send(['LLEN', this.key])));
  }

  /** What was popped and was no message, oldest first. */
  async deadLetters(count = 100): Promise<Uint8Array[]> {
    const letters = await ask('reading dead letters', () =>
      this.driver.send(['LRANGE', this.deadKey, 0, count - 1], { replies: 'bytes' }),
    );
    return [...(letters as readonly Uint8Array[])];
  }

  /** Removes all messages and dead letters. */
  async clear(): Promise<void> {
    await ask('clearing a queue', () => this.driver.send(['UNLINK', this.key, this.deadKey]));
  }

  /** Calls at each push, and when pushes may have been missed. */
  async watch(wake: () => void): Promise<AsyncDisposable> {
    const subscription = await ask('watching a queue', () =>
      this.driver.subscribe({ channel: this.key }, wake, { onGap: wake }),
    );
    return { [Symbol.asyncDispose]: () => subscription.unsubscribe() };
  }

  /** It is out of the queue: should it not reach the dead letters, the error has it all the same. */
  async #bury(raw: Uint8Array, problem: unknown): Promise<InvalidMessageFormat> {
    const { maxDeadLetters, ttlMs } = this.options;
    const { message } = problem as Error;
    const commands = [
      ['RPUSH', this.deadKey, raw],
      ['LTRIM', this.deadKey, -maxDeadLetters, -1],
      ['PEXPIRE', this.deadKey, ttlMs],
    ];
    try {
      await this.driver.batch(commands, { atomic: true });
    } catch (error) {
      return new InvalidMessageFormat(`${message}; it could not be kept among the dead letters`, error, raw);
    }
    publishDeadLetter(this.kvKey);
    return new InvalidMessageFormat(`${message}; it is among the dead letters now`, problem, raw);
  }
}
