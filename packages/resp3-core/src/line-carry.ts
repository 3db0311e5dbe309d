import { allocate, type TextBytes } from './text-bytes.js';

/** The beginning of a line whose end is in a later chunk. */
export class LineCarry {
  #bytes: TextBytes | undefined;
  length = 0;

  /** What has been carried; only the first `length` bytes count. */
  get bytes(): TextBytes {
    return this.#bytes as TextBytes;
  }

  append(piece: TextBytes, start: number, end: number): void {
    const length = this.length + end - start;
    if (this.#bytes === undefined || this.#bytes.length < length) {
      const grown = allocate(Math.max(64, length, this.length * 2));
      if (this.#bytes !== undefined) grown.set(this.#bytes.subarray(0, this.length));
      this.#bytes = grown;
    }
    this.#bytes.set(piece.subarray(start, end), this.length);
    this.length = length;
  }

  /** Gives the bytes away. */
  take(): TextBytes {
    const whole = this.bytes.subarray(0, this.length);
    this.clear();
    return whole;
  }

  clear(): void {
    this.#bytes = undefined;
    this.length = 0;
  }
}
