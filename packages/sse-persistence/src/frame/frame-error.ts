export type FrameErrorCode =
  | 'INVALID_ID'
  | 'INVALID_EVENT'
  | 'INVALID_DATA'
  | 'INVALID_RETRY'
  | 'INVALID_COMMENT';

/** A field of a frame cannot be written. The message does not quote the value. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly code: FrameErrorCode;

  constructor(code: FrameErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
