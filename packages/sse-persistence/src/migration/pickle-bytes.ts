import { malformed } from './pickle-error.js';

/** Reads a pickle's bytes, from the first to the last. Each method throws PickleError (`MALFORMED`) when there are too few. */
export class PickleBytes {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Where the next byte is. */
  get at(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  int32(): number {
    return this.#bytes.readInt32LE(this.#take(4));
  }

  float64(): number {
    return this.#bytes.readDoubleBE(this.#take(8));
  }

  /** A signed integer of so many bytes. */
  long(size: number): number | bigint {
    let value = 0n;
    const digits = this.slice(size);
    for (const [i, digit] of digits.entries()) value |= BigInt(digit) << BigInt(8 * i);
    if (size > 0) value = BigInt.asIntN(8 * size, value);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  /** Up to the next LF, which is skipped. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw malformed('it ends in a line');
    const text = this.text(end - this.#at);
    this.#at = end + 1;
    return text;
  }

  text(size: number): string {
    const slice = this.slice(size);
    const text = slice.toString('utf8');
    if (!Buffer.from(text).equals(slice)) throw malformed('it has a string that is no UTF-8');
    return text;
  }

  slice(size: number): Buffer {
    const at = this.#take(size);
    return this.#bytes.subarray(at, at + size);
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }

  unsigned(size: 2 | 4): number {
    return this.#bytes.readUIntLE(this.#take(size), size);
  }

  /** A length in 8 bytes. */
  length(): number {
    const length = this.#bytes.readBigUInt64LE(this.#take(8));
    if (length > BigInt(this.#bytes.length)) throw malformed('it tells of more bytes than there are');
    return Number(length);
  }

  #take(size: number): number {
    const at = this.#at;
    if (at + size > this.#bytes.length) throw malformed('it ends too early');
    this.#at += size;
    return at;
  }
}
