import { allocateUnset, type TextBytes } from './text-bytes.js';

/** One copy of all the pieces, in order. */
export function concat(pieces: readonly Uint8Array[]): TextBytes {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const whole = allocateUnset(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
