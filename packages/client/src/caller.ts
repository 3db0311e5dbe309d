import { type CommandArgument, checkArguments, type RespValue } from '@redlane/resp3-core';
import { type BatchReply, Command, type CommandKeeper, type CommandSettings } from './command.js';
import {
  batchAttributes,
  batchTraces,
  commandAttributes,
  commandTraces,
  hasListeners,
  type TracedServer,
  traced,
} from './diagnostics.js';
import { CommandRefusedError } from './errors.js';
import { ReplyError } from './reply-error.js';
import type { RetryPolicy } from './retry.js';
import { commandName, type Place, type Route, refusalOf, routeOf } from './routing.js';
import { type Script, scriptOf } from './script.js';
import { SignalWatch } from './signal-watch.js';
import { sizeOf } from './size.js';
import { pushCommand } from './subscriptions/push-command.js';
import { type Transaction, transactionOf, withCommand } from './transaction.js';

/** What holds for the calls of a view: see {@link Caller.with}. */
export interface CallOptions {
  /** Aborts the calls, before they are written and after. */
  readonly signal?: AbortSignal | undefined;
  /** Deadline from the call to the reply, in ms; 0 or `Infinity`: none. @default the client's */
  readonly timeoutMs?: number | undefined;
  /** Strings as text or as bytes. @default the client's */
  readonly replies?: 'string' | 'bytes' | undefined;
  /** Maps as `Map`, or as null-prototype objects. @default the client's */
  readonly maps?: 'map' | 'object' | undefined;
  /** What is sent again after a loss or a refusal. @default the client's */
  readonly retry?: RetryPolicy | undefined;
}

/** Where the commands of a caller go. */
export interface CommandSink extends CommandKeeper {
  readonly place: Place;
  /** Where its commands go, as far as traces tell. */
  readonly server: TracedServer;
  /** The time, in ms of `performance.now()`. */
  now(): number;
  submit(command: Command): void;
  /** Runs a command that may wait at the server, where it does not hold up others. */
  block(command: Command, route: Route, serverTimeoutMs: number): void;
}

/** The calls that a client, a view of it and an exclusive connection have in common. */
export class Caller {
  readonly #sink: CommandSink;
  readonly #settings: CommandSettings;

  /** @internal */
  constructor(sink: CommandSink, settings: CommandSettings) {
    this.#sink = sink;
    this.#settings = settings;
  }

  /**
   * Sends one command and resolves with its reply. Commands are executed in the order of the calls; blocking ones
   * (`BLPOP`, `XREAD BLOCK`, …) go to a connection of their own, and order nothing.
   *
   * Delivery: at most once by default. See the options' `retry`.
   *
   * @throws ReplyError with the server's code; TimeoutError, AbortError, ConnectionLostError, QueueFullError and ClosedError
   * with `maybeExecuted`; CommandRefusedError for what would break a shared connection; CommandArgumentError.
   * @example
   * const value = await client.call<string | null>('GET', 'greeting');
   */
  call<T = RespValue>(command: string, ...args: CommandArgument[]): Promise<T>;
  call<T = RespValue>(words: readonly CommandArgument[]): Promise<T>;
  call<T>(...words: (CommandArgument | readonly CommandArgument[])[]): Promise<T> {
    const args = (Array.isArray(words[0]) ? words[0] : words) as readonly CommandArgument[];
    const sink = this.#sink;
    let route: Route | undefined;
    let serverTimeoutMs: number | undefined;
    try {
      checkArguments(args);
      route = routeOf(args);
      if (route !== undefined) {
        refuse(args, route, sink.place);
        serverTimeoutMs = route.blockingTimeoutMs(args);
      }
    } catch (error) {
      return Promise.reject(error as Error);
    }
    if (!hasListeners(commandTraces)) return this.#send<T>(args, route, serverTimeoutMs);
    return traced(commandTraces, commandAttributes(args, sink.server), () =>
      this.#send<T>(args, route, serverTimeoutMs),
    );
  }

  /**
   * Sends commands in one write and resolves with their replies in order; an error of the server stands in its place as a
   * `ReplyError`. Other commands may be executed between them; for all or nothing use {@link Caller.transaction}.
   */
  pipeline(commands: readonly (readonly CommandArgument[])[]): Promise<(RespValue | ReplyError)[]> {
    if (!hasListeners(batchTraces) || commands.length === 0) return this.#pipeline(commands);
    const attributes = batchAttributes('PIPELINE', commands, this.#sink.server);
    return traced(batchTraces, attributes, () => this.#pipeline(commands));
  }

  /**
   * Sends commands between MULTI and EXEC, in one write. The server executes all or none of them, with nothing in
   * between; an error during execution stands in its place as a `ReplyError`.
   *
   * @returns `{ aborted: true }` when a watched key has changed (WATCH on an exclusive connection).
   * @throws ReplyError (`EXECABORT`) when the server turned one of them down: nothing was executed. Its `cause` is the first
   * command's error.
   */
  transaction(commands: readonly (readonly CommandArgument[])[]): Promise<Transaction> {
    if (!hasListeners(batchTraces) || commands.length === 0) return this.#transaction(commands);
    const attributes = batchAttributes('MULTI', commands, this.#sink.server);
    return traced(batchTraces, attributes, () => this.#transaction(commands));
  }

  /**
   * Runs a Lua script by its SHA-1 (EVALSHA), and by its source (EVAL) where the server does not know it yet.
   *
   * @example
   * await client.run('return redis.call("INCRBY", KEYS[1], ARGV[1])', ['counter'], [5]);
   */
  async run<T = RespValue>(
    script: string | Script,
    keys: readonly CommandArgument[] = [],
    args: readonly CommandArgument[] = [],
  ): Promise<T> {
    const { sha, source } = scriptOf(script);
    const rest = [keys.length, ...keys, ...args];
    try {
      return await this.call<T>('EVALSHA', sha, ...rest);
    } catch (error) {
      if (!(error instanceof ReplyError) || error.code !== 'NOSCRIPT') throw error;
      return this.call<T>('EVAL', source, ...rest);
    }
  }

  /** Calls a function of a loaded library (FCALL, or FCALL_RO with `readOnly`). */
  fcall<T = RespValue>(
    name: string,
    keys: readonly CommandArgument[] = [],
    args: readonly CommandArgument[] = [],
    { readOnly = false }: { readonly readOnly?: boolean } = {},
  ): Promise<T> {
    return this.call<T>(readOnly ? 'FCALL_RO' : 'FCALL', name, keys.length, ...keys, ...args);
  }

  /**
   * The same caller with other settings for its calls. It is a view: it opens nothing, and need not be closed.
   *
   * @example
   * const bytes = client.with({ replies: 'bytes', timeoutMs: 200, signal });
   */
  with(options: CallOptions): Caller {
    return new Caller(this.#sink, merge(this.#settings, options));
  }

  #send<T>(
    args: readonly CommandArgument[],
    route: Route | undefined,
    serverTimeoutMs: number | undefined,
  ): Promise<T> {
    const sink = this.#sink;
    const settings = this.#settings;
    return new Promise<T>((resolve, reject) => {
      const deadline = sink.now() + settings.timeoutMs;
      const readOnly = route?.readOnly === true;
      const bytes = sizeOf(args);
      if (route?.pushReplied === true) {
        sink.submit(pushCommand(args, settings, deadline, bytes, resolve, reject, sink));
        return;
      }
      const command = new Command(
        args,
        undefined,
        settings,
        readOnly,
        deadline,
        bytes,
        resolve,
        reject,
        sink,
      );
      if (serverTimeoutMs === undefined) sink.submit(command);
      else sink.block(command, route as Route, serverTimeoutMs);
    });
  }

  async #pipeline(commands: readonly (readonly CommandArgument[])[]): Promise<(RespValue | ReplyError)[]> {
    if (commands.length === 0) return [];
    const replies = await this.#batch(commands, commands);
    return replies.map((reply, index) => withCommand(reply, commands[index]));
  }

  async #transaction(commands: readonly (readonly CommandArgument[])[]): Promise<Transaction> {
    if (commands.length === 0) return { aborted: false, replies: [] };
    const replies = await this.#batch(commands, [['MULTI'], ...commands, ['EXEC']]);
    return transactionOf(commands, replies);
  }

  #batch(
    commands: readonly (readonly CommandArgument[])[],
    words: readonly (readonly CommandArgument[])[],
  ): Promise<BatchReply[]> {
    const sink = this.#sink;
    const place = { ...sink.place, transaction: words !== commands };
    let readOnly = true;
    let bytes = 0;
    try {
      for (const args of commands) {
        checkArguments(args);
        const route = routeOf(args);
        readOnly &&= route?.readOnly === true;
        bytes += sizeOf(args);
        if (route === undefined) continue;
        refuse(args, route, place);
        if (route.pushReplied) {
          throw new CommandRefusedError(commandName(args[0]), {
            reason: 'it has no reply that could stand in its place',
            instead: 'use call()',
          });
        }
        if (route.blockingTimeoutMs(args) !== undefined && !place.transaction) {
          throw new CommandRefusedError(commandName(args[0]), {
            reason: 'it would hold up every command after it',
            instead: 'use call()',
          });
        }
      }
    } catch (error) {
      return Promise.reject(error as Error);
    }
    const settings = this.#settings;
    return new Promise((resolve, reject) => {
      const deadline = sink.now() + settings.timeoutMs;
      sink.submit(new Command([], words, settings, readOnly, deadline, bytes, resolve, reject, sink));
    });
  }
}

/** Settings with what the options say. */
export function merge(settings: CommandSettings, options: CallOptions): CommandSettings {
  const { timeoutMs = settings.timeoutMs } = options;
  return {
    timeoutMs: timeoutMs === 0 ? Number.POSITIVE_INFINITY : timeoutMs,
    watch: options.signal === undefined ? settings.watch : SignalWatch.of(options.signal),
    replies: options.replies ?? settings.replies,
    maps: options.maps ?? settings.maps,
    retry: options.retry ?? settings.retry,
  };
}

function refuse(args: readonly CommandArgument[], route: Route, place: Place): void {
  const refusal = refusalOf(route, place);
  if (refusal !== undefined) throw new CommandRefusedError(commandName(args[0]), refusal);
}
