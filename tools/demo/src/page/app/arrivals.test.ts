import { expect, it } from 'vitest';
import { Arrivals } from './arrivals.js';

it('counts events, and those that come twice', () => {
  const arrivals = new Arrivals();
  expect(['1', '2', '1', '3', '1'].map((id) => arrivals.note(id))).toEqual([true, true, false, true, false]);
  expect(arrivals).toMatchObject({ received: 3, twice: 2 });
});

it('remembers the latest 20,000', () => {
  const arrivals = new Arrivals();
  for (let id = 0; id <= 20_000; id++) arrivals.note(`${id}`);
  expect(arrivals.note('1')).toBe(false);
  expect(arrivals.note('0')).toBe(true);
});
