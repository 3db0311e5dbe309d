import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DeadlineTimer } from './deadline-timer.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('looks at the earliest deadline, and again when it is told to', () => {
  const start = performance.now();
  const looks: number[] = [];
  const timer = new DeadlineTimer((now) => {
    looks.push(now - start);
    return looks.length < 3 ? now + 50 : Number.POSITIVE_INFINITY;
  });
  timer.by(start + 500);
  timer.by(start + 100);
  timer.by(start + 900);
  vi.runAllTimers();
  expect(looks).toEqual([100, 150, 200]);
});

it('has no timer for no deadline, nor after clear()', () => {
  const timer = new DeadlineTimer(() => Number.POSITIVE_INFINITY);
  timer.by(Number.POSITIVE_INFINITY);
  expect(vi.getTimerCount()).toBe(0);
  timer.by(performance.now() + 10);
  timer.clear();
  expect(vi.getTimerCount()).toBe(0);
});

it('has no timer after a clear() in the midst of a look', () => {
  const timer: DeadlineTimer = new DeadlineTimer((now) => {
    timer.clear();
    return now + 30_000;
  });
  timer.by(performance.now() + 10);
  vi.advanceTimersToNextTimer();
  expect(vi.getTimerCount()).toBe(0);
});

it('lets what has come be read first when it is late', () => {
  const look = vi.fn(() => Number.POSITIVE_INFINITY);
  const timer = new DeadlineTimer(look);
  const ringLate = (): void => {
    const start = performance.now();
    timer.by(start + 10);
    using _ = vi.spyOn(performance, 'now').mockReturnValue(start + 100);
    vi.advanceTimersToNextTimer();
  };
  ringLate();
  expect(look).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(look).toHaveBeenCalledOnce();
  ringLate();
  timer.clear();
  vi.runAllTimers();
  expect(look).toHaveBeenCalledOnce();
});
