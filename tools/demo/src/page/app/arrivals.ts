/** How many ids are remembered. */
const KEPT = 20_000;

/** Keeps count of the events that have come, and of those that came twice. */
export class Arrivals {
  /** Different events. */
  received = 0;
  /** Events that had come before: none, if what is promised is true. */
  twice = 0;
  readonly #seen: Set<string> = new Set();

  /** Whether the event is new. */
  note(id: string): boolean {
    if (this.#seen.has(id)) {
      this.twice++;
      return false;
    }
    this.received++;
    this.#seen.add(id);
    if (this.#seen.size > KEPT) {
      const [oldest] = this.#seen;
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
    return true;
  }
}
