export interface BackoffOptions {
  /** The second delay is at most this, in ms; the bound doubles from one delay to the next. */
  readonly minDelayMs: number;
  /** Bound of all delays, in ms. */
  readonly maxDelayMs: number;
  /** Gives numbers from 0 up to 1. @default Math.random */
  readonly random?: () => number;
}

/**
 * Delays between attempts to connect: none before the first, then exponential with full jitter, so that clients that lost
 * the same server do not come back in step.
 *
 * Call {@link Backoff.reset} when a connection has shown its worth, not when it has just opened: otherwise a server that
 * accepts and closes at once is dialled in a tight loop.
 */
export class Backoff {
  readonly #minDelayMs: number;
  readonly #maxDelayMs: number;
  readonly #random: () => number;
  #attempts = 0;

  constructor({ minDelayMs, maxDelayMs, random = Math.random }: BackoffOptions) {
    this.#minDelayMs = minDelayMs;
    this.#maxDelayMs = maxDelayMs;
    this.#random = random;
  }

  /** Delays given since the start or the last reset. */
  get attempts(): number {
    return this.#attempts;
  }

  /** How long to wait before the next attempt, in ms. */
  next(): number {
    const attempt = this.#attempts++;
    if (attempt === 0) return 0;
    const bound = Math.min(this.#maxDelayMs, this.#minDelayMs * 2 ** Math.min(attempt - 1, 31));
    return this.#random() * bound;
  }

  reset(): void {
    this.#attempts = 0;
  }
}
