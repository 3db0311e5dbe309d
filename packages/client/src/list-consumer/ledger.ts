import { ALONE_FROM, type ListEntry } from './entry.js';

/** What a consumer holds: claimed, and neither acked nor given back. */
export class Ledger {
  readonly #held: Map<number, number> = new Map();
  #alone = 0;
  #lost = 0;

  get held(): number {
    return this.#held.size;
  }

  /** Entries that were given to others, since this consumer counted as dead. */
  get lost(): number {
    return this.#lost;
  }

  /** Of what is held, so many have to be alone. */
  get alone(): number {
    return this.#alone;
  }

  /** It is held: neither acked, nor given back, nor lost. */
  holds(seq: number): boolean {
    return this.#held.has(seq);
  }

  /** How many more an iteration of this limit may hold. None beside one that has to be alone. */
  room(limit: number): number {
    return this.#alone > 0 ? 0 : Math.max(0, limit - this.#held.size);
  }

  /** Half of it is free: time to fetch more while the rest is worked on. */
  roomy(limit: number): boolean {
    return this.room(limit) * 2 >= limit;
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
