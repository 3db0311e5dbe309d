import { expect, it } from 'vitest';
import { statuses } from '../book/order-record.js';
import { Tally } from './tally.js';

function seen(id: string, ...steps: (typeof statuses)[number][]): Tally {
  const tally = new Tally();
  for (const status of steps) tally.see({ id, status });
  return tally;
}

it('finds nothing wrong when every step comes once and in order', () => {
  const tally = seen('a', ...statuses);
  expect(tally).toMatchObject({ repeated: 0, skipped: 0, finished: 1 });
  expect(tally.missing(['a'])).toBe(0);
});

it('counts a step that comes again', () => {
  expect(seen('a', 'placed', 'confirmed', 'confirmed').repeated).toBe(1);
  expect(seen('a', ...statuses, 'finished')).toMatchObject({ repeated: 1, finished: 1 });
});

it('counts a step that is left out, and one that comes too late', () => {
  expect(seen('a', 'placed', 'cooking')).toMatchObject({ skipped: 1, repeated: 0 });
  expect(seen('a', 'placed', 'cooking', 'confirmed')).toMatchObject({ skipped: 1, repeated: 1 });
});

it('misses what has not come, also of orders that it has never seen', () => {
  expect(seen('a', 'placed', 'confirmed').missing(['a', 'b'])).toBe(3 + 5);
});

it('goes on missing what was left out', () => {
  expect(seen('a', 'placed', 'cooking', 'packed', 'finished').missing(['a'])).toBe(1);
});
