interface Waiter {
  readonly give: () => void;
}

/** A number of permits, given to those who wait in the order in which they came. */
export class Permits {
  readonly size: number;
  readonly #waiters: Set<Waiter> = new Set();
  #taken = 0;

  constructor(size: number) {
    this.size = size;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** @throws the signal's reason, when that is aborted before a permit is free */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#taken < this.size) {
      this.#taken++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiters.delete(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        give: () => {
          this.#waiters.delete(waiter);
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      this.#waiters.add(waiter);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  giveBack(): void {
    const [next] = this.#waiters;
    if (next === undefined) this.#taken--;
    else next.give();
  }
}
