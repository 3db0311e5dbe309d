import type { RedisDriver } from '@redlane/client';

/** Puts off the expiry of a list that is being read. Not for every message: what counts is the order of magnitude. */
export class ExpiryRenewal {
  readonly #driver: RedisDriver;
  readonly #list: string;
  readonly #expireMs: number;
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(driver: RedisDriver, list: string, expireMs: number) {
    this.#driver = driver;
    this.#list = list;
    this.#expireMs = expireMs;
  }

  /** Something was received. */
  touch(): void {
    const now = performance.now();
    if (now - this.#renewedAt < this.#expireMs / 10) return;
    this.#renewedAt = now;
    // A message that was received is not lost over it; the next one tries again.
    this.#driver.send(['PEXPIRE', this.#list, this.#expireMs]).catch(() => {
      this.#renewedAt = Number.NEGATIVE_INFINITY;
    });
  }
}
