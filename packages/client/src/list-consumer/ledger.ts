import { ALONE_FROM, type ListEntry } from './entry.js';

/** What a consumer holds: claimed, and neither acked nor given back. */
export class Ledger {
  readonly #limit: number;
  readonly #held: Map<number, number> = new Map();
  #alone = 0;
  #lost = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get held(): number {
    return this.#held.size;
  }

  /** Entries that were given to others, since this consumer counted as dead. */
  get lost(): number {
    return this.#lost;
  }

  /** How many more may be held. None beside one that has to be alone. */
  get room(): number {
    return this.#alone > 0 ? 0 : Math.max(0, this.#limit - this.#held.size);
  }

  /** Half of it is free: time to fetch more while the rest is worked on. */
  get roomy(): boolean {
    return this.room * 2 >= this.#limit;
  }

  add(entries: readonly ListEntry<unknown>[]): void {
    for (const { seq, deliveries } of entries) {
      if (deliveries >= ALONE_FROM) this.#alone++;
      this.#held.set(seq, deliveries);
    }
  }

  settle(seq: number): void {
    const deliveries = this.#held.get(seq);
    if (deliveries === undefined) return;
    if (deliveries >= ALONE_FROM) this.#alone--;
    this.#held.delete(seq);
  }

  lose(upTo: number): void {
    for (const seq of [...this.#held.keys()]) {
      if (seq > upTo) continue;
      this.settle(seq);
      this.#lost++;
    }
  }
}
