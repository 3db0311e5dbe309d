/** Why a {@link ProtocolError} was raised. */
export type ProtocolErrorCode =
  /** A byte that cannot start a value where one must start. */
  | 'UNKNOWN_TYPE'
  /** A length that is not plain digits, or a negative one where RESP has none. */
  | 'INVALID_LENGTH'
  /** The text of a number, boolean or null breaks the grammar of its type, or an integer leaves int64. */
  | 'INVALID_VALUE'
  /** A CRLF was due and something else came, or a line holds a bare CR or LF. */
  | 'INVALID_TERMINATOR'
  /** Well-formed pieces in an impossible order: `.` or `;` outside of streamed values, half a pair, a push without a type. */
  | 'INVALID_STRUCTURE'
  /** More than one of the {@link Limits} allows. */
  | 'LIMIT_EXCEEDED'
  /** The stream ended inside of a reply. */
  | 'TRUNCATED'
  /** `write` after an earlier protocol error, without `reset()`. */
  | 'DECODER_FAILED';

/**
 * The bytes are not RESP, or more than the limits allow. There is no way to find the start of the next reply after it,
 * so whoever reads from a connection must close that connection.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;
  /** Offset of the offending byte, counted from the first byte ever written (or since `reset()`). */
  readonly offset: number;
  /** What would have been legal here. */
  readonly expected: string;
  /** At most 32 bytes of the offending header, printable; never the content of a bulk. */
  readonly excerpt: string;

  constructor(code: ProtocolErrorCode, offset: number, expected: string, excerpt = '') {
    super(`expected ${expected} at byte ${offset}${excerpt === '' ? '' : `, got "${excerpt}"`}`);
    this.code = code;
    this.offset = offset;
    this.expected = expected;
    this.excerpt = excerpt;
  }
}

/**
 * An error that the server sent as a reply. `code` is the server's own first word (`WRONGTYPE`, `NOSCRIPT`, …).
 *
 * Errors inside aggregates (in an EXEC's result, say) are values: instances of this class in their place.
 */
export class RedisError extends Error {
  override readonly name: string = 'RedisError';
  /** First word of the server's message, `ERR` when it has none of its own. */
  readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = codeOf(message);
  }
}

function codeOf(message: string): string {
  const space = message.indexOf(' ');
  const word = space === -1 ? message : message.slice(0, space);
  return /^[A-Z][A-Z0-9_-]*$/.test(word) ? word : 'ERR';
}
