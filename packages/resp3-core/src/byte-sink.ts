import { HEADER_ROOM, writeCrlf, writeHeader } from './header-writer.js';
import { allocate, utf8Length, writeText } from './utf8-writer.js';

const FIRST_BYTES = 256;

/** Collects the bytes of a reply of unknown size. */
export class ByteSink {
  #buffer: Uint8Array = allocate(FIRST_BYTES);
  #length = 0;

  /** A type byte, a length and CRLF. */
  header(type: number, length: number): void {
    this.#reserve(HEADER_ROOM);
    this.#length = writeHeader(this.#buffer, type, length, this.#length);
  }

  text(text: string): void {
    const bytes = utf8Length(text);
    this.#reserve(bytes);
    writeText(this.#buffer, text, this.#length);
    this.#length += bytes;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.byteLength);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.byteLength;
  }

  crlf(): void {
    this.#reserve(2);
    this.#length = writeCrlf(this.#buffer, this.#length);
  }

  /** What was written, in memory of its own. */
  toBytes(): Uint8Array {
    const copy = allocate(this.#length);
    copy.set(this.#buffer.subarray(0, this.#length));
    return copy;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = allocate(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}
