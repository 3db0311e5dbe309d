import type { CommandArgument, RespValue } from '@redlane/client';
import { type Call, type CommandOptions, type ListCall, parseCall } from './call-arguments.js';
import { RedisProtocolException, type RedisReplyException } from './errors.js';
import type { RoutineContainer } from './routine-container.js';
import { type RegisteredScript, registered } from './script.js';
import { unlessAborted } from './unless-aborted.js';

/** How a batch is sent. */
export interface BatchOptions extends CommandOptions {
  /** Throw the first error reply, after all commands were sent and answered. @default false */
  readonly raiseFirstException?: boolean | undefined;
}

/** A command's name and arguments. */
export type RedisCommand = readonly CommandArgument[];

/** One command, word by word or as a list. */
export type CommandCall = Call<CommandArgument> | ListCall<CommandArgument>;

/** Commands, one by one or as a list. */
export type BatchCall = Call<RedisCommand, BatchOptions> | ListCall<RedisCommand, BatchOptions>;

/** Scripts, one by one or as a list. */
export type ScriptsCall = Call<RegisteredScript> | ListCall<RegisteredScript>;

/** The replies of a batch in order, with errors in their places. */
export type BatchReplies = (RespValue | RedisReplyException)[];

/** What clients, exclusive connections and contexts have in common. */
export abstract class RedisCommands {
  /**
   * Sends one command. Text in replies is text, and the shapes are those of RESP3; `nil` is `null`.
   *
   * Delivery: at most once. A command that was written is not sent again when the connection is lost.
   *
   * @throws RedisReplyException with the server's error; RedisConnectionDown (`CONNECTION_DOWN`, with `maybeExecuted`), and in
   * a context RedisConnectionRestarted; RedisProtocolException (`INVALID_COMMAND`, `COMMAND_REFUSED`); RedisClientShutdown
   * (`SHUTDOWN`); TimeoutError (`TIMEOUT`), AbortError (`ABORTED`)
   * @example
   * await client.executeCommand('SET', 'greeting', 'hello');
   * await client.executeCommand(container, 'GET', 'greeting');
   * await client.executeCommand(['GET', 'greeting'], { signal });
   */
  abstract executeCommand<T = RespValue>(...call: CommandCall): Promise<T>;

  /**
   * Sends commands in one write, and gives their replies in order, with a RedisReplyException in the place of each error. No
   * commands give `[]`. What comes behind a blocking command is sent when that has been answered.
   *
   * @throws as `executeCommand`; the first RedisReplyException with `raiseFirstException`
   */
  abstract batchExecute(...call: BatchCall): Promise<BatchReplies>;

  /**
   * A script as `evalRegistered` and `ensureRegistered` want it. Nothing is sent: the SHA-1 is computed here, and the script
   * is loaded when it is first needed. A text of less than 43 characters has no SHA-1.
   *
   * @throws RedisProtocolException (`INVALID_COMMAND`)
   */
  async registerScript(...call: Call<string | Uint8Array>): Promise<RegisteredScript> {
    const { args, options } = parseCall(call);
    const [script] = args as [string | Uint8Array];
    return unlessAborted(Promise.resolve(registered(script)), options.signal, 'registering a script');
  }

  /**
   * Runs a registered script: EVALSHA, and EVAL with its text where the server does not know it, after which it does.
   *
   * @param call - the script, the number of keys, keys and arguments
   * @throws as `executeCommand`
   */
  async evalRegistered<T = RespValue>(
    ...call:
      | [script: RegisteredScript, ...rest: Call<CommandArgument>]
      | [container: RoutineContainer, script: RegisteredScript, ...rest: Call<CommandArgument>]
  ): Promise<T> {
    const { args, options } = parseCall(call);
    const [[sha, script], ...rest] = args as [RegisteredScript, ...CommandArgument[]];
    const numbered = rest.length === 0 ? [0] : rest;
    if (sha === null) return this.executeCommand<T>(['EVAL', script, ...numbered], options);
    try {
      return await this.executeCommand<T>(['EVALSHA', sha, ...numbered], options);
    } catch (error) {
      if ((error as RedisReplyException).subtype !== 'NOSCRIPT') throw error;
      return this.executeCommand<T>(['EVAL', script, ...numbered], options);
    }
  }

  /**
   * Loads those of the scripts that the server does not know, so that a batch can use EVALSHA.
   *
   * @returns the SHA-1s of those that it loaded
   * @throws as `executeCommand`, also when one cannot be loaded
   */
  async ensureRegistered(...call: ScriptsCall): Promise<string[]> {
    const { args, options } = parseCall(call);
    const scripts = new Map<string, string | Uint8Array>();
    for (const [sha, script] of scriptsOf(args)) if (sha !== null) scripts.set(sha, script);
    if (scripts.size === 0) return [];
    const known = await this.executeCommand<number[]>(['SCRIPT', 'EXISTS', ...scripts.keys()], options);
    const missing = [...scripts].filter((_, i) => known[i] !== 1);
    const loads = missing.map(([, script]) => ['SCRIPT', 'LOAD', script]);
    return (await this.batchExecute(loads, { ...options, raiseFirstException: true })) as string[];
  }

  /**
   * {@link RedisCommands.ensureRegistered}, as VLCP spells it.
   *
   * @deprecated use `ensureRegistered`
   */
  ensureRegisterd(...call: ScriptsCall): Promise<string[]> {
    return this.ensureRegistered(...call);
  }
}

/** Tuples one by one, or a list of them. */
function scriptsOf(args: readonly unknown[]): readonly RegisteredScript[] {
  const [first] = args;
  const list = Array.isArray(first) && (first.length === 0 || Array.isArray(first[0])) ? first : args;
  for (const script of list) {
    if (!Array.isArray(script) || script.length !== 2) {
      throw new RedisProtocolException('INVALID_COMMAND', 'a script must be what registerScript() gives');
    }
  }
  return list as readonly RegisteredScript[];
}
