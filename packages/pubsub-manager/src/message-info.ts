/** What came beside a message. */
export interface MessageInfo {
  /** The pattern that it came for; `undefined` for channels. */
  readonly pattern?: string | undefined;
  /** Of a durable message: where it stands. A listener that begins with `replay: id` gets what is behind it. */
  readonly id?: string | undefined;
  /** Of a durable message: when it was written, in ms since 1970 by the server's clock. */
  readonly at?: number | undefined;
}

/** A message as it came. */
export type Raw = string | Uint8Array;

/** What is called with the messages of a listener. */
export type Handle = (channel: string, value: never, info: MessageInfo) => unknown;
