import type { ProtocolErrorCode } from './errors.js';
import { INTEGER_LINE_BYTES, type Limits, SHORT_LINE_BYTES } from './limits.js';
import { CR, LF } from './type-bytes.js';

export interface LineFault {
  code: ProtocolErrorCode;
  /** Index of the offending byte, counted from the type byte. */
  index: number;
  expected: string;
}

interface Grammar {
  expected: string;
  /** True when the text after the type byte may still become legal. */
  prefix(text: string): boolean;
  whole(text: string): boolean;
}

const length = (whole: RegExp, prefix: RegExp, expected: string): Grammar => ({
  expected,
  prefix: (text) => prefix.test(text),
  whole: (text) => whole.test(text),
});

const count = length(/^\d+$/, /^\d*$/, 'a length in digits');
const countOrNull = length(/^(\d+|-1|\?)$/, /^(\d*|-1?|\?)$/, 'a length in digits, -1 or ?');
const countOrStream = length(/^(\d+|\?)$/, /^(\d*|\?)$/, 'a length in digits or ?');
const nothing = length(/^$/, /^$/, 'CRLF');

const SHORT: Record<string, Grammar> = {
  ':': {
    expected: 'an integer between -2^63 and 2^63-1',
    prefix: (text) => /^[+-]?\d*$/.test(text),
    whole: (text) => /^[+-]?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text),
  },
  ',': {
    expected: 'a double, inf or nan',
    prefix: (text) =>
      /^[+-]?(\d*|\d+\.\d*|\.\d*|(\d+(\.\d*)?|\.\d+)e[+-]?\d*|i|in|inf|n|na|nan|nan\(\w*\)?)$/i.test(text),
    whole: (text) => isDouble(text),
  },
  '#': { expected: 't or f', prefix: (text) => /^[tf]?$/.test(text), whole: (text) => /^[tf]$/.test(text) },
  _: nothing,
  '.': nothing,
  $: countOrNull,
  '*': countOrNull,
  '~': countOrStream,
  '%': countOrStream,
  '>': count,
  '|': count,
  '=': count,
  '!': count,
  ';': count,
};

const INVALID_LENGTH = '$*~%>|=!;';

function isDouble(text: string): boolean {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) || /^[+-]?(inf|nan(\(\w*\))?)$/i.test(text);
}

/**
 * The first fault of a line as a reader would find it that sees one byte at a time, so that it is the same one however
 * the line arrived. `bytes[start]` is the type byte; the line may be cut off at `end`. `from` is where to go on looking
 * in a long line whose beginning is known to be right.
 */
export function lineFault(
  bytes: Uint8Array,
  start: number,
  end: number,
  limits: Limits,
  from: number = start + 1,
): LineFault | undefined {
  const type = String.fromCharCode(bytes[start] as number);
  const grammar = SHORT[type];
  return grammar === undefined
    ? longLineFault(type, bytes, start, end, limits, from)
    : shortLineFault(type, grammar, bytes, start, end);
}

function shortLineFault(
  type: string,
  grammar: Grammar,
  bytes: Uint8Array,
  start: number,
  end: number,
): LineFault | undefined {
  const most = type === ':' ? INTEGER_LINE_BYTES : SHORT_LINE_BYTES;
  const code: ProtocolErrorCode = INVALID_LENGTH.includes(type) ? 'INVALID_LENGTH' : 'INVALID_VALUE';
  let text = '';
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at] as number;
    const index = at - start;
    if (byte === CR) {
      if (!grammar.whole(text)) return { code, index, expected: grammar.expected };
      return terminatorFault(bytes, at, end, start);
    }
    text += String.fromCharCode(byte);
    if (!grammar.prefix(text)) {
      const done = grammar.whole(text.slice(0, -1)) && !/\w/.test(text.slice(-1));
      return done
        ? { code: 'INVALID_TERMINATOR', index, expected: 'CRLF' }
        : { code, index, expected: grammar.expected };
    }
    if (text.length > most) return { code: 'LIMIT_EXCEEDED', index, expected: `at most ${most} bytes` };
  }
  return undefined;
}

function longLineFault(
  type: string,
  bytes: Uint8Array,
  start: number,
  end: number,
  limits: Limits,
  from: number,
): LineFault | undefined {
  const big = type === '(';
  const most = big ? limits.bigNumberBytes : limits.lineBytes;
  for (let at = from; at < end; at++) {
    const byte = bytes[at] as number;
    const index = at - start;
    if (byte === CR) {
      if (big && !isDigit(bytes[at - 1] as number)) {
        return { code: 'INVALID_VALUE', index, expected: 'a number in digits' };
      }
      return terminatorFault(bytes, at, end, start);
    }
    if (byte === LF) return { code: 'INVALID_TERMINATOR', index, expected: 'CRLF' };
    if (big && !isDigit(byte) && !(index === 1 && (byte === 0x2b || byte === 0x2d))) {
      return { code: 'INVALID_VALUE', index, expected: 'a number in digits' };
    }
    if (index > most) return { code: 'LIMIT_EXCEEDED', index, expected: `at most ${most} bytes` };
  }
  return undefined;
}

function terminatorFault(bytes: Uint8Array, cr: number, end: number, start: number): LineFault | undefined {
  if (cr + 1 >= end || bytes[cr + 1] === LF) return undefined;
  return { code: 'INVALID_TERMINATOR', index: cr + 1 - start, expected: 'LF after CR' };
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
