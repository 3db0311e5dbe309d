import { describe, expect, test } from 'vitest';
import { ProtocolError, type ProtocolErrorCode, RespDecoder } from '../src/index.js';
import type { EngineOptions } from '../src/options.js';
import { BYTE_BY_BYTE, decode, WHOLE } from './decode.js';

type Case = [input: string, code: ProtocolErrorCode, offset: number];

/** `\n` stands for CRLF unless the input has a CR of its own. */
const bytesOf = (input: string): Uint8Array =>
  Buffer.from(input.includes('\r') ? input : input.replaceAll('\n', '\r\n'), 'latin1');

/** Long enough that headers are read without care for the end of the chunk. */
const TAIL = '+tail that is longer than any header\r\n';

function expectFault(bytes: Uint8Array, code: string, offset: number, options: EngineOptions = {}): void {
  const whole = decode(bytes, options, WHOLE);
  expect(whole.end).toMatch(new RegExp(`^${code} at ${offset}: expected .+ at byte ${offset}`));
  expect(decode(bytes, options, BYTE_BY_BYTE)).toEqual(whole);
  expect(decode(Buffer.concat([bytes, Buffer.from(TAIL)]), options, WHOLE)).toEqual(whole);
  for (const size of [2, 3, 7, 24]) expect(decode(bytes, options, [size])).toEqual(whole);
  for (let cut = 1; cut < bytes.length; cut++) {
    expect(decode(bytes, options, [cut, bytes.length])).toEqual(whole);
  }
  // As early as it can be known: without the byte at the offset there is nothing wrong yet.
  if (code !== 'LIMIT_EXCEEDED') expect(decode(bytes.subarray(0, offset), options).end).not.toMatch(code);
}

const cases: Case[] = [
  // The type byte must be known.
  ['?', 'UNKNOWN_TYPE', 0],
  ['PING\n', 'UNKNOWN_TYPE', 0],
  ['HTTP/1.1 400 Bad Request\n', 'UNKNOWN_TYPE', 0],
  ['\n', 'UNKNOWN_TYPE', 0],
  ['\0', 'UNKNOWN_TYPE', 0],
  ['\xff', 'UNKNOWN_TYPE', 0],
  ['+OK\nx', 'UNKNOWN_TYPE', 5],
  ['*1\n@', 'UNKNOWN_TYPE', 4],
  ['$1\na\n\n', 'UNKNOWN_TYPE', 7],
  // Lengths are digits only.
  ['$x\n', 'INVALID_LENGTH', 1],
  ['$\n', 'INVALID_LENGTH', 1],
  ['$ 5\nhello\n', 'INVALID_LENGTH', 1],
  ['$+5\nhello\n', 'INVALID_LENGTH', 1],
  ['$5 \nhello\n', 'INVALID_TERMINATOR', 2],
  ['$5a\nhello\n', 'INVALID_LENGTH', 2],
  ['$-2\n', 'INVALID_LENGTH', 2],
  ['$-\n', 'INVALID_LENGTH', 2],
  ['$-11\n', 'INVALID_LENGTH', 3],
  ['$-1x\n', 'INVALID_LENGTH', 3],
  ['$??\n', 'INVALID_TERMINATOR', 2],
  ['$?1\n', 'INVALID_LENGTH', 2],
  ['$1.5\n', 'INVALID_TERMINATOR', 2],
  ['$0x5\n', 'INVALID_LENGTH', 2],
  ['$1e3\n', 'INVALID_LENGTH', 2],
  ['*-2\n', 'INVALID_LENGTH', 2],
  ['*+1\n', 'INVALID_LENGTH', 1],
  ['*a\n', 'INVALID_LENGTH', 1],
  ['~-1\n', 'INVALID_LENGTH', 1],
  ['%-1\n', 'INVALID_LENGTH', 1],
  ['|-1\n', 'INVALID_LENGTH', 1],
  ['|?\n', 'INVALID_LENGTH', 1],
  ['>-1\n', 'INVALID_LENGTH', 1],
  ['>?\n', 'INVALID_LENGTH', 1],
  ['=-1\n', 'INVALID_LENGTH', 1],
  ['=?\n', 'INVALID_LENGTH', 1],
  ['!-1\n', 'INVALID_LENGTH', 1],
  ['!?\n', 'INVALID_LENGTH', 1],
  // Integers have an optional sign and fit int64.
  [':\n', 'INVALID_VALUE', 1],
  [':-\n', 'INVALID_VALUE', 2],
  [':+\n', 'INVALID_VALUE', 2],
  [':--1\n', 'INVALID_VALUE', 2],
  [':+-1\n', 'INVALID_VALUE', 2],
  [': 1\n', 'INVALID_VALUE', 1],
  [':1 \n', 'INVALID_TERMINATOR', 2],
  [':1a\n', 'INVALID_VALUE', 2],
  [':1.5\n', 'INVALID_TERMINATOR', 2],
  [':0x10\n', 'INVALID_VALUE', 2],
  [':9223372036854775808\n', 'INVALID_VALUE', 20],
  [':-9223372036854775809\n', 'INVALID_VALUE', 21],
  [':99999999999999999999\n', 'INVALID_VALUE', 21],
  // Doubles.
  [',\n', 'INVALID_VALUE', 1],
  [',.\n', 'INVALID_VALUE', 2],
  [',-\n', 'INVALID_VALUE', 2],
  [',-.\n', 'INVALID_VALUE', 3],
  [',1e\n', 'INVALID_VALUE', 3],
  [',1e+\n', 'INVALID_VALUE', 4],
  [',1.2.3\n', 'INVALID_TERMINATOR', 4],
  [',1,5\n', 'INVALID_TERMINATOR', 2],
  [',0x1p3\n', 'INVALID_VALUE', 2],
  [',infinity\n', 'INVALID_VALUE', 4],
  [',in\n', 'INVALID_VALUE', 3],
  [',na\n', 'INVALID_VALUE', 3],
  [',nan(\n', 'INVALID_VALUE', 5],
  [',nan(-1)\n', 'INVALID_VALUE', 5],
  [',e5\n', 'INVALID_VALUE', 1],
  [', 1\n', 'INVALID_VALUE', 1],
  // Big numbers.
  ['(\n', 'INVALID_VALUE', 1],
  ['(-\n', 'INVALID_VALUE', 2],
  ['(1-\n', 'INVALID_VALUE', 2],
  ['(1.5\n', 'INVALID_VALUE', 2],
  ['(0x10\n', 'INVALID_VALUE', 2],
  ['( 1\n', 'INVALID_VALUE', 1],
  // Booleans and nulls.
  ['#\n', 'INVALID_VALUE', 1],
  ['#T\n', 'INVALID_VALUE', 1],
  ['#1\n', 'INVALID_VALUE', 1],
  ['#tt\n', 'INVALID_VALUE', 2],
  ['#t \n', 'INVALID_TERMINATOR', 2],
  ['_x\n', 'INVALID_VALUE', 1],
  ['_ \n', 'INVALID_TERMINATOR', 1],
  // Lines end in CRLF exactly.
  ['+OK\rx\r\n', 'INVALID_TERMINATOR', 4],
  ['+O\rK\r\n', 'INVALID_TERMINATOR', 3],
  ['+a\r\r\n', 'INVALID_TERMINATOR', 3],
  ['-ERR\rx\r\n', 'INVALID_TERMINATOR', 5],
  [':1\rx\r\n', 'INVALID_TERMINATOR', 3],
  ['$1\rxa\r\n', 'INVALID_TERMINATOR', 3],
  [',1\rx\r\n', 'INVALID_TERMINATOR', 3],
  ['(1\rx\r\n', 'INVALID_TERMINATOR', 3],
  ['#t\rx\r\n', 'INVALID_TERMINATOR', 3],
  ['_\rx\r\n', 'INVALID_TERMINATOR', 2],
  // A bulk is followed by CRLF.
  ['$2\nabc\n', 'INVALID_TERMINATOR', 6],
  ['$2\r\nab\r\r\n', 'INVALID_TERMINATOR', 7],
  ['$0\nx\n', 'INVALID_TERMINATOR', 4],
  ['$3\nab\n+', 'INVALID_TERMINATOR', 7],
  ['!2\nabc\n', 'INVALID_TERMINATOR', 6],
  ['=5\ntxt:ab\n', 'INVALID_TERMINATOR', 9],
  ['$?\n;2\nabc\n', 'INVALID_TERMINATOR', 10],
  // Verbatim strings.
  ['=3\ntxt\n', 'INVALID_LENGTH', 0],
  ['=0\n\n', 'INVALID_LENGTH', 0],
  ['=5\ntxtab\n', 'INVALID_STRUCTURE', 7],
  // Pieces and ends only inside of streamed values.
  ['.\n', 'INVALID_STRUCTURE', 0],
  [';1\na\n', 'INVALID_STRUCTURE', 0],
  [';999999999999\n', 'INVALID_STRUCTURE', 0],
  [';x\n', 'INVALID_STRUCTURE', 0],
  ['*1\n.\n', 'INVALID_STRUCTURE', 4],
  ['%1\n+a\n.\n', 'INVALID_STRUCTURE', 8],
  ['*?\n;1\na\n', 'INVALID_STRUCTURE', 4],
  ['*?\n*1\n.\n', 'INVALID_STRUCTURE', 8],
  ['>1\n.\n', 'INVALID_STRUCTURE', 4],
  ['$?\n+a\n', 'INVALID_STRUCTURE', 4],
  ['$?\n$1\na\n', 'INVALID_STRUCTURE', 4],
  ['$?\n.\n', 'INVALID_STRUCTURE', 4],
  ['$?\n>1\n+p\n', 'INVALID_STRUCTURE', 4],
  ['$?\nx', 'INVALID_STRUCTURE', 4],
  ['$?\n;-1\n', 'INVALID_LENGTH', 5],
  ['$?\n;?\n', 'INVALID_LENGTH', 5],
  ['$?\n;\n', 'INVALID_LENGTH', 5],
  ['*?\n.x\n', 'INVALID_VALUE', 5],
  // Half a pair, attributes of nothing, pushes without a type.
  ['%?\n+a\n.\n', 'INVALID_STRUCTURE', 8],
  ['%?\n+a\n:1\n+b\n.\n', 'INVALID_STRUCTURE', 16],
  ['*?\n|1\n+a\n+b\n.\n', 'INVALID_STRUCTURE', 16],
  ['*?\n|0\n.\n', 'INVALID_STRUCTURE', 8],
  ['|1\n+a\n.\n', 'INVALID_STRUCTURE', 8],
  ['|1\n+a\n+b\n.\n', 'INVALID_STRUCTURE', 12],
  ['>0\n', 'INVALID_STRUCTURE', 0],
];

describe('malformed input', () => {
  test.each(cases)('%j is %s at %i', (input, code, offset) => {
    expectFault(bytesOf(input), code, offset);
    expectFault(bytesOf(input), code, offset, { typed: true, replies: 'bytes', pushReplies: 'bytes' });
    // The same behind a reply, and inside of one.
    const before = Buffer.from('+before\r\n*3\r\n:1\r\n');
    const offsetThere = before.length + offset;
    expectFault(Buffer.concat([before, bytesOf(input)]), code, offsetThere);
  });

  test.each([
    ['>1\n:5\n', 8],
    ['>2\n:5\n+a\n', 8],
    ['>2\n_\n+a\n', 7],
    ['>2\n$-1\n+a\n', 9],
    ['>2\n-ERR\n+a\n', 10],
    ['>2\n*0\n+a\n', 8],
    ['>2\n*1\n+message\n+a\n', 18],
    ['>2\n#t\n+a\n', 8],
  ])('%j has no push type, known at %i when the first element is whole', (input, offset) => {
    for (const options of [{}, { typed: true }, { pushReplies: 'bytes' }, { verbatim: 'text' }] as const) {
      const bytes = bytesOf(input);
      const whole = decode(bytes, options);
      expect(whole.end).toContain(
        `INVALID_STRUCTURE at ${offset}: expected a push that begins with its type`,
      );
      for (let cut = 1; cut < bytes.length; cut++) {
        expect(decode(bytes, options, [cut, bytes.length])).toEqual(whole);
      }
    }
  });

  test.each([
    ['a status', '+OK\n', 3],
    ['a length', '$5\nhello\r\n', 2],
    ['an integer', ':5\n', 2],
    ['a bulk', '$1\r\na\n', 5],
    ['an error', '-ERR a\nb\r\n', 6],
    ['a big number', '(12\n', 3],
    ['a double', ',1.5\n', 4],
    ['null', '_\n', 1],
  ])('a bare LF after %s', (_, input, offset) => {
    const bytes = Buffer.from(input, 'latin1');
    const whole = decode(bytes);
    expect(whole.end).toContain(`INVALID_TERMINATOR at ${offset}: expected CRLF`);
    expect(decode(bytes, {}, BYTE_BY_BYTE)).toEqual(whole);
  });
});

describe('ProtocolError', () => {
  const errorOf = (input: string): ProtocolError => {
    const decoder = new RespDecoder({ onReply() {}, onErrorReply() {}, onPush() {} });
    try {
      decoder.write(Buffer.from(input, 'latin1'));
    } catch (error) {
      return error as ProtocolError;
    }
    throw new Error('nothing was thrown');
  };

  test('says what was expected, where, and shows the header', () => {
    const error = errorOf('+OK\r\n$12x\r\n');
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error.name).toBe('ProtocolError');
    expect(error).toMatchObject({ code: 'INVALID_LENGTH', offset: 8, excerpt: '$12x' });
    expect(error.message).toBe('expected a length in digits, -1 or ? at byte 8, got "$12x"');
  });

  test('shows at most 32 bytes, printable', () => {
    expect(errorOf(`+${'a'.repeat(100)}\x00\x1b\n`).excerpt).toBe(`${'a'.repeat(29)}\\x00\\x1b\\n`);
  });

  test('never shows the content of a bulk', () => {
    const { message, excerpt } = errorOf('$6\r\nsecretX\r\n');
    expect(excerpt).toBe('');
    expect(message).not.toContain('secret');
    expect(errorOf('=6\r\nsecret\r\n').message).not.toContain('secret');
    expect(errorOf('$?\r\n;6\r\nsecretX').message).not.toContain('secret');
  });

  test('counts offsets from the first byte ever written', () => {
    const decoder = new RespDecoder({ onReply() {}, onErrorReply() {}, onPush() {} });
    for (let i = 0; i < 1000; i++) decoder.write(Buffer.from('+OK\r\n'));
    expect(() => decoder.write(Buffer.from('+OK\r\n:x'))).toThrow(expect.objectContaining({ offset: 5006 }));
    expect(decoder.offset).toBe(5006);
    decoder.reset();
    expect(() => decoder.write(Buffer.from(':x'))).toThrow(expect.objectContaining({ offset: 1 }));
  });
});
