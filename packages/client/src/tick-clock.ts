/** The time in ms, read once a tick: a thousand commands of one tick need no thousand readings. */
export class TickClock {
  #now = 0;
  #fresh = false;

  readonly #expire = (): void => {
    this.#fresh = false;
  };

  now(): number {
    if (!this.#fresh) {
      this.#fresh = true;
      this.#now = performance.now();
      process.nextTick(this.#expire);
    }
    return this.#now;
  }
}
