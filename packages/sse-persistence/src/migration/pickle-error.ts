export type PickleErrorCode =
  /** It does not end properly, or makes no sense. */
  | 'MALFORMED'
  /** It is a pickle, with something in it that is not data of a listener or message. */
  | 'REFUSED'
  /** It is larger than what is ever read. */
  | 'TOO_LARGE';

/** Bytes that are not read as a pickle. */
export class PickleError extends Error {
  override readonly name = 'PickleError';
  readonly code: PickleErrorCode;

  constructor(code: PickleErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function malformed(problem: string): PickleError {
  return new PickleError('MALFORMED', `the bytes are no pickle: ${problem}`);
}
