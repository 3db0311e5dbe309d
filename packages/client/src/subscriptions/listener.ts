import type { Gap, Message, Topic } from '../topic.js';

export type AnyMessage = Message<string | Uint8Array>;

/** What a subscriber brings. None of it is called inside of the decoder, and `onMessage` and `onGap` are the user's. */
export interface ListenerParts {
  readonly topic: Topic;
  /** It wants payloads as bytes. */
  readonly bytes: boolean;
  readonly onMessage: (message: AnyMessage) => unknown;
  readonly onGap: ((gap: Gap) => unknown) | undefined;
  /** The server has confirmed. */
  readonly onConfirmed: () => void;
  /** The server has refused, or there is no client any more. */
  readonly onFailed: (error: Error) => void;
  /** The client was closed after the confirmation. */
  readonly onClosed?: ((cause: Error) => void) | undefined;
}

/** One subscriber of a topic. */
export class Listener {
  readonly parts: ListenerParts;
  // Looked at with each message: beside each other, and not one object further.
  readonly onMessage: ListenerParts['onMessage'];
  readonly bytes: boolean;
  /** It is not to be called any more, though it may stand in a list that is being worked through. */
  ended = false;

  constructor(parts: ListenerParts) {
    this.parts = parts;
    this.onMessage = parts.onMessage;
    this.bytes = parts.bytes;
  }
}
