import type { RedisError, RespDecoderOptions, RespPush } from '@redlane/resp3-core';
import type { Command } from './command.js';
import type { Connection } from './connection.js';
import type { LatencyHistogram } from './latency-histogram.js';
import type { RecordingSlot } from './recorder/recording-slot.js';

type PushReplies = NonNullable<RespDecoderOptions['pushReplies']>;

/** What a connection tells its owner, always outside of the decoder's stack. */
export interface ConnectionOwner {
  onPush?(push: RespPush, connection: Connection): void;
  /** How the strings of a push are to be decoded. Asked inside of the decoder. @default as text */
  readonly pushReplies?: RespDecoderOptions['pushReplies'] | undefined;
  /**
   * Keys have changed: at once, in the decoder's stack and in the order of replies and pushes, with the keys as bytes. The
   * push goes to `onPush` as well.
   */
  readonly onInvalidate?: ((push: RespPush, connection: Connection) => void) | undefined;
  /**
   * The connection has ended with commands on it that nobody has answered: `unsent` were provably not written. Returns
   * those that the owner does not take over; they are rejected.
   */
  onLost?(connection: Connection, cause: Error, unsent: Command[], written: Command[]): Command[];
  /** An error reply. True when the owner takes the command over, to send it again. */
  onRefused?(connection: Connection, command: Command, error: RedisError): boolean;
  /** The server has said that it is the wrong one by now: READONLY, MASTERDOWN. Called inside of the decoder. */
  onDemoted?(connection: Connection, error: RedisError): void;
  /** The connection was destroyed because its peer said nothing any more. */
  onSilence?: ((cause: Error) => void) | undefined;
  readonly latency?: LatencyHistogram;
  /** Knows who records the connection, if anybody does. */
  readonly recording?: RecordingSlot | undefined;
}

/** How its connections decode pushes. */
export function pushRepliesOf({ onInvalidate, pushReplies = 'string' }: ConnectionOwner): PushReplies {
  if (onInvalidate === undefined) return pushReplies;
  return (type) => {
    if (type === 'invalidate') return 'bytes';
    return typeof pushReplies === 'function' ? pushReplies(type) : pushReplies;
  };
}
