import type { RespValue } from '@redlane/resp3-core';
import { CacheEntry } from './cache-entry.js';

/**
 * The entries by Redis key, and among those of one key by what was asked. This is also the only index that an invalidation
 * needs, so that no record outlives its entry. Entries that are kept are in the order of their last use, and the oldest
 * go when their costs exceed the limit.
 */
export class CacheStore {
  readonly #maxBytes: number;
  readonly #evicted: () => void;
  /** One entry stands for itself; several of one key have a map. */
  #keys: Map<string, CacheEntry | Map<string, CacheEntry>> = new Map();
  #oldest: CacheEntry | undefined;
  #newest: CacheEntry | undefined;
  #size = 0;
  #bytes = 0;

  constructor(maxBytes: number, evicted: () => void = () => undefined) {
    this.#maxBytes = maxBytes;
    this.#evicted = evicted;
  }

  /** Entries that are kept. */
  get size(): number {
    return this.#size;
  }

  /** What they take up. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keys that have entries, kept or under way. */
  get keys(): number {
    return this.#keys.size;
  }

  find(key: string, variant: string): CacheEntry | undefined {
    const found = this.#keys.get(key);
    if (found instanceof CacheEntry) return found.variant === variant ? found : undefined;
    return found?.get(variant);
  }

  /** An entry whose reply is under way. There must be none yet. */
  begin(key: string, variant: string): CacheEntry {
    const entry = new CacheEntry(key, variant);
    const found = this.#keys.get(key);
    if (found === undefined) this.#keys.set(key, entry);
    else if (found instanceof CacheEntry) {
      this.#keys.set(
        key,
        new Map([
          [found.variant, found],
          [variant, entry],
        ]),
      );
    } else found.set(variant, entry);
    return entry;
  }

  /** Whether the entry is still there: not invalidated, removed or cleared away since it began. */
  holds(entry: CacheEntry): boolean {
    return this.find(entry.key, entry.variant) === entry;
  }

  /** The reply is there. It is kept if the entry is still held, and the value not larger than everything. */
  keep(entry: CacheEntry, value: RespValue, cost: number, expiresAt: number): boolean {
    if (!this.holds(entry)) return false;
    if (cost > this.#maxBytes) {
      this.remove(entry);
      return false;
    }
    entry.flight = undefined;
    entry.value = value;
    entry.cost = cost;
    entry.expiresAt = expiresAt;
    this.#link(entry);
    this.#size++;
    this.#bytes += cost;
    while (this.#bytes > this.#maxBytes) {
      this.remove(this.#oldest as CacheEntry);
      this.#evicted();
    }
    return true;
  }

  /** It was used just now. */
  touch(entry: CacheEntry): void {
    if (entry === this.#newest) return;
    this.#unlink(entry);
    this.#link(entry);
  }

  /** Does nothing to an entry that is not held. */
  remove(entry: CacheEntry): void {
    const { key, variant } = entry;
    const found = this.#keys.get(key);
    if (found === entry) this.#keys.delete(key);
    else if (found instanceof Map && found.get(variant) === entry) {
      found.delete(variant);
      if (found.size === 0) this.#keys.delete(key);
    } else return;
    this.#drop(entry);
  }

  /** Removes all entries of a key, also those under way. Returns how many there were. */
  invalidate(key: string): number {
    const found = this.#keys.get(key);
    if (found === undefined) return 0;
    this.#keys.delete(key);
    if (found instanceof CacheEntry) {
      this.#drop(found);
      return 1;
    }
    for (const entry of found.values()) this.#drop(entry);
    return found.size;
  }

  /** Removes all entries, also those under way. */
  clear(): void {
    this.#keys = new Map();
    // One to which somebody still refers, as its request does, must not keep all the others in memory.
    for (let entry = this.#newest; entry !== undefined; ) {
      const { older } = entry;
      entry.older = entry.newer = undefined;
      entry = older;
    }
    this.#oldest = this.#newest = undefined;
    this.#size = this.#bytes = 0;
  }

  #drop(entry: CacheEntry): void {
    if (entry.cost === 0) return;
    this.#unlink(entry);
    this.#size--;
    this.#bytes -= entry.cost;
  }

  #link(entry: CacheEntry): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink(entry: CacheEntry): void {
    const { older, newer } = entry;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    entry.older = entry.newer = undefined;
  }
}
