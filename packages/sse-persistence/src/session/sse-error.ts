export type SseErrorCode =
  /** The response's head is out already, so that it cannot become a stream of events. */
  | 'HEADERS_SENT'
  /** An event store has no event with this id, or not all that came behind it. */
  | 'EVENT_NOT_FOUND';

/** A stream of events cannot be served. Match it by `code`. */
export class SseError extends Error {
  override readonly name = 'SseError';
  readonly code: SseErrorCode;

  constructor(code: SseErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
