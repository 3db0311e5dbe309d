import type { RedisDriver } from '@redlane/client';

/** How long one look at the server's clock is good for, in ms. */
const GOOD_FOR_MS = 60_000;
/** One that took longer than this, in ms, is repeated: over a reconnect it may take seconds, and be as far off. */
const PRECISE_MS = 250;
const MOST_LOOKS = 3;
/** How long the best of them is good for when none was precise, in ms. */
const IMPRECISE_FOR_MS = 1_000;

/** The server's clock, which all peers have in common, to the precision of a short round trip. */
export class ServerClock {
  readonly #driver: RedisDriver;
  /** What to add to `performance.now()`. */
  #offsetMs = 0;
  #goodUntil = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(driver: RedisDriver) {
    this.#driver = driver;
  }

  /** Ms since 1970; a promise when the server has to be asked, which is now and then. */
  now(): number | Promise<number> {
    const local = performance.now();
    if (local < this.#goodUntil) return Math.round(local + this.#offsetMs);
    return this.#refresh().then(() => Math.round(performance.now() + this.#offsetMs));
  }

  /** It will be needed soon: asks the server ahead, when that is necessary. Does not fail: `now` does. */
  prepare(): void {
    if (performance.now() >= this.#goodUntil) this.#refresh().catch(() => undefined);
  }

  #refresh(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    let tookMs = Number.POSITIVE_INFINITY;
    for (let looks = 0; looks < MOST_LOOKS && tookMs > PRECISE_MS; looks++) {
      const asked = performance.now();
      const [seconds, micros] = (await this.#driver.send(['TIME'])) as readonly [string, string];
      const heard = performance.now();
      if (heard - asked >= tookMs) continue;
      tookMs = heard - asked;
      this.#offsetMs = Number(seconds) * 1_000 + Number(micros) / 1_000 - (asked + heard) / 2;
    }
    this.#goodUntil = performance.now() + (tookMs > PRECISE_MS ? IMPRECISE_FOR_MS : GOOD_FOR_MS);
  }
}
