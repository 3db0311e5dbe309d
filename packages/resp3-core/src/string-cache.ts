import type { TextBytes } from './text-bytes.js';

/** Longer names than this are not worth a comparison. */
export const CACHED_STRING_BYTES = 32;
const SLOTS = 256;

/**
 * Names that come again and again: field names of maps, push types, channels. A hit costs a comparison instead of a new
 * string, and the engine has hashed the string already. Holds at most 256 names of 32 bytes, each in its own memory.
 */
export class StringCache {
  readonly #slots: string[] = new Array<string>(SLOTS).fill('');

  /** The text of `bytes[start, end)`, which has at least one byte. */
  get(bytes: TextBytes, start: number, end: number): string {
    const length = end - start;
    // Names of a kind differ at their ends: room:0041, room:0042.
    const hash =
      (Math.imul(bytes[start] as number, 31) +
        Math.imul(bytes[start + (length >> 1)] as number, 17) +
        Math.imul(bytes[Math.max(start, end - 2)] as number, 10) +
        (bytes[end - 1] as number) +
        length) &
      (SLOTS - 1);
    const known = this.#slots[hash] as string;
    if (known.length === length) {
      let at = 0;
      while (at < length && known.charCodeAt(at) === bytes[start + at]) at++;
      if (at === length) return known;
    }
    for (let at = start; at < end; at++) if ((bytes[at] as number) > 0x7f) return bytes.utf8Slice(start, end);
    const text = bytes.latin1Slice(start, end);
    this.#slots[hash] = text;
    return text;
  }
}
