/** Upper bounds for what a peer may send. Whatever exceeds one is a `ProtocolError` with code `LIMIT_EXCEEDED`. */
export interface Limits {
  /** Aggregates inside aggregates. @default 512 */
  depth: number;
  /** Bytes of one bulk string, bulk error or verbatim string, streamed ones in total. @default 536_870_912 (512 MiB) */
  bulkBytes: number;
  /** Elements of one aggregate (a map's pairs), streamed ones in total. @default 16_777_216 (2^24) */
  elements: number;
  /** Bytes of one whole reply, headers and all. @default 1_073_741_824 (1 GiB) */
  replyBytes: number;
  /** Bytes of a simple string or simple error, which a script may make long; at least 2. @default 1_048_576 (1 MiB) */
  lineBytes: number;
  /** Digits of a big number. @default 65_536 (64 KiB) */
  bigNumberBytes: number;
}

/** What holds where a limit is not given. */
export const defaultLimits: Readonly<Limits> = Object.freeze({
  depth: 512,
  bulkBytes: 512 * 1024 * 1024,
  elements: 2 ** 24,
  replyBytes: 1024 * 1024 * 1024,
  lineBytes: 1024 * 1024,
  bigNumberBytes: 64 * 1024,
});

/** Longest text of an int64 with its sign. */
export const INTEGER_LINE_BYTES = 21;
/** Longest text of a length or a double. */
export const SHORT_LINE_BYTES = 64;

export function resolveLimits(limits: Partial<Limits> = {}): Readonly<Limits> {
  const resolved = { ...defaultLimits };
  for (const name of Object.keys(defaultLimits) as (keyof Limits)[]) {
    const value = limits[name];
    if (value === undefined) continue;
    // Every decoder takes `+OK`.
    const least = name === 'lineBytes' ? 'OK'.length : 1;
    if (!Number.isSafeInteger(value) || value < least) {
      throw new RangeError(`limits.${name} must be an integer of at least ${least}, got ${String(value)}`);
    }
    resolved[name] = value;
  }
  return resolved;
}
