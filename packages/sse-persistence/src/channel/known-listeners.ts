import type { ListenerDirectory } from '../store/channel-store.js';

/** How long a listener that was found counts as known, in ms. */
const FOUND_MS = 30_000;
const MOST = 10_000;

/** Listeners that were found in the directory lately, so that not each message to one needs to ask. */
export class KnownListeners {
  readonly #directory: ListenerDirectory | undefined;
  readonly #until: Map<string, number> = new Map();

  constructor(directory: ListenerDirectory | undefined) {
    this.#directory = directory;
  }

  add(id: string): void {
    if (this.#until.size >= MOST) this.#until.clear();
    this.#until.set(id, performance.now() + FOUND_MS);
  }

  forget(id: string): void {
    this.#until.delete(id);
  }

  async has(id: string): Promise<boolean> {
    if ((this.#until.get(id) ?? 0) > performance.now()) return true;
    if (!(await this.#directory?.has(id))) return false;
    this.add(id);
    return true;
  }
}
