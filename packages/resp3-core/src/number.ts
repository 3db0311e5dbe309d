import type { TextBytes } from './text-bytes.js';
import { CR, DOT, LF, MINUS } from './type-bytes.js';

/** The value of digits that may not fit a double exactly: a `number` when it is safe, else a `bigint`. */
export function exactInteger(text: string): number | bigint {
  const value = Number(text);
  // Adding 0 turns the -0 of ":-0" into 0.
  return Number.isSafeInteger(value) ? value + 0 : BigInt(text);
}

/** The value of a double's text, whose grammar has been checked. */
export function doubleOf(text: string): number {
  const value = Number(text);
  if (!Number.isNaN(value)) return value;
  const unsigned = text.replace(/^[+-]/, '').toLowerCase();
  if (unsigned === 'inf') return text.startsWith('-') ? -Infinity : Infinity;
  return Number.NaN;
}

const MOST_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: MOST_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/**
 * Reads the doubles that servers mostly send: up to 15 digits with or without a point. Both the digits and the power of ten
 * are exact then, so that their one division rounds as the standard wants it.
 */
export class DoubleReader {
  /** Index of the CR after the last double, -1 when it must be read another way. */
  end = -1;

  read(bytes: TextBytes, start: number): number {
    const negative = bytes[start] === MINUS;
    let at = negative ? start + 1 : start;
    const first = at;
    let number = 0;
    let point = -1;
    const most = first + MOST_DIGITS;
    for (; at <= most; at++) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit >= 0 && digit <= 9) number = number * 10 + digit;
      else if (point === -1 && at > first && bytes[at] === DOT) point = at;
      else break;
    }
    const digits = at - first - (point === -1 ? 0 : 1);
    if (bytes[at] !== CR || bytes[at + 1] !== LF || digits === 0 || digits > MOST_DIGITS) {
      this.end = -1;
      return 0;
    }
    this.end = at;
    const value = point === -1 ? number : number / (POWERS_OF_TEN[at - point - 1] as number);
    return negative ? -value : value;
  }
}
