/** Calls that have not settled. */
export class InFlight {
  #count = 0;
  #waiters: (() => void)[] = [];

  track<T>(call: Promise<T>): Promise<T> {
    this.#count++;
    call.then(this.#ended, this.#ended);
    return call;
  }

  /** Resolves when there are none. */
  settled(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiters.push(resolve));
  }

  readonly #ended = (): void => {
    if (--this.#count > 0) return;
    for (const wake of this.#waiters.splice(0)) wake();
  };
}
