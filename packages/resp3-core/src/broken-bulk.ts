import { type LargeBulk, LargeBytes, LargeText } from './large-bulk.js';
import type { TextBytes } from './text-bytes.js';
import { COLON, CR, EQUALS, LF } from './type-bytes.js';

/** A bulk that its chunk has broken off: what has come of its content and its CRLF. */
export class BrokenBulk {
  readonly #text: LargeText = new LargeText();
  readonly #bytes: LargeBytes = new LargeBytes();
  #content: LargeBulk = this.#text;
  #read = 0;
  type = 0;
  length = 0;
  /** Of a verbatim string; its content is the text without it. */
  format = '';
  /** Index of the byte that cannot be right, with what should be there. */
  fault: { at: number; expected: string } | undefined;

  /** See {@link LargeBulk.keepsPieces}. */
  get keepsPieces(): boolean {
    return this.#content.keepsPieces;
  }

  begin(type: number, length: number, asBytes: boolean): void {
    this.type = type;
    this.length = length;
    this.#read = 0;
    this.format = '';
    this.#content = asBytes ? this.#bytes : this.#text;
    this.#content.begin(type === EQUALS ? length - 4 : length);
  }

  /** Takes its part of the chunk. Returns where the chunk goes on, or -1 when it is used up or at fault. */
  take(bytes: TextBytes, from: number): number {
    const end = bytes.length;
    const { length } = this;
    let p = from;
    if (this.type === EQUALS) {
      for (; this.#read < 3 && p < end; this.#read++)
        this.format += String.fromCharCode(bytes[p++] as number);
      if (this.#read === 3 && p < end) {
        if (bytes[p] !== COLON) return this.#fail(p, 'a colon after the format of a verbatim string');
        p++;
        this.#read++;
      }
    }
    if (this.#read < length && p < end) {
      const taken = Math.min(length - this.#read, end - p);
      this.#content.append(bytes.subarray(p, p + taken));
      p += taken;
      this.#read += taken;
    }
    if (this.#read === length && p < end) {
      if (bytes[p] !== CR) return this.#fail(p, 'CRLF after a bulk');
      p++;
      this.#read++;
    }
    if (this.#read === length + 1 && p < end) {
      if (bytes[p] !== LF) return this.#fail(p, 'LF after CR');
      p++;
      this.#read++;
    }
    return this.#read === length + 2 ? p : -1;
  }

  finish(): string | TextBytes | Error {
    return this.#content.finish();
  }

  clear(): void {
    this.fault = undefined;
    this.#content.clear();
  }

  #fail(at: number, expected: string): -1 {
    this.fault = { at, expected };
    return -1;
  }
}
