/** Names of a log's keys. In a cluster all but the topic of `publish: 'channel'` must have the same hash tag. */
export interface StreamLogKeys {
  /** Hash: epoch (`e`), last offset (`s`), last offset of the stream (`b`), and what is known of forgotten inboxes (`f`, `n`). */
  readonly meta: string;
  /** Stream: what is for everybody, with the ids `<offset>-0`. */
  readonly log: string;
  /** Sorted set: targets by the last offset in their inboxes. */
  readonly inboxes: string;
  /** List: what is for one target only. */
  inbox(target: string): string;
  /** String: the position that an append with this idempotency key has got. */
  once(idempotencyKey: string): string;
  /** The channel, or shard channel, that wakes readers up. */
  readonly topic: string;
}

/** The keys `<prefix>:meta`, `:log`, `:inboxes`, `:in:<target>` and `:once:<key>`, and `<prefix>` as topic. */
export function streamLogKeys(prefix: string): StreamLogKeys {
  return {
    meta: `${prefix}:meta`,
    log: `${prefix}:log`,
    inboxes: `${prefix}:inboxes`,
    inbox: (target) => `${prefix}:in:${target}`,
    once: (idempotencyKey) => `${prefix}:once:${idempotencyKey}`,
    topic: prefix,
  };
}
