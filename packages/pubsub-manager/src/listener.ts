import type { Topic } from '@redlane/client';
import type { ListenerStats } from './listener-stats.js';
import type { MessageInfo } from './message-info.js';
import type { ListenerKind } from './queue-options.js';
import type { Registered } from './registered.js';
import { nameOf } from './topics.js';

/** What a listener is: called with the channel that a message was published to, and the message. */
export type ListenerFunction<Received = string> = (
  channel: string,
  message: Received,
  info: MessageInfo,
) => unknown;

/** What a listener needs of the client that made it. */
export interface ListenerParts<Received> {
  readonly fn: ListenerFunction<Received>;
  readonly kind: ListenerKind;
  readonly topic: Topic;
  readonly registration: Registered;
}

/** A function that is registered at a channel, a pattern or a shard channel. Follows PySpigot's class of that name. */
export class ScriptPubSubListener<Received = string> implements AsyncDisposable {
  readonly #parts: ListenerParts<Received>;

  /** @internal Made by `registerListener` and its like. */
  constructor(parts: ListenerParts<Received>) {
    this.#parts = parts;
  }

  /** The name of the channel, pattern or shard channel. */
  getChannel(): string {
    return nameOf(this.#parts.topic);
  }

  getFunction(): ListenerFunction<Received> {
    return this.#parts.fn;
  }

  get topic(): Topic {
    return this.#parts.topic;
  }

  get kind(): ListenerKind {
    return this.#parts.kind;
  }

  /**
   * Resolves when the server has confirmed; every message from then on reaches the listener or lies in a gap. Rejects with
   * what the server has refused with, after the listener was removed again.
   */
  get ready(): Promise<void> {
    return this.#parts.registration.ready;
  }

  /** What came for it, and what became of it. */
  get stats(): ListenerStats {
    return this.#parts.registration.stats;
  }

  /** Of the last durable message that it was called with: what to pass as `replay` to go on from there. */
  get lastId(): string | undefined {
    return this.#parts.registration.lastId;
  }

  /**
   * Ends it: no call begins from now on, and what waits is dropped. Resolves when the server has executed UNSUBSCRIBE, which
   * is sent only if nobody else listens. A call that has begun goes on. Doing it twice does no harm.
   */
  unregister(): Promise<void> {
    return this.#parts.registration.end();
  }

  /** `unregister()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.unregister();
  }

  toString(): string {
    return `ScriptPubSubListener[Channel: ${this.getChannel()}]`;
  }
}
