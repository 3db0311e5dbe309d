import { concat } from './concat.js';
import { allocate, isAscii, type TextBytes } from './text-bytes.js';

/** Up to here a bulk's memory is taken as announced; beyond, only as its bytes arrive. */
const TRUSTED_BYTES = 1024 * 1024;

/**
 * Collects a bulk that does not lie in one chunk: `begin`, its bytes in order, `finish`. A decoder keeps one of each kind:
 * the hidden class of an object that comes and goes dies with it at a collection, and takes the optimised code with it.
 */
export interface LargeBulk {
  begin(length: number): void;
  append(piece: TextBytes): void;
  finish(): string | TextBytes | Error;
}

/** Each byte is copied once: into its final place, or, when the bulk is large, from its chunk when all are there. */
export class LargeBytes implements LargeBulk {
  #whole: TextBytes | undefined;
  #pieces: TextBytes[] = [];
  #at = 0;

  begin(length: number): void {
    this.#whole = length <= TRUSTED_BYTES ? allocate(length) : undefined;
    this.#pieces = [];
    this.#at = 0;
  }

  append(piece: TextBytes): void {
    if (this.#whole === undefined) this.#pieces.push(piece);
    else this.#whole.set(piece, this.#at);
    this.#at += piece.length;
  }

  finish(): TextBytes {
    const whole = this.#whole ?? concat(this.#pieces);
    this.begin(TRUSTED_BYTES + 1);
    return whole;
  }
}

/** Text up to this size is put together in memory that stays, then decoded in one go. */
const SCRATCH_BYTES = 32 * 1024;

/**
 * A short text is collected first. A long one is decoded piece by piece, so that neither chunks nor a second copy of the
 * bytes are kept.
 */
export class LargeText implements LargeBulk {
  #scratch: TextBytes | undefined;
  /** Bytes in the scratch, -1 when the text is a long one. */
  #collected = -1;
  #text = '';
  /** Bytes of a character whose other bytes are in the next piece. */
  #rest: TextBytes | undefined;
  #failure: Error | undefined;

  begin(length: number): void {
    this.#text = '';
    this.#rest = this.#failure = undefined;
    this.#collected = length <= SCRATCH_BYTES ? 0 : -1;
  }

  append(piece: TextBytes): void {
    if (this.#collected !== -1) {
      this.#scratch ??= allocate(SCRATCH_BYTES);
      this.#scratch.set(piece, this.#collected);
      this.#collected += piece.length;
    } else if (this.#failure === undefined) this.#decode(piece, false);
  }

  finish(): string | Error {
    if (this.#collected > 0) this.#text = this.#scratch!.utf8Slice(0, this.#collected);
    if (this.#rest !== undefined) this.#decode(this.#rest.subarray(0, 0), true);
    const outcome = this.#failure ?? this.#text;
    this.begin(0);
    return outcome;
  }

  #decode(piece: TextBytes, last: boolean): void {
    const bytes = this.#rest === undefined ? piece : concat([this.#rest, piece]);
    const cut = last ? bytes.length : cutOf(bytes);
    try {
      this.#text += isAscii(bytes) ? bytes.latin1Slice(0, cut) : bytes.utf8Slice(0, cut);
    } catch (error) {
      // Longer than any string of this engine: the rest is skipped, and the reply is an error.
      this.#failure = error as Error;
      this.#text = '';
    }
    this.#rest = cut < bytes.length ? bytes.subarray(cut) : undefined;
  }
}

/** Where to cut bytes so that no character is torn: before a lead byte whose sequence goes on after the end. */
function cutOf(bytes: TextBytes): number {
  const { length } = bytes;
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? length - back : length;
  }
  return length;
}
