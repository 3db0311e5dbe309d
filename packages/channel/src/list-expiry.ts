import type { RedisDriver } from '@redlane/client';

/** It is looked at no more often than this, in ms. */
const EVERY_MS = 100;

/** Remembers when a list that is being emptied would have expired. */
export class ListExpiry {
  readonly #driver: RedisDriver;
  readonly #list: string;
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** By `performance.now()`. */
  #expiresAt = Number.POSITIVE_INFINITY;

  constructor(driver: RedisDriver, list: string) {
    this.#driver = driver;
    this.#list = list;
  }

  /** How long it would live from now on, in ms; `undefined`: for ever, as far as is known. */
  get leftMs(): number | undefined {
    if (this.#expiresAt === Number.POSITIVE_INFINITY) return undefined;
    return Math.max(1, Math.ceil(this.#expiresAt - performance.now()));
  }

  /** Something is about to be taken from it. */
  look(): void {
    const now = performance.now();
    if (now - this.#lookedAt < EVERY_MS) return;
    this.#lookedAt = now;
    this.#driver.send(['PTTL', this.#list]).then(
      (reply) => this.#note(Number(reply)),
      // What is taken is not lost over it.
      () => undefined,
    );
  }

  #note(leftMs: number): void {
    if (leftMs >= 0) this.#expiresAt = performance.now() + leftMs;
    // -2: there is none, and what was known is of the last one.
    else if (leftMs === -1) this.#expiresAt = Number.POSITIVE_INFINITY;
  }
}
