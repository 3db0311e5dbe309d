import { expect, it } from 'vitest';
import { decodePickle, PickledObject } from '../src/migration/index.js';

const classes = new Set(['a.B']);
const read = (opcodes: string, maxValues?: number): unknown =>
  decodePickle(Buffer.from(`\x80\x04${opcodes}.`, 'latin1'), { classes, maxValues });
const tooLarge = expect.objectContaining({ code: 'TOO_LARGE' });

const NEW_OBJECT = 'ca\nB\n)\x81';
const entries = (count: number): string =>
  Array.from({ length: count }, (_, i) => `\x8c\x04${String(i).padStart(4, '0')}N`).join('');

it('refuses many small values before they take memory', () => {
  expect(() => read('}'.repeat(401), 100)).toThrow(tooLarge);
  expect(() => read(`](${'}'.repeat(101)}e`, 100)).toThrow(tooLarge);
  expect(read(`](${'}'.repeat(99)}e`, 100)).toHaveLength(99);
});

it('refuses to copy a large dict over and over', () => {
  const dict = `}q\x00(${entries(100)}u`;
  const built = (times: number): string => `(${dict}${NEW_OBJECT}${'h\x00b'.repeat(times)}t`;
  expect(read(built(1), 250)).toEqual([expect.any(Map), expect.any(PickledObject)]);
  expect(() => read(built(9), 250)).toThrow(tooLarge);
});

it('makes no text of what is named as a class', () => {
  const doubled = ']q\x00'.concat(
    ...Array.from(
      { length: 40 },
      (_, i) => `](h${String.fromCharCode(i)}h${String.fromCharCode(i)}eq${String.fromCharCode(i + 1)}`,
    ),
  );
  expect(() => read(`${doubled}\x8c\x01a\x93`)).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
});

it('keeps names of prototypes as names', () => {
  const value = read(
    `${NEW_OBJECT}}(\x8c\x09__proto__}\x8c\x01xK\x07s\x8c\x0bconstructorNub`,
  ) as PickledObject;
  expect(Object.keys(value.state)).toEqual(['__proto__', 'constructor']);
  expect(Object.getPrototypeOf(value.state)).toBe(Object.prototype);
  expect('x' in {}).toBe(false);
});
