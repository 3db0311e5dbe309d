import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from './latency-histogram.js';

const MAX_US = 2 ** 27 - 1;

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('LatencyHistogram', () => {
  it('knows nothing when nothing was recorded', () => {
    const histogram = new LatencyHistogram();
    expect(histogram.count).toBe(0);
    expect(histogram.percentile(99)).toBeUndefined();
    expect(histogram.snapshot()).toEqual({
      count: 0,
      meanMs: undefined,
      p50Ms: undefined,
      p90Ms: undefined,
      p99Ms: undefined,
      p999Ms: undefined,
      maxMs: undefined,
    });
  });

  it('is exact below 16 µs', () => {
    const histogram = histogramOf(Array.from({ length: 16 }, (_, us) => us));
    for (let us = 0; us < 16; us++) expect(histogram.percentile(((us + 1) / 16) * 100)).toBe(us);
  });

  it('is at most an eighth too long, and never too short', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: MAX_US }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 100 }),
        (values, p) => {
          const sorted = [...values].sort((a, b) => a - b);
          const exact = sorted[Math.ceil((p / 100) * sorted.length) - 1]!;
          const found = histogramOf(values).percentile(p)!;
          expect(found).toBeGreaterThanOrEqual(exact);
          expect(found).toBeLessThanOrEqual(exact * 1.125);
        },
      ),
    );
  });

  it('counts what is out of range at its ends', () => {
    const histogram = histogramOf([-5, Number.NaN, 1e12, Number.POSITIVE_INFINITY]);
    expect(histogram.percentile(50)).toBe(0);
    expect(histogram.percentile(100)).toBe(MAX_US);
    expect(histogram.count).toBe(4);
  });

  it('sums up in ms', () => {
    const snapshot = histogramOf([...new Array<number>(99).fill(1_000), 50_000]).snapshot();
    expect(snapshot).toMatchObject({ count: 100, meanMs: 1.49, p50Ms: 1.023, p99Ms: 1.023, maxMs: 50 });
    expect(snapshot.p999Ms).toBe(50);
  });
});
