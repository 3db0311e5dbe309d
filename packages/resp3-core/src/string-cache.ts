import type { TextBytes } from './text-bytes.js';

/** Longer names than this are not worth a comparison. */
export const CACHED_STRING_BYTES = 32;
const SLOTS = 256;
/** For those who have more names than that, a thousand channels say. */
const MOST_SLOTS = 2048;
/** In smaller chunks a view of words costs more than it saves. */
const WORDWISE_CHUNK_BYTES = 4096;

/**
 * Names that come again and again: field names of maps, push types, channels. A hit costs a comparison instead of a new
 * string, and the engine has hashed the string already. Holds at most 256 names, each in its own memory, and their bytes
 * (8 KiB) to compare with; eight times as many once names have driven each other out too often.
 */
export class StringCache {
  #names: string[] = new Array<string>(SLOTS).fill('');
  #bytes: Uint8Array = new Uint8Array(SLOTS * CACHED_STRING_BYTES);
  #words: DataView = new DataView(this.#bytes.buffer);
  #mask: number = SLOTS - 1;
  #drivenOut = 0;
  /** The current chunk by words, if it is a large one. */
  #chunk: DataView | null = null;

  /** Must be called after each chunk. */
  close(): void {
    this.#chunk = null;
  }

  /** The text of `bytes[start, end)`, from 1 to 32 bytes. */
  get(bytes: TextBytes, start: number, end: number): string {
    const length = end - start;
    // Names of a kind differ at their ends: room:0041, room:0042.
    const hash =
      (Math.imul(bytes[start] as number, 31) +
        Math.imul(bytes[start + (length >> 1)] as number, 17) +
        Math.imul(bytes[length > 2 ? end - 3 : start] as number, 100) +
        Math.imul(bytes[length > 1 ? end - 2 : start] as number, 10) +
        (bytes[end - 1] as number) +
        length) &
      this.#mask;
    const known = this.#names[hash] as string;
    const offset = hash * CACHED_STRING_BYTES;
    if (known.length === length && this.#isAt(offset, bytes, start, length)) return known;
    if (known !== '' && ++this.#drivenOut === MOST_SLOTS) this.#grow();
    return this.#learn(hash, bytes, start, end);
  }

  #learn(hash: number, bytes: TextBytes, start: number, end: number): string {
    const own = this.#bytes;
    const offset = hash * CACHED_STRING_BYTES;
    for (let at = start; at < end; at++) {
      // The name that was here has lost its bytes, so it must go too.
      if ((bytes[at] as number) > 0x7f) {
        this.#names[hash] = '';
        return bytes.utf8Slice(start, end);
      }
      own[offset + at - start] = bytes[at] as number;
    }
    const text = bytes.latin1Slice(start, end);
    this.#names[hash] = text;
    return text;
  }

  /** Only once, and what was known is forgotten. */
  #grow(): void {
    this.#names = new Array<string>(MOST_SLOTS).fill('');
    this.#bytes = new Uint8Array(MOST_SLOTS * CACHED_STRING_BYTES);
    this.#words = new DataView(this.#bytes.buffer);
    this.#mask = MOST_SLOTS - 1;
  }

  #isAt(offset: number, bytes: TextBytes, start: number, length: number): boolean {
    let at = 0;
    if (length >= 4 && bytes.length >= WORDWISE_CHUNK_BYTES) {
      this.#chunk ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const chunk = this.#chunk;
      const own = this.#words;
      // The last word overlaps the one before it.
      const last = length - 4;
      while (at < last && own.getUint32(offset + at) === chunk.getUint32(start + at)) at += 4;
      return at >= last && own.getUint32(offset + last) === chunk.getUint32(start + last);
    }
    const own = this.#bytes;
    while (at < length && own[offset + at] === bytes[start + at]) at++;
    return at === length;
  }
}
