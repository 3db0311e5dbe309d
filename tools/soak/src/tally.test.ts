import { expect, it } from 'vitest';
import { Tally } from './tally.js';

it('knows what has come, in whatever order, and what is missing', () => {
  const tally = new Tally();
  expect([0, 3, 1, 3, 0].map((number) => tally.add(number))).toEqual([true, true, true, false, false]);
  expect(tally.size).toBe(3);
  expect([0, 2, 3, 4].map((number) => tally.has(number))).toEqual([true, false, true, false]);
  expect(tally.missing(6)).toEqual([2, 4, 5]);
  tally.add(2);
  expect(tally.missing(4)).toEqual([]);
  expect(tally.add(3)).toBe(false);
});
