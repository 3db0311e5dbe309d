/** What is read is no recording, or one that is damaged (`INVALID_RECORDING`). */
export class RecordingError extends Error {
  override readonly name: string = 'RecordingError';
  readonly code = 'INVALID_RECORDING';
  /** Counted from 1. */
  readonly line: number;

  constructor(line: number, problem: string, cause?: unknown) {
    super(`line ${line} of the recording ${problem}`, cause === undefined ? undefined : { cause });
    this.line = line;
  }
}
