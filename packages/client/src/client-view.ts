import type { CommandArgument, RespValue } from '@redlane/resp3-core';
import type { CacheableCommand } from './cache/cacheable-commands.js';
import type { ClientCache } from './cache/client-cache.js';
import { Caller, type CallOptions, type CommandSink, merge } from './caller.js';
import type { CommandSettings } from './command.js';
import { CommandRefusedError } from './errors.js';
import { commandName } from './routing.js';

/** The calls of a client and of its views, which the client's cache may answer. */
export class ClientView extends Caller {
  readonly #sink: CommandSink;
  readonly #settings: CommandSettings;
  readonly #cache: ClientCache | undefined;

  /** @internal */
  constructor(sink: CommandSink, settings: CommandSettings, cache: ClientCache | undefined) {
    super(sink, settings);
    this.#sink = sink;
    this.#settings = settings;
    this.#cache = cache;
  }

  /**
   * A read that is answered from this process while the server has reported no change of the key since. Concurrent reads of
   * the same share one request, and each keeps its own signal and deadline. What it resolves with is the caller's to change.
   *
   * Needs the option `clientCache`. Goes to the server, like `call`, where that does not report changes.
   *
   * @throws CommandRefusedError (`COMMAND_REFUSED`) without a cache, and for all but reads of one key; and what `call` throws
   * @example
   * const client = new RedisClient({ clientCache: clientCache() });
   * const name = await client.cached<string | null>('GET', 'name');
   */
  cached<T = RespValue>(command: CacheableCommand, ...args: CommandArgument[]): Promise<T>;
  cached<T = RespValue>(words: readonly CommandArgument[]): Promise<T>;
  cached<T>(...words: (CommandArgument | readonly CommandArgument[])[]): Promise<T> {
    const args = (Array.isArray(words[0]) ? words[0] : words) as readonly CommandArgument[];
    const cache = this.#cache;
    if (cache === undefined) return Promise.reject(withoutCache(args));
    return cache.read<T>(args, this.#settings) ?? this.call<T>(args);
  }

  override with(options: CallOptions): ClientView {
    return new ClientView(this.#sink, merge(this.#settings, options), this.#cache);
  }
}

function withoutCache(args: readonly CommandArgument[]): CommandRefusedError {
  return new CommandRefusedError(commandName(args[0]), {
    reason: 'this client has no cache',
    instead: 'give it one with clientCache: clientCache() of @redlane/client/cache, or use call()',
  });
}
