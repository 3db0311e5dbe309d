import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CACHED_STRING_BYTES, StringCache } from './string-cache.js';
import { textBytes } from './text-bytes.js';

/** Few letters, so that names collide, share beginnings and differ in single places. */
const name = fc
  .array(fc.constantFrom('a', 'b', 'é'), { minLength: 1, maxLength: CACHED_STRING_BYTES / 2 })
  .map((letters) => letters.join(''));

test.each([
  ['small', 0],
  ['large', 8192],
])('every name is its own text, in %s chunks', (_, padding) => {
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 60 }), (names) => {
      const cache = new StringCache();
      const chunk = textBytes(new TextEncoder().encode(names.join('') + '.'.repeat(padding)));
      let at = 0;
      for (const expected of names) {
        const end = at + new TextEncoder().encode(expected).length;
        expect(cache.get(chunk, at, end)).toBe(expected);
        at = end;
      }
      cache.close();
    }),
  );
});

test('a chunk is not taken for the one before', () => {
  const cache = new StringCache();
  for (const expected of ['channel-1', 'channel-2', 'channel-1']) {
    const chunk = textBytes(new TextEncoder().encode(expected + '.'.repeat(8192)));
    expect(cache.get(chunk, 0, expected.length)).toBe(expected);
    cache.close();
  }
});

test('more names than it had room for come to be known', () => {
  const cache = new StringCache();
  const names = Array.from({ length: 1000 }, (_, i) => `channel-${i}`);
  const chunk = textBytes(new TextEncoder().encode(names.join('')));
  for (let round = 0; round < 6; round++) {
    let at = 0;
    for (const expected of names) {
      expect(cache.get(chunk, at, at + expected.length)).toBe(expected);
      at += expected.length;
    }
  }
});
