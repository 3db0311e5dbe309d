import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.js';

const delays = (backoff: Backoff, count: number): number[] =>
  Array.from({ length: count }, () => backoff.next());

describe('Backoff', () => {
  it('tries at once, then doubles its bound up to the limit', () => {
    const backoff = new Backoff({ minDelayMs: 50, maxDelayMs: 300, random: () => 1 });
    expect(delays(backoff, 6)).toEqual([0, 50, 100, 200, 300, 300]);
    expect(backoff.attempts).toBe(6);
  });

  it('spreads each delay over the whole range', () => {
    const random = [0.5, 0, 0.25].values();
    const backoff = new Backoff({
      minDelayMs: 50,
      maxDelayMs: 5_000,
      random: () => random.next().value as number,
    });
    expect(delays(backoff, 4)).toEqual([0, 25, 0, 50]);
  });

  it('begins anew after a reset', () => {
    const backoff = new Backoff({ minDelayMs: 50, maxDelayMs: 5_000, random: () => 1 });
    delays(backoff, 3);
    backoff.reset();
    expect(backoff.attempts).toBe(0);
    expect(delays(backoff, 2)).toEqual([0, 50]);
  });

  it('stays within its limit for ever', () => {
    const backoff = new Backoff({ minDelayMs: 50, maxDelayMs: 5_000, random: () => 1 });
    expect(delays(backoff, 2_000).at(-1)).toBe(5_000);
  });

  it('can do without delays', () => {
    const backoff = new Backoff({ minDelayMs: 0, maxDelayMs: 5_000 });
    expect(Math.max(...delays(backoff, 2_000))).toBe(0);
  });
});
