import type { FaultProxy } from '@redlane/redis-server';

/** No wait of a run lasts that long. */
const FOR_EVER_MS = 2 ** 31 - 1;

/** How many connections came through some proxies, and how many of them are gone. */
export class ConnectionCount {
  readonly #proxies: readonly FaultProxy[];
  readonly #made: Map<FaultProxy, number> = new Map();

  constructor(proxies: readonly FaultProxy[]) {
    this.#proxies = proxies;
    for (const proxy of proxies) void this.#watch(proxy);
  }

  get made(): number {
    return [...this.#made.values()].reduce((sum, count) => sum + count, 0);
  }

  get open(): number {
    return this.#proxies.reduce((sum, { connections }) => sum + connections.length, 0);
  }

  get lost(): number {
    return this.made - this.open;
  }

  /** Until the proxy is closed. Connections are numbered, so none is left out that came at the same time as another. */
  async #watch(proxy: FaultProxy): Promise<void> {
    try {
      for (;;) this.#made.set(proxy, (await proxy.waitForConnection({ timeoutMs: FOR_EVER_MS })).id);
    } catch {
      // It is closed.
    }
  }
}
