import type { AnyMessage } from '../message/message.js';

/** An event as a message stream gives it: what `frame()` writes, and what it was made of. */
export interface ServerSentEvent {
  /** What a client comes back with; absent where it could not continue anyway. */
  readonly id?: string | undefined;
  readonly event: string;
  readonly data: string;
  /** With the first event only: clients remember it. */
  readonly retry?: number | undefined;
  /** `undefined` for `reset` and `error` events. */
  readonly message?: AnyMessage | undefined;
  /** What has gone wrong, of an `error` event; never sent. */
  readonly error?: unknown;
}
