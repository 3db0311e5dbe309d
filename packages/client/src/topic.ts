/** What can be subscribed to: a channel, all channels that match a glob, or a shard channel (Redis 7). */
export type Topic = { readonly channel: string } | { readonly pattern: string } | { readonly shard: string };

export type TopicKind = 'channel' | 'pattern' | 'shard';

/** A message as the server has sent it. */
export interface Message<Payload = string> {
  /** The channel that it was published to; of a pattern's messages, the one that matched. */
  readonly channel: string;
  readonly payload: Payload;
  /** The pattern that it came for. */
  readonly pattern?: string | undefined;
}

/** A stretch of time in which messages of a topic may have been lost. */
export interface Gap {
  readonly topic: Topic;
  /** The last moment for which the subscription is known to have been whole, in ms since 1970. */
  readonly from: number;
  /** When it was whole again, in ms since 1970. */
  readonly to: number;
  /**
   * - `connection`: the subscriber's connection was lost.
   * - `moved`: the server ended the subscription by itself, as it does when a slot moves.
   * - `overflow`: the subscriber did not keep up, and `dropped` messages were thrown away.
   */
  readonly reason: 'connection' | 'moved' | 'overflow';
  /** How many messages are known to be lost. */
  readonly dropped?: number | undefined;
}

/** A subscription that the server has confirmed. It outlives connections until it is disposed. */
export interface Subscription extends AsyncDisposable {
  readonly topic: Topic;
  /**
   * Reads nothing more from the connection of this subscription until the disposable is disposed. That holds up every other
   * subscription over the same client or driver, and a connection that takes its place is read again. The server closes it
   * when its own buffer overflows, which is a gap. Not there when commands go over that connection, too.
   */
  readonly pause?: (() => Disposable) | undefined;
  /** Ends it: once this resolves, the callback is not called any more. Doing it twice does no harm. */
  unsubscribe(): Promise<void>;
  /** `unsubscribe()` */
  [Symbol.asyncDispose](): Promise<void>;
}

export function topicKind(topic: Topic): TopicKind {
  return 'channel' in topic ? 'channel' : 'pattern' in topic ? 'pattern' : 'shard';
}

export function topicName(topic: Topic): string {
  return 'channel' in topic ? topic.channel : 'pattern' in topic ? topic.pattern : topic.shard;
}
