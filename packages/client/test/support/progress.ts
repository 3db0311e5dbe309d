/** Counts what is done, and tells who waits for a count. */
export class Progress {
  #done = 0;
  #waiters: { readonly at: number; readonly wake: () => void }[] = [];

  get done(): number {
    return this.#done;
  }

  step(): void {
    this.#done++;
    if (this.#waiters.length === 0) return;
    const due = this.#waiters.filter(({ at }) => at <= this.#done);
    this.#waiters = this.#waiters.filter(({ at }) => at > this.#done);
    for (const { wake } of due) wake();
  }

  until(at: number): Promise<void> {
    if (this.#done >= at) return Promise.resolve();
    return new Promise((wake) => this.#waiters.push({ at, wake }));
  }
}
