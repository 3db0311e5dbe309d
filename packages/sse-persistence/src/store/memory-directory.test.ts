import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MemoryDirectory } from './memory-directory.js';

const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('bars who was stopped for a day, counted from the last time', async () => {
  const directory = new MemoryDirectory();
  const admitted = async (listener?: string) =>
    (await directory.admit(listener, 'take-over')).type === 'admitted';
  await directory.stop('ann');
  vi.advanceTimersByTime(DAY_MS / 2);
  await directory.stop('ann');
  await directory.stop('bob');
  await directory.resume('bob');
  vi.advanceTimersByTime(DAY_MS - 1);
  expect([await admitted('ann'), await admitted('bob')]).toEqual([false, true]);
  vi.advanceTimersByTime(1);
  expect(await admitted('ann')).toBe(true);
  await directory.stop(undefined);
  expect([await admitted('ann'), await admitted()]).toEqual([false, false]);
  vi.advanceTimersByTime(DAY_MS);
  expect([await admitted('ann'), await admitted()]).toEqual([true, true]);
});
