import { expect, it } from 'vitest';
import { growthOf } from './growth.js';

it('compares the middle of the first third with that of the last', () => {
  expect(growthOf([9, 1, 2, 50, 60, 70, 3, 4, 100], 2)).toEqual({
    first: 2,
    last: 4,
    tolerance: 2,
    isTooMuch: false,
  });
  expect(growthOf([9, 1, 2, 50, 60, 70, 3, 5, 100], 2)).toMatchObject({ first: 2, last: 5, isTooMuch: true });
});

it('is not misled by peaks, and takes less for no growth', () => {
  expect(growthOf([10, 10, 10, 10, 10, 10, 10, 900, 10], 1).isTooMuch).toBe(false);
  expect(growthOf([900, 900, 900, 10, 10, 10], 1).isTooMuch).toBe(false);
});
