const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 30_000;
/** A connection that lived this long proves that the server is well. */
const STABLE_AFTER_MS = 10_000;

/** When `minConnections` may be filled again after connections failed: 100 ms, doubled up to 30 s, with jitter. */
export class PoolBackoff {
  readonly #random: () => number;
  #failures = 0;
  #readyAt = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The time (by `performance.now()`) before which nothing should be dialled unasked. */
  get readyAt(): number {
    return this.#readyAt;
  }

  /** A dial failed. Several that fail together count as one. */
  failed(now: number): void {
    if (now < this.#readyAt) return;
    const delay = Math.min(FIRST_DELAY_MS * 2 ** this.#failures, LONGEST_DELAY_MS);
    this.#failures++;
    // Never less than half: a jitter down to nothing would be a busy loop.
    this.#readyAt = now + delay * (0.5 + 0.5 * this.#random());
  }

  /** A connection came to its end: an early death is as good as a failed dial, an old one clears the past. */
  ended(now: number, ageMs: number, died: boolean): void {
    if (ageMs >= STABLE_AFTER_MS) this.#failures = 0;
    else if (died) this.failed(now);
  }
}
