import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CacheEntry } from './cache-entry.js';
import { CacheStore } from './cache-store.js';

const MAX_BYTES = 100;

/** What a store is to be, without any index: all entries that are held, those that are kept in the order of their last use. */
class Model {
  pending: CacheEntry[] = [];
  kept: CacheEntry[] = [];
  evictions = 0;

  find(key: string, variant: string): CacheEntry | undefined {
    return [...this.pending, ...this.kept].find((entry) => entry.key === key && entry.variant === variant);
  }

  drop(gone: (entry: CacheEntry) => boolean): number {
    const before = this.pending.length + this.kept.length;
    this.pending = this.pending.filter((entry) => !gone(entry));
    this.kept = this.kept.filter((entry) => !gone(entry));
    return before - this.pending.length - this.kept.length;
  }

  keep(entry: CacheEntry, cost: number): boolean {
    if (!this.pending.includes(entry)) return false;
    this.pending = this.pending.filter((other) => other !== entry);
    if (cost > MAX_BYTES) return false;
    this.kept.push(entry);
    while (this.bytes > MAX_BYTES) {
      this.kept.shift();
      this.evictions++;
    }
    return true;
  }

  get bytes(): number {
    return this.kept.reduce((sum, { cost }) => sum + cost, 0);
  }

  get keys(): number {
    return new Set([...this.pending, ...this.kept].map(({ key }) => key)).size;
  }
}

interface Real {
  readonly store: CacheStore;
  readonly begun: CacheEntry[];
  evictions: number;
}

type Step = (model: Model, real: Real) => void;

const key = fc.constantFrom('a', 'b', 'c', 'd');
const variant = fc.constantFrom('GET', 'HGET 1:x', 'STRLEN');
const place = fc.nat(1_000);

const read = fc.tuple(key, variant).map(
  ([key, variant]): Step =>
    (model, { store, begun }) => {
      const found = store.find(key, variant);
      expect(found).toBe(model.find(key, variant));
      if (found === undefined) {
        const entry = store.begin(key, variant);
        begun.push(entry);
        model.pending.push(entry);
      } else if (model.kept.includes(found)) {
        store.touch(found);
        model.kept = [...model.kept.filter((entry) => entry !== found), found];
      }
    },
);
const reply = fc.tuple(place, fc.integer({ min: 1, max: 130 })).map(
  ([at, cost]): Step =>
    (model, { store, begun }) => {
      // Every reply comes once, for an entry that may be gone.
      const [entry] = begun.splice(at % Math.max(1, begun.length), 1);
      if (entry === undefined) return;
      expect(store.keep(entry, 'value', cost, 0)).toBe(model.keep(entry, cost));
    },
);
const failure = place.map(
  (at): Step =>
    (model, { store, begun }) => {
      const [entry] = begun.splice(at % Math.max(1, begun.length), 1);
      if (entry === undefined) return;
      store.remove(entry);
      model.drop((other) => other === entry);
    },
);
const expiry = fc.tuple(key, variant).map(
  ([key, variant]): Step =>
    (model, { store }) => {
      const entry = model.kept.find((each) => each.key === key && each.variant === variant);
      if (entry === undefined) return;
      store.remove(entry);
      store.remove(entry);
      model.drop((other) => other === entry);
    },
);
const change = key.map(
  (key): Step =>
    (model, { store }) => {
      expect(store.invalidate(key)).toBe(model.drop((entry) => entry.key === key));
    },
);
const flush = fc.constant<Step>((model, { store }) => {
  store.clear();
  model.drop(() => true);
});

it('holds what its model holds, whatever comes in whatever order', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: read },
    { weight: 6, arbitrary: reply },
    { weight: 2, arbitrary: change },
    { weight: 1, arbitrary: failure },
    { weight: 1, arbitrary: expiry },
    { weight: 1, arbitrary: flush },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const model = new Model();
      const real: Real = {
        store: new CacheStore(MAX_BYTES, () => real.evictions++),
        begun: [],
        evictions: 0,
      };
      for (const run of steps) {
        run(model, real);
        const { store } = real;
        expect(store.size).toBe(model.kept.length);
        expect(store.bytes).toBe(model.bytes);
        expect(store.bytes).toBeLessThanOrEqual(MAX_BYTES);
        expect(store.keys).toBe(model.keys);
        expect(real.evictions).toBe(model.evictions);
        for (const entry of [...model.pending, ...model.kept]) expect(store.holds(entry)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
