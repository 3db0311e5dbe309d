/** What has happened to messages on this end of a channel, since it was made. */
export interface ChannelCounters {
  /** Messages whose time was over when they were received, and which nobody got. */
  readonly expired: number;
  /** Messages that could not be decoded, and became dead letters. */
  readonly undecodable: number;
  /** Old messages that made room for new ones. */
  readonly dropped: number;
  /** Receives whose connection was lost before the reply: each may have taken messages that nobody got. Not when reliable. */
  readonly maybeLost: number;
  /** Replies that came when nobody waited for them any more. */
  readonly lateReplies: number;
}

/** The same, to count in. */
export type Counters = { -readonly [Name in keyof ChannelCounters]: ChannelCounters[Name] };

export function newCounters(): Counters {
  return { expired: 0, undecodable: 0, dropped: 0, maybeLost: 0, lateReplies: 0 };
}
