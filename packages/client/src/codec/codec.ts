/** What is stored and sent: text, which goes out as UTF-8, or bytes. */
export type Encoded = string | Uint8Array;

/**
 * Turns values into what Redis keeps, and back. Both may take their time; a codec that never does is a {@link SyncCodec}.
 *
 * `Sent` and `Received` differ when a schema transforms what it reads.
 */
export interface Codec<Sent, Received = Sent> {
  /** The form in which `decode` is to get replies. */
  readonly replies: 'string' | 'bytes';
  /** @throws EncodeError (`ENCODE_FAILED`) for a value that has no faithful form */
  encode(value: Sent): Encoded | Promise<Encoded>;
  /** @throws DecodeError (`DECODE_FAILED`), which keeps the raw bytes */
  decode(raw: Encoded): Received | Promise<Received>;
}

/** A codec that is done when it returns. */
export interface SyncCodec<Sent, Received = Sent> extends Codec<Sent, Received> {
  encode(value: Sent): Encoded;
  decode(raw: Encoded): Received;
}
