const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One timer for many due times: it keeps the earliest, and may ring early. */
export class PoolAlarm {
  readonly #ring: () => void;
  readonly #keepsProcess: boolean;
  #timer: NodeJS.Timeout | undefined;
  #due = Number.POSITIVE_INFINITY;

  constructor(ring: () => void, { keepsProcess = false }: { keepsProcess?: boolean } = {}) {
    this.#ring = ring;
    this.#keepsProcess = keepsProcess;
  }

  /** Rings at `due` (by `performance.now()`) at the latest; Infinity asks for nothing. */
  at(due: number): void {
    if (due >= this.#due) return;
    this.clear();
    this.#due = due;
    const delay = Math.ceil(due - performance.now());
    this.#timer = setTimeout(
      () => {
        this.clear();
        this.#ring();
      },
      Math.min(Math.max(delay, 1), LONGEST_TIMER_MS),
    );
    if (!this.#keepsProcess) this.#timer.unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = Number.POSITIVE_INFINITY;
  }
}
