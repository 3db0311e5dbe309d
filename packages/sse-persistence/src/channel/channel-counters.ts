import type { SseSessionsStats } from '../session/session-counters.js';

/** What a channel has done in this process so far, for responses and streams alike. {@link SseSessions} may serve several channels. */
export class ChannelCounters {
  /** Messages to single listeners. */
  dispatched = 0;
  /** Messages to everybody. */
  broadcasts = 0;
  /** Messages that readers have got, one for each. */
  delivered = 0;
  /** Readers that began at a cursor. */
  replays = 0;
  /** Readers that were told that they may have missed something. */
  resets = 0;
  /** Readers that have ended as another one has taken their listener over. */
  takenOver = 0;
  /** Readers that were turned away, as their listener was served elsewhere. */
  refused = 0;
  /** Entries that something else has written, and that were left out. */
  undecodable = 0;
}

/** A view of a channel in this process at one moment. */
export interface SSEChannelStats extends Readonly<ChannelCounters> {
  /** Its id. */
  readonly channel: string;
  /** Listeners that this process has registered or loaded. */
  readonly listeners: number;
  /** Open readers: HTTP responses and message streams. */
  readonly readers: number;
  /** How many entries the slowest reader has not read yet, whomever they are for. */
  readonly lag: number;
  /** Its open responses. */
  readonly sessions: SseSessionsStats;
}
