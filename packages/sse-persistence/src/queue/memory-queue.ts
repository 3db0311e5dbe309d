import { NoMessagesException } from '../exceptions.js';
import type { AnyMessage, MessageContract } from '../message/message.js';
import { decodeMessage, encodeMessage } from '../message/message-text.js';
import type { Queue, WaitOptions } from './queue.js';

/** A queue in memory, for tests and single processes. Messages are copied as they would be by Redis. */
export class MemoryQueue implements Queue {
  readonly #messages: string[] = [];
  readonly #watchers: Set<() => void> = new Set();

  /** @throws NoMessagesException */
  async pop(_options?: WaitOptions): Promise<AnyMessage> {
    const message = this.#messages.shift();
    if (message === undefined) throw new NoMessagesException('there are no messages');
    return decodeMessage(message);
  }

  /** @throws InvalidMessageFormat */
  async push(message: MessageContract): Promise<void> {
    this.#messages.push(encodeMessage(message));
    for (const wake of this.#watchers) wake();
  }

  async watch(wake: () => void): Promise<AsyncDisposable> {
    this.#watchers.add(wake);
    return {
      [Symbol.asyncDispose]: async () => {
        this.#watchers.delete(wake);
      },
    };
  }
}
