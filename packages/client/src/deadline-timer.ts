/** So late, the process itself was held up: what has come meanwhile is still to be read. */
const LATE_MS = 20;

/** One timer for many deadlines: it goes off at the earliest, and whoever looks then says when to look again. */
export class DeadlineTimer {
  readonly #look: (now: number) => number;
  readonly #unref: boolean;
  #timer: NodeJS.Timeout | undefined;
  #afterReading: NodeJS.Immediate | undefined;
  #at = Number.POSITIVE_INFINITY;
  #clears = 0;

  /** `look` does what is due and returns the next deadline, `Infinity` for none. */
  constructor(look: (now: number) => number, { unref = false }: { unref?: boolean } = {}) {
    this.#look = look;
    this.#unref = unref;
  }

  /** Makes sure that somebody looks at this time, in ms of `performance.now()`. */
  by(deadline: number): void {
    if (deadline < this.#at) this.#set(deadline);
  }

  /** Also in the midst of a look, whose next deadline is then none. */
  clear(): void {
    this.#clears++;
    clearTimeout(this.#timer);
    clearImmediate(this.#afterReading);
    this.#at = Number.POSITIVE_INFINITY;
  }

  #set(deadline: number): void {
    clearTimeout(this.#timer);
    this.#at = deadline;
    const delay = Math.ceil(deadline - performance.now());
    this.#timer = setTimeout(this.#ring, Math.min(Math.max(1, delay), 2 ** 31 - 1));
    if (this.#unref) this.#timer.unref();
  }

  // Timers come before sockets: after a pause of the process, deadlines would pass over replies that are there.
  readonly #ring = (): void => {
    if (performance.now() - this.#at < LATE_MS) this.#lookNow();
    else this.#afterReading = setImmediate(this.#lookNow);
  };

  readonly #lookNow = (): void => {
    this.#at = Number.POSITIVE_INFINITY;
    const clears = this.#clears;
    const next = this.#look(performance.now());
    if (clears === this.#clears) this.by(next);
  };
}
