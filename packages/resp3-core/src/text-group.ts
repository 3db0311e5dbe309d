import { textOf } from './reply-builder.js';
import { isAscii, type TextBytes, textBytes } from './text-bytes.js';
import type { RespValue } from './values.js';

/** Bytes that one group may span, and so the most that a kept string can pin beyond its own size. */
const GROUP_BYTES = 1024;
/** Strings longer than this get their own memory at once: a group would hold too few of them to pay. */
const GROUPED_STRING_BYTES = 400;

/** From here on a string decodes faster when it is known to be ASCII. */
const LONG_STRING_BYTES = 4096;

// Each character of a wide group takes two bytes.
const WIDE_GROUP_BYTES = GROUP_BYTES / 2;
const NEAR_BYTES = 128;

/**
 * Cuts the strings of one chunk out of larger slices. A native call costs more than the copy that it does, so
 * neighbouring small strings share one: the engine then keeps each as a reference into its group, at most 1 KiB, and
 * never into the chunk or into a large reply.
 *
 * Chunks that are not pure ASCII are cut from wide groups: 512 bytes of UTF-8 decoded at once, with a map from byte to
 * character.
 */
export class TextGroup {
  /** Current group, of `bytes[start, end)`, with one character a byte. */
  current = '';
  start = 0;
  end = 0;

  /** The chunk has been looked at, and it has no other bytes than ASCII. */
  #opened = false;
  #ascii = false;

  /** There are many bytes above ASCII hereabouts. */
  #dense = false;
  /** End of the last string that was not ASCII. */
  #lastForeign: number = -NEAR_BYTES;
  #wide = '';
  #wideStart = 0;
  #wideEnd = 0;
  readonly #units = new Uint16Array(WIDE_GROUP_BYTES);
  readonly #unitBytes: TextBytes = textBytes(new Uint8Array(this.#units.buffer));
  /** For byte i of the wide group: the index of the character that begins there. */
  readonly #unitAt = new Uint16Array(WIDE_GROUP_BYTES + 1);

  /** The text of `bytes[start, end)`. Every chunk begins with a `close()`. */
  text(bytes: TextBytes, start: number, end: number): RespValue {
    const { current, start: from } = this;
    if (start >= from && end <= this.end) return current.substring(start - from, end - from);
    return this.newText(bytes, start, end);
  }

  /** The same of what is not in the current group. */
  newText(bytes: TextBytes, start: number, end: number): RespValue {
    const length = end - start;
    if (length === 0) return '';
    const isShort = length <= GROUPED_STRING_BYTES;
    // To know that a chunk is ASCII pays for many short strings, or for few long ones.
    if (!this.#opened && (isShort || length > LONG_STRING_BYTES)) this.#look(bytes);
    return isShort ? this.#slice(bytes, start, end) : textOf(bytes, start, end, this.#ascii);
  }

  #look(bytes: TextBytes): void {
    this.close();
    this.#opened = true;
    this.#ascii = isAscii(bytes);
  }

  /** Forgets the current groups, so that they can be collected. */
  close(): void {
    this.#opened = this.#ascii = this.#dense = false;
    this.current = this.#wide = '';
    this.start = this.end = this.#wideStart = this.#wideEnd = 0;
    this.#lastForeign = -NEAR_BYTES;
  }

  /** The text of `bytes[start, end)`, which is not in the current group. */
  #slice(bytes: TextBytes, start: number, end: number): string {
    // The last string of a chunk has no neighbours to share with.
    if (end + 8 > bytes.length)
      return this.#ascii ? bytes.latin1Slice(start, end) : bytes.utf8Slice(start, end);
    const limit = Math.min(start + GROUP_BYTES, bytes.length);
    if (this.#ascii) return this.#open(bytes, start, end, limit);
    if (start >= this.#wideStart && end <= this.#wideEnd) return this.#cutWide(start, end);

    if (this.#dense && this.#openWide(bytes, start, end)) return this.#cutWide(start, end);

    if (isAscii(bytes.subarray(start, limit))) return this.#open(bytes, start, end, limit);
    let high = start;
    while ((bytes[high] as number) < 0x80) high++;
    if (high >= end) return this.#open(bytes, start, end, high);
    // A lone foreign character is decoded with its string; where more are near, the next group is a wide one.
    this.#dense = start - this.#lastForeign < NEAR_BYTES;
    this.#lastForeign = end;
    return bytes.utf8Slice(start, end);
  }

  #open(bytes: TextBytes, start: number, end: number, limit: number): string {
    this.start = start;
    this.end = limit;
    this.current = bytes.latin1Slice(start, limit);
    return this.current.substring(0, end - start);
  }

  #cutWide(start: number, end: number): string {
    const base = this.#wideStart;
    return this.#wide.substring(this.#unitAt[start - base] as number, this.#unitAt[end - base] as number);
  }

  /** Decodes from `start` on, as far as the bytes are well-formed; false when that does not reach `end`. */
  #openWide(bytes: TextBytes, start: number, end: number): boolean {
    const limit = Math.min(start + WIDE_GROUP_BYTES, bytes.length);
    const units = this.#units;
    const unitAt = this.#unitAt;
    let count = 0;
    let at = start;
    while (at < limit) {
      const byte = bytes[at] as number;
      unitAt[at - start] = count;
      if (byte < 0x80) {
        units[count++] = byte;
        at++;
        continue;
      }
      // Every byte but the last of the group has a successor, since groups end before their limit.
      if (byte >= 0xc2 && byte < 0xe0) {
        if (at + 2 > limit) break;
        const second = bytes[at + 1] as number;
        if ((second & 0xc0) !== 0x80) break;
        units[count++] = ((byte & 0x1f) << 6) | (second & 0x3f);
        at += 2;
      } else if (byte >= 0xe0 && byte < 0xf0) {
        if (at + 3 > limit) break;
        const second = bytes[at + 1] as number;
        const third = bytes[at + 2] as number;
        const unit = ((byte & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
        if ((second & 0xc0) !== 0x80 || (third & 0xc0) !== 0x80) break;
        if (unit < 0x800 || (unit >= 0xd800 && unit < 0xe000)) break;
        units[count++] = unit;
        at += 3;
      } else if (byte >= 0xf0 && byte < 0xf5) {
        if (at + 4 > limit) break;
        const second = bytes[at + 1] as number;
        const third = bytes[at + 2] as number;
        const fourth = bytes[at + 3] as number;
        if ((second & 0xc0) !== 0x80 || (third & 0xc0) !== 0x80 || (fourth & 0xc0) !== 0x80) break;
        const point =
          ((byte & 0x07) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f);
        if (point < 0x10000 || point > 0x10ffff) break;
        units[count++] = 0xd7c0 + (point >> 10);
        units[count++] = 0xdc00 | (point & 0x3ff);
        at += 4;
      } else break;
    }
    if (at < end) {
      this.#dense = false;
      return false;
    }
    unitAt[at - start] = count;
    this.#wide = this.#unitBytes.ucs2Slice(0, count * 2);
    this.#wideStart = start;
    this.#wideEnd = at;
    this.#dense = at - start - count > WIDE_GROUP_BYTES / 32;
    return true;
  }
}
