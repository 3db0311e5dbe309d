import type { Topic } from '@redlane/client';
import type { ScriptPubSubListener } from './listener.js';

/** A stretch of time in which messages may have been missed. */
export interface PubSubGap {
  /** The channel, pattern or shard channel. */
  readonly channel: string;
  readonly topic: Topic;
  /** The last moment for which it is known that nothing was missed, in ms since 1970; 0 when that is not known. */
  readonly from: number;
  /** From when on nothing is missed again, in ms since 1970. */
  readonly to: number;
  /**
   * - `connection`: the connection was lost, and is back.
   * - `moved`: the server ended the subscription by itself, as it does when a slot moves.
   * - `overflow`: a listener did not keep up.
   * - `trimmed`: the stream of a durable channel does not keep that far back.
   * - `lost`: the stream of a durable channel was lost, removed, or fell back in a failover.
   */
  readonly reason: 'connection' | 'moved' | 'overflow' | 'trimmed' | 'lost';
  /** What was missed comes from the stream of the channel, in its place: nothing is lost to this listener. */
  readonly filled: boolean;
  /** How many messages are known to be lost. */
  readonly dropped?: number | undefined;
  /** Whom it concerns; `undefined`: every listener of the topic without `replay`, or, with `overflow`, an iteration. */
  readonly listener?: ScriptPubSubListener<never> | undefined;
}
