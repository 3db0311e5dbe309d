import type { RedisDriver } from '@redlane/client';

/** How long one look at the server's clock is good for, in ms. */
const GOOD_FOR_MS = 60_000;

/** The server's clock, which all peers have in common, to the precision of a round trip. */
export class ServerClock {
  readonly #driver: RedisDriver;
  /** What to add to `performance.now()`. */
  #offsetMs = 0;
  #goodUntil = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(driver: RedisDriver) {
    this.#driver = driver;
  }

  /** Ms since 1970. Asks the server now and then. */
  async now(): Promise<number> {
    if (performance.now() >= this.#goodUntil) {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
      await this.#looking;
    }
    return Math.round(performance.now() + this.#offsetMs);
  }

  async #look(): Promise<void> {
    const asked = performance.now();
    const [seconds, micros] = (await this.#driver.send(['TIME'])) as readonly [string, string];
    const heard = performance.now();
    this.#offsetMs = Number(seconds) * 1_000 + Number(micros) / 1_000 - (asked + heard) / 2;
    this.#goodUntil = heard + GOOD_FOR_MS;
  }
}
