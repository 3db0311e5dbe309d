import type { ClientType } from './client-type.js';
import type { OpenRedisClient } from './opening.js';
import type { ScriptRedisClient } from './script-redis-client.js';

/** What a scope needs of its manager. */
export interface ScopeParts {
  readonly name: string;
  readonly open: OpenRedisClient;
  readonly clients: (type?: ClientType) => ScriptRedisClient<unknown>[];
  readonly close: () => Promise<void>;
}

/**
 * An owner of clients, as each script is in PySpigot: closing it closes every client that was opened in it. Made by
 * `manager.scope(name)`.
 *
 * @example
 * await using scope = manager.scope('chat');
 * const client = await scope.openRedisClient(ClientType.PUB_SUB, 'redis://127.0.0.1:6379');
 */
export class RedisScope implements AsyncDisposable {
  readonly name: string;
  /** As that of the manager. */
  readonly openRedisClient: OpenRedisClient;
  readonly #parts: ScopeParts;
  #closing: Promise<void> | undefined;

  /** @internal Use `manager.scope`. */
  constructor(parts: ScopeParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.openRedisClient = parts.open;
  }

  /** The clients that are open in it. */
  getRedisClients(type?: ClientType): ScriptRedisClient<unknown>[] {
    return this.#parts.clients(type);
  }

  /** Closes its clients; it opens no more. Doing it twice does no harm. */
  close(): Promise<void> {
    this.#closing ??= this.#parts.close();
    return this.#closing;
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
