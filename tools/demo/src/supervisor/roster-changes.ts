import type { Roster } from '../process-messages.js';

/** Tells of those who were away and are up again, a line each, with the time that it took. */
export class RosterChanges {
  readonly #known: Set<string> = new Set();
  readonly #awaySince: Map<string, number> = new Map();

  next({ nodes, workers }: Roster, now = performance.now()): string[] {
    const all = [
      ...nodes.map(({ id, state }) => ({ name: `web node ${id}`, state })),
      ...workers.map(({ id, state }) => ({ name: `worker ${id}`, state })),
    ];
    return all.flatMap(({ name, state }) => {
      const since = this.#awaySince.get(name);
      if (state === 'up') {
        this.#known.add(name);
        this.#awaySince.delete(name);
        return since === undefined
          ? []
          : [`${name} is up again after ${((now - since) / 1_000).toFixed(1)} s`];
      }
      if (since === undefined && this.#known.has(name)) this.#awaySince.set(name, now);
      return [];
    });
  }
}
