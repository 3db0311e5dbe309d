import { randomUUID } from 'node:crypto';
import type { MessageContract } from './message/message.js';

/** Somebody who receives a channel's messages. It receives between `start()` and `stop()`. */
export class MessageQueueListener {
  readonly id: string;
  #isRunning = false;
  #stopped: (() => void)[] = [];

  constructor(id: string = randomUUID()) {
    this.id = id;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  start(): void {
    this.#isRunning = true;
  }

  /** Ends its streams at once. */
  stop(): void {
    this.#isRunning = false;
    for (const tell of this.#stopped.splice(0)) tell();
  }

  /** Called with each message before it is delivered. To be overridden; what it throws ends the delivery of this message. */
  onMessage(_message: MessageContract): void {}

  /** @internal Calls once, when it is stopped. Returns what takes that back. */
  onceStopped(tell: () => void): () => void {
    this.#stopped.push(tell);
    return () => {
      this.#stopped = this.#stopped.filter((other) => other !== tell);
    };
  }
}

/** A listener that repositories can keep: as Python's, with its id as key. */
export class PersistableListener extends MessageQueueListener {
  get kvKey(): string {
    return this.id;
  }

  get kvValueAsDict(): Readonly<{ id: string }> {
    return Object.freeze({ id: this.id });
  }
}
