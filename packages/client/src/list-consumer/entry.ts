/** An element that a consumer holds until it acks it, gives it back, or dies. */
export interface ListEntry<Raw = Uint8Array> {
  /** Tells it from all others, equal ones included; grows with the order of first delivery. */
  readonly seq: number;
  /** How often it was delivered, this time included: 1 for the first. */
  readonly deliveries: number;
  /** The element, as the sender has pushed it. */
  readonly raw: Raw;
}

/** What comes of `replies: 'bytes' | 'string'`. */
export type RawOf<Replies extends 'bytes' | 'string'> = Replies extends 'string' ? string : Uint8Array;

/**
 * An entry from this delivery on is handed out alone: when the consumers that held it died twice, it may be what kills
 * them, and its neighbours must not be counted with it again.
 */
export const ALONE_FROM = 3;

/** The numbers of one entry, or of many. */
export function seqsOf(entries: Pick<ListEntry, 'seq'> | readonly Pick<ListEntry, 'seq'>[]): number[] {
  return 'seq' in entries ? [entries.seq] : entries.map(({ seq }) => seq);
}
