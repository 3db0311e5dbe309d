import { AbortError } from '@redlane/client';
import type { ListenerStats } from './listener-stats.js';
import type { MessageInfo } from './message-info.js';
import type { Registered } from './registered.js';

/** A message and where it came from. */
export interface PubSubMessage<Received = string> extends MessageInfo {
  readonly channel: string;
  readonly message: Received;
}

/** Makes the registration whose messages are iterated. */
export type Register = (
  handle: (channel: string, value: never, info: MessageInfo) => unknown,
  onEnded: (error: Error | undefined) => void,
) => Registered;

interface Reader<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Messages to be iterated. It subscribes at the first `next()`, or by `ready()`, and unsubscribes when the loop is left. What
 * is not taken in time waits, bounded by `queue`. An aborted signal and the policy `error` reject `next()` once.
 */
export class MessageIterator<Received>
  implements AsyncIterableIterator<PubSubMessage<Received>>, AsyncDisposable
{
  readonly #register: Register;
  readonly #signal: AbortSignal | undefined;
  readonly #readers: Reader<PubSubMessage<Received>>[] = [];
  #registration: Registered | undefined;
  /** What the mailbox has handed over, and what tells it that this was taken. */
  #offer: { readonly message: PubSubMessage<Received>; readonly taken: () => void } | undefined;
  #error: unknown;
  #ended = false;

  /** @internal Made by `messages()`. */
  constructor(register: Register, signal: AbortSignal | undefined) {
    this.#register = register;
    this.#signal = signal;
  }

  /** Resolves when the server has confirmed: no message after that is missed, though nobody reads yet. */
  ready(): Promise<void> {
    return this.#open().ready;
  }

  /** `undefined` before it has begun. */
  get stats(): ListenerStats | undefined {
    return this.#registration?.stats;
  }

  next(): Promise<IteratorResult<PubSubMessage<Received>, undefined>> {
    if (!this.#ended) this.#open();
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
      this.#serve();
    });
  }

  async return(): Promise<IteratorResult<PubSubMessage<Received>, undefined>> {
    this.#ended = true;
    await this.#registration?.end();
    this.#serve();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** `return()` */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #open(): Registered {
    if (this.#registration !== undefined) return this.#registration;
    const registration = this.#register(
      (channel, message, info) => this.#take({ channel, message: message as Received, ...info }),
      (error) => this.#end(error),
    );
    this.#registration = registration;
    registration.ready.catch((error: unknown) => this.#end(error));
    return registration;
  }

  #take(message: PubSubMessage<Received>): Promise<void> | undefined {
    const reader = this.#readers.shift();
    if (reader !== undefined) {
      reader.resolve({ done: false, value: message });
      return undefined;
    }
    return new Promise((taken) => {
      this.#offer = { message, taken };
    });
  }

  #end(error: unknown): void {
    if (!this.#ended) {
      this.#ended = true;
      this.#error = this.#signal?.aborted ? aborted(this.#signal) : error;
    }
    this.#serve();
  }

  #serve(): void {
    while (this.#readers.length > 0) {
      if (this.#ended) {
        const { resolve, reject } = this.#readers.shift() as Reader<PubSubMessage<Received>>;
        const error = this.#error;
        this.#error = undefined;
        if (error === undefined) resolve({ done: true, value: undefined });
        else reject(error);
        continue;
      }
      const offer = this.#offer;
      if (offer === undefined) return;
      this.#offer = undefined;
      this.#readers.shift()?.resolve({ done: false, value: offer.message });
      offer.taken();
    }
  }
}

function aborted({ reason }: AbortSignal): AbortError {
  return new AbortError('messages()', { maybeExecuted: false, phase: 'written', cause: reason });
}
