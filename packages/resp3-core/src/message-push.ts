import type { TextBytes } from './text-bytes.js';
import { CR, DOLLAR, LF } from './type-bytes.js';

/** In smaller chunks a view of words costs more than it saves. */
const CHUNK_BYTES = 1024;
/** `>3`, `$7`, `message` and `$`, each but the last with its CRLF. */
const HEAD_BYTES = 18;
/** So many bytes hold the head, and the length of a channel that is not too long for this. */
const LEAST_BYTES = HEAD_BYTES + 8;
/** Of a length; longer ones are none of ours. */
const DIGITS = 6;

const head = new DataView(new TextEncoder().encode('>3\r\n$7\r\nmessage\r\n$').buffer);
const HEAD_0: number = head.getInt32(0);
const HEAD_4: number = head.getInt32(4);
const HEAD_8: number = head.getInt32(8);
const HEAD_12: number = head.getInt32(12);
const HEAD_16: number = head.getInt16(16);

/**
 * Finds the message of a channel where it lies whole in its chunk: what a busy subscriber is sent, one behind the other. All
 * else, and whatever is wrong with a message, is for the decoder, from its first byte.
 */
export class MessagePush {
  // Where its parts are, after `find` has returned true.
  channelStart = 0;
  channelEnd = 0;
  payloadStart = 0;
  payloadEnd = 0;
  /** Behind the last digit that was read. */
  #at = 0;
  /** The current chunk by words, if it is a large one. */
  #view: DataView | null = null;

  /** Must be called before the first message of each chunk. */
  open({ buffer, byteOffset, length }: TextBytes): void {
    this.#view = length < CHUNK_BYTES ? null : new DataView(buffer, byteOffset, length);
  }

  /** Forgets the chunk, so that it can be collected. */
  close(): void {
    this.#view = null;
  }

  /** True when one begins at `start`, and ends in this chunk. */
  find(bytes: TextBytes, start: number, end: number): boolean {
    const view = this.#view;
    if (
      view === null ||
      end - start < LEAST_BYTES ||
      view.getInt32(start) !== HEAD_0 ||
      view.getInt32(start + 4) !== HEAD_4 ||
      view.getInt32(start + 8) !== HEAD_8 ||
      view.getInt32(start + 12) !== HEAD_12 ||
      view.getInt16(start + 16) !== HEAD_16
    ) {
      return false;
    }
    const channelLength = this.#length(bytes, start + HEAD_BYTES);
    const channelStart = this.#at + 2;
    const channelEnd = channelStart + channelLength;
    // Room for a length behind it: reading past the end of a chunk is slow for ever after.
    if (channelLength < 0 || channelEnd + 3 + DIGITS + 2 > end) return false;
    if (bytes[channelEnd] !== CR || bytes[channelEnd + 1] !== LF || bytes[channelEnd + 2] !== DOLLAR)
      return false;
    const payloadLength = this.#length(bytes, channelEnd + 3);
    const payloadStart = this.#at + 2;
    const payloadEnd = payloadStart + payloadLength;
    if (payloadLength < 0 || payloadEnd + 2 > end) return false;
    this.channelStart = channelStart;
    this.channelEnd = channelEnd;
    this.payloadStart = payloadStart;
    this.payloadEnd = payloadEnd;
    return bytes[payloadEnd] === CR && bytes[payloadEnd + 1] === LF;
  }

  /** The number at `from`, up to its CRLF; -1 for what is none, or a long one. */
  #length(bytes: TextBytes, from: number): number {
    let at = from;
    let length = 0;
    let digit = ((bytes[at] as number) - 0x30) >>> 0;
    while (digit <= 9 && at < from + DIGITS) {
      length = length * 10 + digit;
      digit = ((bytes[++at] as number) - 0x30) >>> 0;
    }
    this.#at = at;
    return at > from && bytes[at] === CR && bytes[at + 1] === LF ? length : -1;
  }
}
