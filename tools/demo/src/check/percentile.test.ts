import { expect, it } from 'vitest';
import { percentile } from './percentile.js';

it('is the value below which that part lies', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect([0.5, 0.99, 1].map((part) => percentile(values, part))).toEqual([50, 99, 100]);
});

it('is the only value, or 0', () => {
  expect(percentile([7], 0.5)).toBe(7);
  expect(percentile([], 0.99)).toBe(0);
});
