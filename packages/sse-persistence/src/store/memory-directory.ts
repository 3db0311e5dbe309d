import type { ListenerPolicy } from '../event-feed.js';
import type { Admission, ListenerDirectory, ListenerRow, Signal, Touch, Touched } from './channel-store.js';

/** For how long who was stopped gets nothing more: as long as Redis is told by default. */
const STOP_MS = 86_400_000;

/** A channel's listeners in memory: there are no other processes. */
export class MemoryDirectory implements ListenerDirectory {
  readonly #rows: Map<string, ListenerRow> = new Map();
  readonly #positions: Map<string, string> = new Map();
  readonly #present: Set<string> = new Set();
  /** Until when, by `performance.now()`; those that are over soonest come first. */
  readonly #stopped: Map<string | undefined, number> = new Map();
  readonly #watchers: Set<(signal: Signal) => void> = new Set();

  async register(row: ListenerRow, position: string | undefined): Promise<void> {
    if (!this.#rows.has(row.id)) this.#rows.set(row.id, row);
    if (position !== undefined && !this.#positions.has(row.id)) this.#positions.set(row.id, position);
    this.#stopped.delete(row.id);
  }

  async remove(listener: string): Promise<void> {
    this.#rows.delete(listener);
    this.#positions.delete(listener);
    await this.stop(listener);
  }

  async has(listener: string): Promise<boolean> {
    return this.#rows.has(listener);
  }

  async list(): Promise<ListenerRow[]> {
    return [...this.#rows.values()].sort(({ id: one }, { id: other }) => (one < other ? -1 : 1));
  }

  async present(): Promise<string[]> {
    return [...this.#present].sort();
  }

  async position(listener: string): Promise<string | undefined> {
    return this.#positions.get(listener);
  }

  async savePositions(positions: ReadonlyMap<string, string>): Promise<void> {
    for (const [listener, position] of positions) {
      if (this.#rows.has(listener)) this.#positions.set(listener, position);
    }
  }

  async admit(listener: string | undefined, _policy: ListenerPolicy): Promise<Admission> {
    if (this.#isBarred(undefined) || this.#isBarred(listener)) return { type: 'stopped' };
    if (listener === undefined) return { type: 'admitted', position: undefined };
    await this.register({ id: listener, createdAt: Date.now(), queueType: 'plain' }, undefined);
    this.#present.add(listener);
    return { type: 'admitted', position: this.#positions.get(listener) };
  }

  async touch(_listeners: readonly Touch[]): Promise<Touched> {
    return { takenOver: [], stopped: [], isOver: false };
  }

  async release(listeners: readonly string[]): Promise<void> {
    for (const listener of listeners) this.#present.delete(listener);
  }

  async stop(listener: string | undefined): Promise<void> {
    const now = performance.now();
    for (const [former, until] of this.#stopped) {
      if (until > now) break;
      this.#stopped.delete(former);
    }
    this.#stopped.delete(listener);
    this.#stopped.set(listener, now + STOP_MS);
    for (const tell of this.#watchers) tell({ type: 'stopped', listener });
  }

  async resume(listener: string | undefined): Promise<void> {
    this.#stopped.delete(listener);
  }

  async watch(onSignal: (signal: Signal) => void): Promise<AsyncDisposable> {
    this.#watchers.add(onSignal);
    return {
      [Symbol.asyncDispose]: async () => {
        this.#watchers.delete(onSignal);
      },
    };
  }

  async clear(): Promise<void> {
    for (const known of [this.#rows, this.#positions, this.#present, this.#stopped]) known.clear();
  }

  #isBarred(listener: string | undefined): boolean {
    return (this.#stopped.get(listener) ?? 0) > performance.now();
  }
}
