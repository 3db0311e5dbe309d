import type { RespValue } from '@redlane/client';
import type { RedisClientBase } from './redis-client-base.js';
import { type BatchCall, type BatchReplies, type CommandCall, RedisCommands } from './redis-commands.js';

/** How a context is entered. */
export interface ContextOptions {
  /**
   * Release the connection at the end. Of a RedisClient itself, that is its shutdown. With contexts inside of each other, it
   * is done when the last one ends. @default true
   */
  readonly release?: boolean | undefined;
  /**
   * From the first command on, all commands go over one connection: once that is lost, RedisConnectionRestarted is thrown
   * rather than to reconnect. @default true
   */
  readonly lockconn?: boolean | undefined;
}

/**
 * What `context()` gives, until it is disposed. It stands for its connection, which may as well be used itself: a context
 * holds for the connection, and does not keep others off it.
 *
 * @example
 * await using connection = (await client.getConnection()).context();
 * await connection.executeCommand('WATCH', 'stock');
 */
export class RedisContext<C extends RedisClientBase = RedisClientBase>
  extends RedisCommands
  implements AsyncDisposable
{
  /** What it was entered on. */
  readonly connection: C;
  readonly #leave: () => Promise<void>;
  #left: Promise<void> | undefined;

  /** @internal */
  constructor(connection: C, leave: () => Promise<void>) {
    super();
    this.connection = connection;
    this.#leave = leave;
  }

  override executeCommand<T = RespValue>(...call: CommandCall): Promise<T> {
    return this.connection.executeCommand<T>(...call);
  }

  override batchExecute(...call: BatchCall): Promise<BatchReplies> {
    return this.connection.batchExecute(...call);
  }

  /** Leaves the context. More than once does no harm. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#left ??= this.#leave();
    return this.#left;
  }
}
