import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RespDecoder, type RespValue } from '../src/index.js';

/** Lengths in bytes around which the decoder changes its way of making strings. */
const LENGTHS = [
  1, 2, 3, 11, 12, 13, 14, 31, 32, 33, 127, 399, 400, 401, 511, 512, 513, 1023, 1024, 1025, 2000,
];

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const CHARACTERS: Record<string, string[]> = {
  ascii: ['a', 'Z', '0', ' ', '\r', '\n', '\0', '~'],
  two: ['é', 'ü', '\x80', '߿'],
  three: ['€', '漢', 'ࠀ', '\ufeff', '\uffff'],
  four: ['😀', '𐀀', '\u{10ffff}'],
};
const MALFORMED = [
  [0x80],
  [0xbf],
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xc3],
  [0xe2],
  [0xe2, 0x82],
  [0xe0, 0x80, 0x80],
  [0xed, 0xa0, 0x80],
  [0xed, 0xb0, 0x80],
  [0xf0],
  [0xf0, 0x9f],
  [0xf0, 0x9f, 0x98],
  [0xf0, 0x80, 0x80, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0xfe],
  [0xff],
  [0xc3, 0x28],
  [0xe2, 0x28, 0xa1],
  [0xf0, 0x28, 0x8c, 0xbc],
];

/** Exactly so many bytes; the last character may be torn. */
function text(length: number, next: (below: number) => number, foreign: number, malformed: number): Buffer {
  const parts: Buffer[] = [];
  for (let size = 0; size < length; size += parts.at(-1)!.length) {
    const kind = next(100) < foreign ? ['two', 'three', 'four'][next(3)]! : 'ascii';
    const choice = CHARACTERS[kind]!;
    parts.push(
      next(100) < malformed
        ? Buffer.from(MALFORMED[next(MALFORMED.length)]!)
        : Buffer.from(choice[next(choice.length)]!),
    );
  }
  return Buffer.concat(parts).subarray(0, length);
}

const bulk = (content: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`$${content.length}\r\n`), content, Buffer.from('\r\n')]);

function decodeTexts(bytes: Buffer, sizes: (at: number) => number): RespValue[] {
  const seen: RespValue[] = [];
  const decoder = new RespDecoder({
    onReply: (value) => (Array.isArray(value) ? seen.push(...value) : seen.push(value)),
    onErrorReply() {},
    onPush() {},
  });
  for (let at = 0; at < bytes.length; ) {
    const size = sizes(at);
    decoder.write(Buffer.from(bytes.subarray(at, at + size)));
    at += size;
  }
  return seen;
}

describe('text is what Buffer.toString() makes of the bytes', () => {
  test.each([
    ['pure ASCII', 0, 0],
    ['a foreign character now and then', 1, 0],
    ['some foreign characters', 10, 0],
    ['mostly foreign characters', 90, 0],
    ['malformed bytes now and then', 5, 1],
    ['many malformed bytes', 30, 30],
  ])('%s', (_, foreign, malformed) => {
    for (let seed = 1; seed <= 12; seed++) {
      const next = random(seed);
      const contents = Array.from({ length: 120 }, () =>
        text(LENGTHS[next(LENGTHS.length)]!, next, next(4) === 0 ? 0 : foreign, malformed),
      );
      const expected = contents.map((content) => content.toString());
      const bulks = contents.map(bulk);
      for (const bytes of [Buffer.concat(bulks), Buffer.concat([Buffer.from('*120\r\n'), ...bulks])]) {
        expect(decodeTexts(bytes, () => bytes.length)).toEqual(expected);
        expect(decodeTexts(bytes, () => 1 + next(300))).toEqual(expected);
        expect(decodeTexts(bytes, () => 500 + next(3000))).toEqual(expected);
      }
    }
  });

  test('short strings packed densely, foreign and not', () => {
    const next = random(7);
    const contents = Array.from({ length: 5000 }, () =>
      text(next(40), next, next(3) * 30, next(50) === 0 ? 5 : 0),
    );
    const bytes = Buffer.concat(contents.map(bulk));
    const expected = contents.map((content) => content.toString());
    expect(decodeTexts(bytes, () => bytes.length)).toEqual(expected);
    expect(decodeTexts(bytes, () => 65_536)).toEqual(expected);
    expect(decodeTexts(bytes, () => 1 + next(100))).toEqual(expected);
  });

  test('every cut through every kind of character, also in long strings', () => {
    const pieces = [
      ...Object.values(CHARACTERS)
        .flat()
        .map((c) => Buffer.from(c)),
      ...MALFORMED.map((m) => Buffer.from(m)),
    ];
    for (const filler of [0, 30, 40_000]) {
      const content = Buffer.concat([Buffer.alloc(filler, 'x'), ...pieces]);
      const bytes = bulk(content);
      const first = bytes.length - Buffer.concat(pieces).length - 4;
      for (let cut = first; cut < bytes.length; cut++) {
        for (const second of [1, 2, bytes.length]) {
          const sizes = (at: number): number => (at === 0 ? cut : second);
          expect(decodeTexts(bytes, sizes)[0] === content.toString()).toBe(true);
        }
      }
    }
  });

  test('names of maps and pushes, and statuses', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { minLength: 1, maxLength: 30 }),
        (names) => {
          const line = names.map((name) => name.replace(/[\r\n]/g, ' '));
          const bytes = Buffer.concat([
            ...line.map((name) => Buffer.from(`+${name}\r\n`)),
            Buffer.from(`%${names.length}\r\n`),
            ...names.flatMap((name) => [bulk(Buffer.from(name)), Buffer.from(':1\r\n')]),
          ]);
          const seen = decodeTexts(Buffer.concat([bytes, bytes]), () => 2 * bytes.length);
          expect(seen.filter((value) => typeof value === 'string')).toEqual([...line, ...line]);
          const map = new Map(names.map((name) => [name, 1]));
          expect(seen.filter((value) => typeof value === 'object')).toEqual([map, map]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a streamed string whose characters are cut between its pieces', () => {
    const content = Buffer.from('aé€😀𐀀z'.repeat(5));
    for (const size of [1, 2, 3, 4, 5, 7]) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < content.length; at += size) {
        const piece = content.subarray(at, at + size);
        pieces.push(Buffer.from(`;${piece.length}\r\n`), piece, Buffer.from('\r\n'));
      }
      const bytes = Buffer.concat([Buffer.from('$?\r\n'), ...pieces, Buffer.from(';0\r\n')]);
      for (const chunk of [bytes.length, 1, 3, 10]) {
        expect(decodeTexts(bytes, () => chunk)).toEqual([content.toString()]);
      }
    }
  });
});
