import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LatencyHistogram } from './latency-histogram.js';

const MAX_US = 2 ** 27 - 1;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('LatencyHistogram', () => {
  it('knows nothing when nothing was recorded', () => {
    const histogram = new LatencyHistogram();
    expect(histogram.count).toBe(0);
    expect(histogram.percentileMs(99)).toBeUndefined();
  });

  it('is exact below 16 µs', () => {
    const histogram = histogramOf(Array.from({ length: 16 }, (_, us) => us));
    for (let us = 0; us < 16; us++) expect(histogram.percentileMs(((us + 1) / 16) * 100)).toBe(us / 1000);
  });

  it('is at most an eighth too long, and never too short', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: MAX_US }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 100 }),
        (values, p) => {
          const sorted = [...values].sort((a, b) => a - b);
          const exact = sorted[Math.ceil((p / 100) * sorted.length) - 1]! / 1000;
          const found = histogramOf(values).percentileMs(p)!;
          expect(found).toBeGreaterThanOrEqual(exact);
          expect(found).toBeLessThanOrEqual(exact * 1.125);
        },
      ),
    );
  });

  it('counts what is out of range at its ends', () => {
    const histogram = histogramOf([-5, Number.NaN, 1e12, Number.POSITIVE_INFINITY]);
    expect(histogram.percentileMs(50)).toBe(0);
    expect(histogram.percentileMs(100)).toBe(MAX_US / 1000);
    expect(histogram.count).toBe(4);
  });

  it('forgets what is older than two windows, and goes on counting', () => {
    const histogram = histogramOf([8_000, 8_000, 8_000]);
    vi.advanceTimersByTime(10_000);
    histogram.turn(performance.now());
    histogram.record(15);
    // Both windows count.
    expect(histogram.percentileMs(25)).toBe(0.015);
    expect(histogram.percentileMs(99)).toBeGreaterThan(7);
    vi.advanceTimersByTime(10_000);
    expect(histogram.percentileMs(99)).toBe(0.015);
    vi.advanceTimersByTime(10_000);
    expect(histogram.percentileMs(99)).toBeUndefined();
    expect(histogram.count).toBe(4);
  });

  it('forgets all after a pause in which nothing was read', () => {
    const histogram = histogramOf([8_000]);
    vi.advanceTimersByTime(20_000);
    histogram.turn(performance.now());
    histogram.record(15);
    expect(histogram.percentileMs(99)).toBe(0.015);
  });
});
