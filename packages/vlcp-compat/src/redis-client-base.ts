import type { Caller, RespValue, Session } from '@redlane/client';
import { type Call, type CommandOptions, eitherSignal, parseCall } from './call-arguments.js';
import { type ContextOptions, RedisContext } from './context.js';
import { DEFAULTS, type RedisProtocol } from './defaults.js';
import { RedisReplyException } from './errors.js';
import type { Line } from './line.js';
import type { RedisClient } from './redis-client.js';
import {
  type BatchCall,
  type BatchOptions,
  type BatchReplies,
  type CommandCall,
  type RedisCommand,
  RedisCommands,
} from './redis-commands.js';
import { checkCommand } from './refusal.js';
import type { RoutineContainer } from './routine-container.js';
import { isBlocking, runBatch } from './run-batch.js';
import { Scopes } from './scopes.js';
import { SessionLine } from './session-line.js';
import { isReplyError, replyException, translateError, translateReply } from './translate-error.js';

/** How to shut down. */
export interface ShutdownOptions {
  /** Close now; what has no reply yet is rejected. @default false */
  readonly force?: boolean | undefined;
}

/** A context's arguments, with or without the container before them. */
type ContextCall = [options?: ContextOptions] | [container: RoutineContainer, options?: ContextOptions];
type ContextTask<C extends RedisClientBase, T> = (context: RedisContext<C>) => Promise<T> | T;

/**
 * Commands on one connection. `getConnection()` of a client gives one whose connection is nobody else's: there, WATCH, MULTI,
 * SELECT and blocking commands are in place. A connection that is lost is replaced with the next command, by one that knows
 * nothing of what was watched; in a {@link RedisClientBase.context} it is not.
 */
export class RedisClientBase extends RedisCommands implements AsyncDisposable {
  /** How long a command waits for a connection, in ms; 0 or `Infinity`: for ever. @default 10_000, or the parent's */
  timeoutMs: number;
  /** Deadline of a reply, in ms; 0 or `Infinity`: none. A blocking command's own timeout comes on top. @default 10_000, or the parent's */
  commandTimeoutMs: number;
  /** How connections are made: that of the parent, if there is one. */
  readonly protocol: RedisProtocol | undefined;
  readonly #parent: RedisClient | undefined;
  readonly #scopes: Scopes = new Scopes();
  #line: Line | undefined;

  /**
   * @param conn - an exclusive connection of `@redlane/client`, which stays its owner's
   * @param parent - where the connection is taken from, with the first command, and where `release` gives it back to
   */
  constructor(conn?: Session | null, parent?: RedisClient | null, protocol?: RedisProtocol | null) {
    super();
    this.#parent = parent ?? undefined;
    this.protocol = parent?.protocol ?? protocol ?? undefined;
    this.timeoutMs = parent?.timeoutMs ?? DEFAULTS.timeoutMs;
    this.commandTimeoutMs = parent?.commandTimeoutMs ?? DEFAULTS.commandTimeoutMs;
    if (conn !== undefined && conn !== null) this.#line = new SessionLine(conn);
  }

  override async executeCommand<T = RespValue>(...call: CommandCall): Promise<T> {
    const { args, options } = parseCall(call);
    const command = (Array.isArray(args[0]) ? args[0] : args) as RedisCommand;
    const line = this.line();
    checkCommand(command, line.exclusive);
    const signal = isBlocking(command) ? eitherSignal(line.ending, options.signal) : options.signal;
    const reply = await this.#run({ ...options, signal }, (caller) => caller.call<T>(command));
    // A bare SUBSCRIBE is answered by pushes.
    return reply === undefined ? (null as T) : translateReply(reply);
  }

  override async batchExecute(...call: BatchCall): Promise<BatchReplies> {
    const { commands, options } = parseBatch(call);
    if (commands.length === 0) return [];
    const line = this.line();
    for (const command of commands) checkCommand(command, line.exclusive);
    const blockingSignal = eitherSignal(line.ending, options.signal);
    const replies = await this.#run(options, (caller) =>
      runBatch(caller, commands, caller.with({ signal: blockingSignal })),
    );
    return outcomes(replies, options);
  }

  /**
   * A scope in which the connection is not replaced (`lockconn`), and at whose end it is released (`release`). Contexts may be
   * inside of each other. With a function, it ends with that.
   *
   * @example
   * await connection.context({ release: false }, async (context) => {
   *   await context.executeCommand('WATCH', 'stock');
   * });
   */
  context(...call: ContextCall): RedisContext<this>;
  context<T>(...call: [...call: ContextCall, task: ContextTask<RedisClientBase, T>]): Promise<T>;
  context<T>(...call: unknown[]): RedisContext<this> | Promise<T> {
    const task = typeof call.at(-1) === 'function' ? (call.pop() as ContextTask<this, T>) : undefined;
    const { release = true, lockconn = true } = parseCall<ContextOptions & CommandOptions>(call).options;
    const scope = this.#scopes.enter(release, lockconn);
    const context = new RedisContext(this, async () => {
      if (this.#scopes.leave(scope)) await this.release();
    });
    return task === undefined ? context : within(context, task);
  }

  /**
   * Gives the connection back, to be used by others: MULTI, WATCH, SELECT and subscriptions are undone before. Without a
   * parent it is `shutdown()`. More than once does no harm, and a container that was terminated does not keep it from its end.
   */
  release(..._call: Call<never>): Promise<void> {
    return this.#parent === undefined ? this.shutdown() : this.line().release();
  }

  /** Closes the connection: after the replies that it owes, for which it has a second, or now. */
  shutdown(...call: Call<never, ShutdownOptions>): Promise<void> {
    const { force = false } = parseCall<ShutdownOptions & CommandOptions>(call).options;
    return this.line().close(force);
  }

  /** `release()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  /** @internal The connection that commands go over. */
  protected line(): Line {
    this.#line ??= this.#parent?.exclusiveLine() ?? new SessionLine(undefined);
    return this.#line;
  }

  /** @internal Waits for a connection now, rather than with the first command. */
  async connect({ signal }: CommandOptions): Promise<this> {
    try {
      await this.line().open({ signal, timeoutMs: orForEver(this.timeoutMs) });
      return this;
    } catch (error) {
      void this.release();
      throw translateError(error);
    }
  }

  async #run<T>({ signal, timeoutMs }: CommandOptions, task: (caller: Caller) => Promise<T>): Promise<T> {
    const line = this.line();
    const scopes = this.#scopes;
    const { locking } = scopes;
    try {
      scopes.check(line.current?.connection);
      const open = line.current ?? (await line.open({ signal, timeoutMs: orForEver(this.timeoutMs) }));
      scopes.check(open.connection);
      scopes.lock(open.connection);
      const caller = locking ? open.pinned : open.caller;
      return await task(caller.with({ signal, timeoutMs: timeoutMs ?? this.commandTimeoutMs }));
    } catch (error) {
      throw translateError(error, locking);
    }
  }
}

/** The commands of a batch, given one by one or as a list. */
export function parseBatch(call: readonly unknown[]): {
  commands: readonly RedisCommand[];
  options: BatchOptions;
} {
  const { args, options } = parseCall<BatchOptions>(call);
  const [first] = args;
  const isList = args.length === 1 && Array.isArray(first) && (first.length === 0 || Array.isArray(first[0]));
  return { commands: (isList ? first : args) as readonly RedisCommand[], options };
}

/** The replies of a batch as VLCP gives them. */
function outcomes(
  replies: readonly (RespValue | Error)[],
  { raiseFirstException = false }: BatchOptions,
): BatchReplies {
  const results = replies.map((reply) =>
    isReplyError(reply) ? replyException(reply) : translateReply(reply),
  );
  const failed = results.find((result) => result instanceof RedisReplyException);
  if (raiseFirstException && failed !== undefined) throw failed;
  return results as BatchReplies;
}

async function within<C extends RedisClientBase, T>(
  context: RedisContext<C>,
  task: ContextTask<C, T>,
): Promise<T> {
  try {
    return await task(context);
  } finally {
    await context[Symbol.asyncDispose]();
  }
}

/** The client reads 0 as no limit. */
export function orForEver(ms: number): number {
  return ms === 0 ? Number.POSITIVE_INFINITY : ms;
}
