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

/** Decodes each piece as it comes, so that neither chunks nor a second copy of the bytes are kept. */
export class LargeText implements LargeBulk {
  #text = '';
  /** Bytes of a character whose other bytes are in the next piece. */
  #rest: TextBytes | undefined;
  #failure: Error | undefined;

  begin(): void {
    this.#text = '';
    this.#rest = this.#failure = undefined;
  }

  append(piece: TextBytes): void {
    if (this.#failure !== undefined) return;
    let bytes = piece;
    if (this.#rest !== undefined) {
      bytes = concat([this.#rest, piece]);
      this.#rest = undefined;
    } else if (isAscii(piece)) {
      this.#add(piece.latin1Slice(0, piece.length));
      return;
    }
    const cut = cutOf(bytes);
    this.#add(bytes.utf8Slice(0, cut));
    if (cut < bytes.length) this.#rest = bytes.subarray(cut);
  }

  finish(): string | Error {
    if (this.#rest !== undefined) this.#add(this.#rest.utf8Slice(0, this.#rest.length));
    const outcome = this.#failure ?? this.#text;
    this.begin();
    return outcome;
  }

  #add(text: string): void {
    try {
      this.#text += text;
    } catch (error) {
      // Longer than any string of this engine: the rest is skipped, and the reply is an error.
      this.#failure = error as Error;
      this.#text = '';
    }
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
