/** Why a response is over. */
export type SessionEndReason =
  /** The client has gone. */
  | 'client'
  /** It was open for `maxAgeMs`. */
  | 'max-age'
  /** What `authorize` has allowed is over. */
  | 'expired'
  /** More than `maxQueuedBytes` waited for the client. */
  | 'slow'
  /** The client has taken nothing for `stallTimeoutMs`. */
  | 'stalled'
  /** The listener has another response now. */
  | 'taken-over'
  /** There is nothing more for the listener, ever. */
  | 'stopped'
  /** `drain()`, or the handler's signal. */
  | 'drained'
  /** The channel could not be read any further: see `error`. */
  | 'failed'
  /** It did not begin: the client was told to come back later. */
  | 'refused'
  /** It did not begin: `authorize` has said no. */
  | 'denied';

/** What is known about a response when it is over. */
export interface SessionEnd {
  readonly reason: SessionEndReason;
  /** The channel's id. */
  readonly channel: string;
  readonly listener: string | undefined;
  /** Events that were written for the client. */
  readonly events: number;
  /** Bytes of the body that were written for the client. */
  readonly bytes: number;
  /** Why it has `failed`, or was `refused` because the channel could not be read. */
  readonly error?: unknown;
}
