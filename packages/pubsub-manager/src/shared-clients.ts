import { type ClientOptions as ConnectionOptions, RedisClient } from '@redlane/client';

/** One user's share of a `RedisClient`. */
export interface Share {
  readonly client: RedisClient;
  /** Closes the client when this was the last share. */
  release(): Promise<void>;
}

/** Clients by address, login and options: those for which all of it is the same share one connection. */
export class SharedClients {
  readonly #clients: Map<string, { readonly client: RedisClient; count: number }> = new Map();
  readonly #objects: WeakMap<object, number> = new WeakMap();
  #lastObject = 0;

  /** `apart` tells clients from each other whose settings are the same. */
  take(settings: ConnectionOptions, apart: unknown): Share {
    const key = this.#keyOf([settings, apart]);
    let shared = this.#clients.get(key);
    // One that has given up is of no use to others.
    if (shared === undefined || shared.client.status.current.state === 'closed') {
      shared = { client: new RedisClient(settings), count: 0 };
      this.#clients.set(key, shared);
    }
    const taken = shared;
    taken.count++;
    return {
      client: taken.client,
      release: async () => {
        if (--taken.count > 0) return;
        if (this.#clients.get(key) === taken) this.#clients.delete(key);
        await taken.client.close();
      },
    };
  }

  /** Plain values by what they say; functions and instances by which they are. */
  #keyOf(value: unknown): string {
    return JSON.stringify(value, (_, part: unknown) => {
      const isPlain = Array.isArray(part) || Object.getPrototypeOf(part ?? null) === Object.prototype;
      if (typeof part === 'function' || (typeof part === 'object' && part !== null && !isPlain)) {
        const number = this.#objects.get(part) ?? ++this.#lastObject;
        this.#objects.set(part, number);
        return `#${number}`;
      }
      if (part === Number.POSITIVE_INFINITY) return '#Infinity';
      if (!isPlain || Array.isArray(part)) return part;
      const sorted = Object.entries(part as object).filter(([, each]) => each !== undefined);
      return Object.fromEntries(sorted.sort(([a], [b]) => (a < b ? -1 : 1)));
    });
  }
}
