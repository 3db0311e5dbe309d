import type { CommandArgument, Limits } from '@redlane/resp3-core';

/** What a recorder may ask of a connection. */
export interface TappedConnection {
  readonly address: string;
  /** A reply or push has begun, and its end has not come. */
  readonly midReply: boolean;
  /** Replies that are owed for commands that have been written. */
  readonly owedReplies: number;
  /** Bounds of what the server may send. */
  readonly replyLimits: Readonly<Partial<Limits>>;
}

/** Sees what goes over one connection, at once and in order. Nothing here may throw, or call the user. */
export interface ConnectionTap {
  /** The command is handed to the socket. */
  sent(args: readonly CommandArgument[]): void;
  /** Bytes have come, and have not been decoded yet. They do not change afterwards. */
  received(chunk: Uint8Array): void;
  /** The connection has ended, or the recording of it. */
  ended(cause?: Error): void;
}

/** Makes a tap for each connection of the clients that it is attached to. */
export interface ConnectionRecorder {
  tap(connection: TappedConnection): ConnectionTap;
}
