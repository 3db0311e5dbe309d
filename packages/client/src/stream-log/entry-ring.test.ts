import { expect, it } from 'vitest';
import type { LogEntry } from './entry.js';
import { EntryRing } from './entry-ring.js';

const entry = (offset: number): LogEntry<string> => ({
  type: 'entry',
  position: `e.${offset}`,
  offset,
  at: 0,
  data: {},
});

/** The offsets that can be continued from. */
function covered(ring: EntryRing<string>): number[] {
  const offsets = Array.from({ length: 20 }, (_, i) => i).filter((offset) => ring.covers(offset));
  for (const offset of offsets.slice(1)) expect(ring.at(offset).offset).toBe(offset);
  return offsets;
}

it('keeps the newest entries', () => {
  const ring = new EntryRing<string>(3, 1_000);
  expect(covered(ring)).toEqual([0]);
  for (let offset = 1; offset <= 5; offset++) ring.push(entry(offset), 1);
  expect(covered(ring)).toEqual([2, 3, 4, 5]);
});

it('keeps no more bytes than it may, but for the newest entry', () => {
  const ring = new EntryRing<string>(10, 100);
  for (let offset = 1; offset <= 4; offset++) ring.push(entry(offset), 40);
  expect(covered(ring)).toEqual([2, 3, 4]);
  ring.push(entry(5), 500);
  expect(covered(ring)).toEqual([4, 5]);
  ring.push(entry(6), 40);
  expect(covered(ring)).toEqual([5, 6]);
});

it('keeps the newest one when it is to keep none', () => {
  const ring = new EntryRing<string>(0, 1_000);
  for (let offset = 1; offset <= 3; offset++) ring.push(entry(offset), 1);
  expect(covered(ring)).toEqual([2, 3]);
});

it('forgets what it is told, and begins anew', () => {
  const ring = new EntryRing<string>(4, 1_000);
  for (let offset = 1; offset <= 4; offset++) ring.push(entry(offset), 1);
  ring.forget(2);
  expect(covered(ring)).toEqual([2, 3, 4]);
  ring.forget(99);
  expect(covered(ring)).toEqual([4]);
  ring.clear(9);
  expect(covered(ring)).toEqual([9]);
  ring.push(entry(10), 1);
  expect(covered(ring)).toEqual([9, 10]);
});
