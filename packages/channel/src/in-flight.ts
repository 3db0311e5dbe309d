/** Counts what is under way, for whoever has to wait until nothing is. */
export class InFlight {
  #count = 0;
  #settle: (() => void) | undefined;

  begin(): void {
    this.#count++;
  }

  end(): void {
    if (--this.#count === 0) this.#settle?.();
  }

  /** Resolves when nothing is under way, or so many ms later. */
  async settled(withinMs: number): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#settle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
