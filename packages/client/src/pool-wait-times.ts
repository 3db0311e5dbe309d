import type { WaitPercentiles } from './pool-metrics.js';

const KEPT = 256;

/** The last waits; sorted only when somebody asks. */
export class PoolWaitTimes {
  readonly #times: Float64Array = new Float64Array(KEPT);
  #count = 0;

  add(ms: number): void {
    this.#times[this.#count++ % KEPT] = ms;
  }

  percentiles(): WaitPercentiles {
    const sorted = this.#times.slice(0, Math.min(this.#count, KEPT)).sort();
    const rank = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
    return { p50: rank(0.5), p99: rank(0.99), max: rank(1) };
  }
}
