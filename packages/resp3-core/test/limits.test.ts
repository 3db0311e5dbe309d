import { describe, expect, test } from 'vitest';
import { defaultLimits, type Limits, ProtocolError, RespDecoder, type RespValue } from '../src/index.js';
import { BYTE_BY_BYTE, decode, event } from './decode.js';

const crlf = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1');

function expectSame(input: string, limits: Partial<Limits>): { events: readonly string[]; end: string } {
  const bytes = crlf(input);
  const whole = decode(bytes, { limits });
  expect(decode(bytes, { limits }, BYTE_BY_BYTE)).toEqual(whole);
  for (const size of [2, 3, 7, 24, 100]) expect(decode(bytes, { limits }, [size])).toEqual(whole);
  for (let cut = 1; cut < Math.min(bytes.length, 300); cut++) {
    expect(decode(bytes, { limits }, [cut, bytes.length])).toEqual(whole);
  }
  return whole;
}

const digits = (count: number): string => '1'.repeat(count);
const text = (count: number): string => 'a'.repeat(count);

describe('limits', () => {
  test.each<[name: string, limits: Partial<Limits>, allowed: string, refused: string, offset: number]>([
    ['depth', { depth: 3 }, '*1\n*1\n*1\n:1\n', '*1\n*1\n*1\n*1\n:1\n', 12],
    ['depth, empty aggregates', { depth: 1 }, '*1\n:1\n', '*1\n*0\n', 4],
    [
      'depth, all kinds',
      { depth: 3 },
      '%1\n+k\n~1\n|1\n+k\n+v\n:1\n',
      '%1\n+k\n~1\n>1\n|1\n+k\n+v\n+p\n',
      16,
    ],
    ['depth, streamed strings', { depth: 2 }, '*1\n$?\n;0\n', '*1\n*1\n$?\n;0\n', 8],
    ['bulkBytes', { bulkBytes: 5 }, '$5\nhello\n', '$6\nhello!\n', 0],
    ['bulkBytes, errors', { bulkBytes: 5 }, '!5\nERR a\n', '!6\nERR ab\n', 0],
    ['bulkBytes, verbatim', { bulkBytes: 5 }, '=5\ntxt:a\n', '=6\ntxt:ab\n', 0],
    [
      'bulkBytes, streamed in total',
      { bulkBytes: 5 },
      '$?\n;3\nhel\n;2\nlo\n;0\n',
      '$?\n;3\nhel\n;3\nlo!\n;0\n',
      13,
    ],
    ['elements', { elements: 2 }, '*2\n:1\n:2\n', '*3\n', 0],
    ['elements, pairs of a map', { elements: 2 }, '%2\n:1\n:2\n:3\n:4\n', '%3\n', 0],
    ['elements, of a push', { elements: 2 }, '>2\n+a\n:2\n', '>3\n', 0],
    ['elements, attributes', { elements: 1 }, '|1\n+a\n:2\n:1\n', '|2\n', 0],
    ['elements, streamed', { elements: 2 }, '*?\n:1\n:2\n.\n', '*?\n:1\n:2\n:3\n', 16],
    ['elements, streamed pairs', { elements: 1 }, '%?\n:1\n:2\n.\n', '%?\n:1\n:2\n:3\n:4\n', 20],
    ['lineBytes', { lineBytes: 30 }, `+${text(30)}\n`, `+${text(31)}\n`, 31],
    ['lineBytes, errors', { lineBytes: 30 }, `-${text(30)}\n`, `-${text(31)}`, 31],
    ['bigNumberBytes', { bigNumberBytes: 30 }, `(${digits(30)}\n`, `(${digits(31)}\n`, 31],
    ['integers', {}, `:${'0'.repeat(20)}1\n`, `:${'0'.repeat(21)}1\n`, 22],
    ['doubles', {}, `,${digits(64)}\n`, `,${digits(65)}\n`, 65],
    ['lengths', {}, `$${'0'.repeat(63)}1\na\n`, `$${'0'.repeat(64)}1\na\n`, 65],
    ['replyBytes', { replyBytes: 11 }, '*1\n$1\na\n', '*1\n$2\nab\n', 11],
    ['replyBytes, a bulk announced', { replyBytes: 20 }, '$13\n0123456789012\n', '$14\n', 20],
    ['replyBytes, many elements', { replyBytes: 20 }, '*4\n:1\n:2\n:3\n:4\n', '*5\n:1\n:2\n:3\n:4\n:5\n', 20],
    ['replyBytes, endless attributes', { replyBytes: 20 }, '|0\n|0\n|0\n|0\n:1\n', `${'|0\n'.repeat(9)}`, 20],
    ['replyBytes, a push', { replyBytes: 8 }, '>1\n+a\n>1\n+b\n', '>1\n+ab\n', 8],
  ])('%s', (_, limits, allowed, refused, offset) => {
    expect(expectSame(allowed + allowed, limits).end).toBe('done');
    const error = expectSame(refused, limits).end;
    expect(error).toMatch(new RegExp(`^LIMIT_EXCEEDED at ${offset}: expected `));
  });

  test('replyBytes counts from the first byte of each reply', () => {
    const { events, end } = expectSame('+a\n+b\n*2\n:1\n:2\n+c\n*2\n:1\n:22\n', { replyBytes: 12 });
    expect(events).toEqual(['a', 'b', [1, 2], 'c'].map((value) => event('reply', value)));
    expect(end).toMatch(/^LIMIT_EXCEEDED at 36/);
  });

  test('the defaults', () => {
    expect(defaultLimits).toEqual({
      depth: 512,
      bulkBytes: 536_870_912,
      elements: 16_777_216,
      replyBytes: 1_073_741_824,
      lineBytes: 1_048_576,
      bigNumberBytes: 65_536,
    });
    const nested = (levels: number): Uint8Array => crlf(`${'*1\n'.repeat(levels)}:1\n`);
    expect(decode(nested(512)).end).toBe('done');
    expect(decode(nested(513)).end).toMatch(/^LIMIT_EXCEEDED at 2048: expected at most 512 levels/);
    expect(decode(crlf('$536870912\n')).end).toBe('more');
    expect(decode(crlf('$536870913\n')).end).toMatch(/^LIMIT_EXCEEDED at 0/);
    expect(decode(crlf('*16777216\n')).end).toBe('more');
    expect(decode(crlf('*16777217\n')).end).toMatch(/^LIMIT_EXCEEDED at 0/);
    expect(decode(crlf(`+${text(1_048_576)}\n`)).end).toBe('done');
    expect(decode(crlf(`+${text(1_048_577)}`)).end).toMatch(/^LIMIT_EXCEEDED at 1048577/);
    expect(decode(crlf(`(${digits(65_536)}\n`)).end).toBe('done');
    expect(decode(crlf(`(${digits(65_537)}`)).end).toMatch(/^LIMIT_EXCEEDED at 65537/);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5'])('%j is no limit', (value) => {
    const make = (): unknown =>
      new RespDecoder(
        { onReply() {}, onErrorReply() {}, onPush() {} },
        { limits: { depth: value as number } },
      );
    expect(make).toThrow(
      new RangeError(`limits.depth must be an integer of at least 1, got ${String(value)}`),
    );
  });
});

describe('D4: deep nesting', () => {
  function depthOf(value: RespValue): number {
    let depth = 0;
    for (let at = value; Array.isArray(at); at = at[0] as RespValue) depth++;
    return depth;
  }

  test('D4: 100,000 levels are decoded when the limit allows them, in any chunks', () => {
    const bytes = crlf(`${'*1\n'.repeat(100_000)}:1\n`);
    for (const size of [bytes.length, 1, 1000]) {
      let depth = 0;
      const decoder = new RespDecoder(
        { onReply: (value) => (depth = depthOf(value)), onErrorReply() {}, onPush() {} },
        { limits: { depth: 100_000 } },
      );
      for (let at = 0; at < bytes.length; at += size) decoder.write(bytes.subarray(at, at + size));
      expect(depth).toBe(100_000);
    }
  });

  test('D4: 50,000 levels are a ProtocolError by default, never a value or a stack overflow', () => {
    const replies: RespValue[] = [];
    const decoder = new RespDecoder({
      onReply: (value) => replies.push(value),
      onErrorReply: (error) => replies.push(error),
      onPush() {},
    });
    const nested = crlf(`+before\n${'*1\n'.repeat(50_000)}:1\n+after\n`);
    expect(() => decoder.write(nested)).toThrow(ProtocolError);
    expect(replies).toEqual(['before']);
    expect(() => decoder.write(crlf('+again\n'))).toThrow(
      expect.objectContaining({ code: 'DECODER_FAILED' }),
    );
    expect(replies).toEqual(['before']);
  });

  test('D4: a tree of maps, sets, attributes and streams is as deep as it likes', () => {
    const levels = 20_000;
    const open = ['%1\n:1\n', '~1\n', '*?\n', '|1\n+a\n+b\n*1\n'];
    const shut = ['', '', '.\n', ''];
    const order = Array.from({ length: levels }, (_, i) => i % open.length);
    const body = order.map((i) => open[i]).join('');
    const tail = order
      .toReversed()
      .map((i) => shut[i])
      .join('');
    let replies = 0;
    const decoder = new RespDecoder(
      { onReply: () => replies++, onErrorReply() {}, onPush() {} },
      { limits: { depth: levels + 1 }, attributes: 'wrap' },
    );
    decoder.write(crlf(`${body}:1\n${tail}`));
    expect(replies).toBe(1);
    expect(decoder.pending).toBe(false);
  });
});

describe('hostile headers', () => {
  /** Bytes that the decoder holds after input of a few bytes. */
  function heldBy(input: string, limits?: Partial<Limits>): number {
    const decoder = new RespDecoder(
      { onReply() {}, onErrorReply() {}, onPush() {} },
      limits === undefined ? {} : { limits },
    );
    const before = process.memoryUsage();
    decoder.write(crlf(input));
    const after = process.memoryUsage();
    expect(decoder.pending).toBe(true);
    return after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  }

  test.each([
    ['an array', '*16777216\n', {}],
    ['a map', '%16777216\n', {}],
    ['a set', '~16777216\n', {}],
    ['a push', '>16777216\n+a\n', {}],
    ['arrays in arrays', '*16777216\n'.repeat(512), {}],
    ['maps in maps', '%16777216\n:1\n'.repeat(512), {}],
    ['a bulk', '$536870912\nabc', {}],
    ['a piece', '$?\n;536870912\nabc', {}],
    ['an error', '!536870912\nabc', {}],
    ['an array without a limit', '*9007199254740991\n', { elements: Number.MAX_SAFE_INTEGER }],
    [
      'a bulk without a limit',
      '$9007199254740000\nabc',
      {
        bulkBytes: Number.MAX_SAFE_INTEGER,
        replyBytes: Number.MAX_SAFE_INTEGER,
      },
    ],
  ])('%s is not allocated as announced', (_, input, limits) => {
    expect(heldBy(input, limits)).toBeLessThan(8 * 1024 * 1024);
  });
});

describe('huge bulks in small chunks', () => {
  const MiB = 1024 * 1024;

  test.each([
    [8 * MiB, 'string', 1024],
    [8 * MiB, 'string', 100],
    [1 * MiB, 'string', 1],
    [8 * MiB, 'bytes', 1024],
    [1 * MiB, 'bytes', 1],
    [1 * MiB + 1, 'bytes', 1],
  ] as const)('%i bytes as %s in chunks of %i bytes', (size, replies, chunk) => {
    const whole = Buffer.alloc(size, 'abcdefghijklmnopqrstuvwxyz é€😀 ');
    let reply: RespValue = null;
    const decoder = new RespDecoder(
      { onReply: (value) => (reply = value), onErrorReply() {}, onPush() {} },
      { replies },
    );
    decoder.write(crlf(`$${size}\n`));
    for (let at = 0; at < size; at += chunk) decoder.write(whole.subarray(at, at + chunk));
    expect(decoder.pending).toBe(true);
    decoder.write(crlf('\n'));
    expect(decoder.pending).toBe(false);
    const same =
      replies === 'bytes' ? whole.equals(reply as unknown as Uint8Array) : whole.toString() === reply;
    expect(same).toBe(true);
  });
});
