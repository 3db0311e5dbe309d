/** Node's timers run out at once beyond this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Wakes up one who waits. A ring that nobody waits for is heard by the next. */
export class Bell {
  #rung = false;
  #tell: (() => void) | undefined;

  readonly ring = (): void => {
    this.#rung = true;
    this.#tell?.();
  };

  /** Resolves at a ring, when the time is over, or when the signal is aborted. */
  async heard(ms: number, signal?: AbortSignal): Promise<void> {
    if (!this.#rung && !signal?.aborted && ms > 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
        if (ms <= MAX_TIMER_MS) timer = setTimeout(resolve, ms);
        signal?.addEventListener('abort', this.#tell, { once: true });
      });
      clearTimeout(timer);
      if (this.#tell !== undefined) signal?.removeEventListener('abort', this.#tell);
      this.#tell = undefined;
    }
    this.#rung = false;
  }
}
