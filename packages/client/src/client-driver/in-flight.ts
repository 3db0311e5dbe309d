/** Calls that have not settled. */
export class InFlight {
  #count = 0;
  #waiters: (() => void)[] = [];

  get count(): number {
    return this.#count;
  }

  track<T>(call: Promise<T>): Promise<T> {
    this.begin();
    call.then(this.end, this.end);
    return call;
  }

  /** For a call that says itself when it ends: it costs no promise. */
  begin(): void {
    this.#count++;
  }

  readonly end = (): void => {
    if (--this.#count > 0 || this.#waiters.length === 0) return;
    for (const wake of this.#waiters.splice(0)) wake();
  };

  /** Resolves when there are none. */
  settled(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiters.push(resolve));
  }
}
