import type { ListenerPolicy } from '../event-feed.js';

/** A channel's values as they are stored, by Python's names. */
export interface ChannelDict {
  readonly channel_id: string;
  readonly stream_delay_seconds: number;
  readonly retry_timeout_milliseconds: number;
}

export interface DispatchOptions {
  /** A second message with the same key within some minutes (`log.idempotencyTtlMs`) is not sent. Not with queues. */
  readonly idempotencyKey?: string | undefined;
  /** Ends the wait for the reply: it may be sent all the same. */
  readonly signal?: AbortSignal | undefined;
}

export interface BroadcastOptions extends DispatchOptions {
  /** The only listener that does not get it: the sender, say. */
  readonly exclude?: string | undefined;
}

export interface MessageStreamOptions {
  /** Ends the stream: `next()` rejects with `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
  /** The id of the last event that the client has got. @default where the listener was */
  readonly lastEventId?: string | undefined;
  /** Where to begin without an id: where the listener was, or at the oldest event that is kept. @default 'now' */
  readonly from?: 'now' | 'start' | undefined;
  /** What happens when the listener has another stream or response. @default 'take-over' */
  readonly policy?: ListenerPolicy | undefined;
}
