import type { AnyMessage, MessageContract } from '../message/message.js';

/** Which class of queue a repository makes. */
export type QueueType = 'plain' | 'blocking';

export interface WaitOptions {
  /** How long to wait, in ms; `Infinity`: for ever. @default Infinity */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait. Nothing is lost by it. */
  readonly signal?: AbortSignal | undefined;
}

/** Messages in order, each delivered once. */
export interface Queue {
  /** Takes the oldest message. @throws NoMessagesException */
  pop(options?: WaitOptions): Promise<AnyMessage>;
  push(message: MessageContract): Promise<void>;
  /**
   * Calls when there may be something to pop, so that those who wait need not ask again and again. A channel asks twice a
   * second where this is missing.
   */
  watch?(wake: () => void): Promise<AsyncDisposable>;
  /** Which of a repository's classes it is. */
  readonly queueType?: QueueType | undefined;
}

/** A queue that can be kept as key and value. */
export interface PersistableQueue extends Queue {
  readonly kvKey: string;
  readonly kvValueAsDict: Readonly<Record<string, unknown>>;
  setupByDict(setup: Readonly<Record<string, unknown>>): void;
}
