import type { RedisClient, RedisDriver } from '@redlane/client';
import { type Commands, commandsOf } from '@redlane/client/commands';
import { ClientType } from './client-type.js';
import { type ClientParts, ScriptRedisClient } from './script-redis-client.js';

/**
 * A client for commands. Follows PySpigot's `RedisCommandClient`.
 *
 * @example
 * const client = await manager.openRedisClient(ClientType.COMMAND, 'redis://127.0.0.1:6379');
 * await client.getCommands().set('k', 'v');
 */
export class RedisCommandClient<Native = RedisClient> extends ScriptRedisClient<Native> {
  override readonly type: typeof ClientType.COMMAND = ClientType.COMMAND;
  readonly #commands: Commands;

  /** @internal Use `openRedisClient`. */
  constructor(parts: ClientParts) {
    super(parts);
    this.#commands = commandsOf(this.driver);
  }

  /** The connection: single commands and batches, transactions, scripts, leases for commands that wait at the server. */
  getConnection(): RedisDriver {
    return this.driver;
  }

  /** Every command of the server as a method, which gives a promise: nothing blocks. */
  getCommands(): Commands {
    return this.#commands;
  }

  /** The same as {@link RedisCommandClient.getCommands}: in JavaScript both are asynchronous. */
  getAsyncCommands(): Commands {
    return this.#commands;
  }
}
