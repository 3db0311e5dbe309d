import { type ClientOptions, RedisClient } from '@redlane/client';

/** Where the servers are, as whoever starts the program tells it in `REDLANE_CORE`. */
export interface CoreServers {
  readonly url: string;
  readonly protocol: 2 | 3;
  readonly tls: { readonly url: string; readonly ca: string; readonly cert: string; readonly key: string };
}

/** What a check works with. */
export class Bed {
  readonly servers: CoreServers;
  readonly #prefix = `/core/${crypto.randomUUID()}`;

  constructor(servers: CoreServers) {
    this.servers = servers;
  }

  /** A key, channel or topic that no other check uses. (All begin with a slash, as the names of channels must.) */
  key(name: string): string {
    return `${this.#prefix}/${name}`;
  }

  get options(): ClientOptions {
    const { hostname, port } = new URL(this.servers.url);
    return { host: hostname, port: Number(port), protocol: this.servers.protocol };
  }

  client(options: ClientOptions = {}): RedisClient {
    return new RedisClient({ ...this.options, reconnect: { minDelayMs: 1, maxDelayMs: 50 }, ...options });
  }
}

/** Resolves, with a reason when there is nothing to check here, or rejects. */
export type Check = (bed: Bed) => Promise<unknown> | unknown;
export type Checks = Readonly<Record<string, Check>>;
