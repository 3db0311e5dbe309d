import { statuses } from '../book/order-record.js';
import type { OrderEvent } from '../contract.js';

/** What one listener has seen: every step of every order is to come once, and in order. */
export class Tally {
  /** Steps that came again, or behind a later one. */
  repeated = 0;
  /** Steps that were left out. */
  skipped = 0;
  readonly #next: Map<string, number> = new Map();
  #finished = 0;

  /** Orders of which the last step was seen. */
  get finished(): number {
    return this.#finished;
  }

  see({ id, status }: Pick<OrderEvent, 'id' | 'status'>): void {
    const step = statuses.indexOf(status);
    const expected = this.#next.get(id) ?? 0;
    if (step < expected) {
      this.repeated++;
      return;
    }
    this.skipped += step - expected;
    this.#next.set(id, step + 1);
    if (step === statuses.length - 1) this.#finished++;
  }

  /** Steps of these orders that have not come. */
  missing(ids: Iterable<string>): number {
    let missing = 0;
    for (const id of ids) missing += statuses.length - (this.#next.get(id) ?? 0);
    return missing + this.skipped;
  }
}
