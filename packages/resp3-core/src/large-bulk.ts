import { concat } from './concat.js';
import { allocate, allocateUnset, isAscii, type TextBytes } from './text-bytes.js';

/** Up to here a bulk's memory is taken as announced; beyond, only as its bytes arrive. */
const TRUSTED_BYTES = 1024 * 1024;

/**
 * Collects a bulk that does not lie in one chunk: `begin`, its bytes in order, `finish`. A decoder keeps one of each kind:
 * the hidden class of an object that comes and goes dies with it at a collection, and takes the optimised code with it.
 */
export interface LargeBulk {
  /** What is appended is referred to until the end, instead of copied at once. */
  readonly keepsPieces: boolean;
  begin(length: number): void;
  append(piece: TextBytes): void;
  finish(): string | TextBytes | Error;
  /** Lets go of what has been collected. */
  clear(): void;
}

/** Each byte is copied once: into its final place, or, when the bulk is large, from its chunk when all are there. */
export class LargeBytes implements LargeBulk {
  #whole: TextBytes | undefined;
  #pieces: TextBytes[] = [];
  #at = 0;

  get keepsPieces(): boolean {
    return this.#whole === undefined;
  }

  begin(length: number): void {
    this.#whole = length <= TRUSTED_BYTES ? allocateUnset(length) : undefined;
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
    this.clear();
    return whole;
  }

  clear(): void {
    this.begin(TRUSTED_BYTES + 1);
  }
}

/** Memory for texts up to this size stays for the next one. */
const KEPT_BYTES = 32 * 1024;
/** Longer texts are decoded in parts of this size, so that neither chunks nor all of the bytes are kept. */
const PART_BYTES = 1024 * 1024;

/** Each byte is copied once, into memory that is used again, and decoded from there. */
export class LargeText implements LargeBulk {
  readonly keepsPieces = false;
  #kept: TextBytes | undefined;
  #part: TextBytes | undefined;
  /** Bytes in the part. */
  #filled = 0;
  #text = '';
  #failure: Error | undefined;

  begin(length: number): void {
    this.#text = '';
    this.#failure = undefined;
    this.#filled = 0;
    if (length > KEPT_BYTES) this.#part = allocate(Math.min(length, PART_BYTES));
    else {
      this.#kept ??= allocate(KEPT_BYTES);
      this.#part = this.#kept;
    }
  }

  append(piece: TextBytes): void {
    const part = this.#part as TextBytes;
    let at = 0;
    while (at < piece.length) {
      const taken = Math.min(piece.length - at, part.length - this.#filled);
      part.set(taken === piece.length ? piece : piece.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (at < piece.length) this.#decode(false);
    }
  }

  finish(): string | Error {
    this.#decode(true);
    const outcome = this.#failure ?? this.#text;
    this.clear();
    return outcome;
  }

  clear(): void {
    this.#text = '';
    this.#part = this.#failure = undefined;
  }

  /** Makes text of the part. The bytes of a character that goes on in the next part stay. */
  #decode(last: boolean): void {
    const part = this.#part as TextBytes;
    const filled = this.#filled;
    const cut = last ? filled : cutOf(part);
    if (this.#failure === undefined) {
      try {
        this.#text += isAscii(part.subarray(0, cut)) ? part.latin1Slice(0, cut) : part.utf8Slice(0, cut);
      } catch (error) {
        // Longer than any string of this engine: the rest is skipped, and the reply is an error.
        this.#failure = error as Error;
        this.#text = '';
      }
    }
    part.copyWithin(0, cut, filled);
    this.#filled = filled - cut;
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
