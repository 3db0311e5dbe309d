/** First line of a recording. */
export interface RecordingHeader {
  readonly format: 'redlane-recording';
  readonly version: 1;
  /** ISO 8601; the times of records count from here. */
  readonly startedAt: string;
}

/**
 * - `closed`: the recorder was closed.
 * - `maxBytes`: the recording is full.
 * - `slow`: what it is written to did not keep up.
 */
export type EndReason = 'closed' | 'maxBytes' | 'slow';

/** One line of a recording after the first; `t` is in ms, `c` the number of the connection. */
export type RecordLine =
  /** A connection, and how many of its next replies belong to commands that are not in the recording. */
  | {
      readonly k: 'open';
      readonly t: number;
      readonly c: number;
      readonly at: string;
      readonly earlier: number;
    }
  /** A command, a reply or a push as RESP in base64. */
  | {
      readonly k: 'command' | 'reply' | 'push';
      readonly t: number;
      readonly c: number;
      readonly resp: string;
    }
  /** From here on the replies of this connection are not recorded. */
  | { readonly k: 'unreadable'; readonly t: number; readonly c: number; readonly why: string }
  | { readonly k: 'close'; readonly t: number; readonly c: number; readonly why: string }
  | { readonly k: 'end'; readonly t: number; readonly reason: EndReason };

export const VERSION = 1;

/** Room that is kept for the last line. */
export const END_BYTES = 128;
