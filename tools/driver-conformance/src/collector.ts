/** Keeps what a callback gets, and can be waited for. */
export class Collector<T> {
  readonly all: T[] = [];
  readonly #waiters: { readonly enough: (all: readonly T[]) => boolean; readonly resolve: () => void }[] = [];

  readonly push = (item: T): void => {
    this.all.push(item);
    for (const waiter of this.#waiters.splice(0)) {
      if (waiter.enough(this.all)) waiter.resolve();
      else this.#waiters.push(waiter);
    }
  };

  /** Resolves when there are so many, or when the condition holds. */
  async until(wanted: number | ((all: readonly T[]) => boolean), timeoutMs = 10_000): Promise<readonly T[]> {
    const enough = typeof wanted === 'number' ? (all: readonly T[]) => all.length >= wanted : wanted;
    if (enough(this.all)) return this.all;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`after ${timeoutMs} ms there are only ${this.all.length}: ${this.#last()}`)),
        timeoutMs,
      );
    });
    await Promise.race([new Promise<void>((resolve) => this.#waiters.push({ enough, resolve })), late]);
    clearTimeout(timer);
    return this.all;
  }

  #last(): string {
    return JSON.stringify(this.all.slice(-3), (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
  }
}
