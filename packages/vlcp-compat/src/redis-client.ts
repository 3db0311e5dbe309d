import { type Caller, type Gap, type RespValue, routeOf } from '@redlane/client';
import { type Call, type CommandOptions, eitherSignal, parseCall } from './call-arguments.js';
import { commandName } from './command-name.js';
import { Connections } from './connections.js';
import {
  configurationOf,
  type RedisClientConfiguration,
  type RedisClientOptions,
  type RedisProtocol,
} from './defaults.js';
import { RedisClientShutdown } from './errors.js';
import { ExclusiveLine } from './exclusive-line.js';
import type { Line } from './line.js';
import { orForEver, parseBatch, RedisClientBase, type ShutdownOptions } from './redis-client-base.js';
import type { BatchCall, BatchReplies, CommandCall, RedisCommand } from './redis-commands.js';
import { checkCommand } from './refusal.js';
import type { RoutineContainer } from './routine-container.js';
import { isBlocking } from './run-batch.js';
import { settledWithin } from './settled-within.js';
import { sharedController } from './shared-controller.js';
import { StateMatcher } from './state-matcher.js';
import type { SubscriptionMatcher } from './subscription.js';
import type { ConfirmOptions } from './topic-shares.js';
import { translateError, translateReply } from './translate-error.js';
import { unlessAborted } from './unless-aborted.js';

/** How long what is under way may take to end at a shutdown. */
const GRACE_MS = 1_000;

/** How to subscribe. */
export interface MatcherOptions {
  /** Ends the wait for the confirmation. */
  readonly signal?: AbortSignal | undefined;
  /** Messages as text or as bytes. @default 'string' */
  readonly replies?: 'string' | 'bytes' | undefined;
}

/** The same with messages as bytes. */
export interface BytesMatcherOptions extends MatcherOptions {
  readonly replies: 'bytes';
}

type Key = string | Uint8Array;
type BytesCall =
  | [...keys: Key[], options: BytesMatcherOptions]
  | [container: RoutineContainer, ...keys: Key[], options: BytesMatcherOptions];

/** What `makeConnobj` gives: something to start and shut down, as VLCP's modules have it. */
export interface ConnectionObject extends AsyncDisposable {
  /** Does nothing: connections are made when they are needed. */
  start(): void;
  /** Shuts the client down. */
  shutdown(options?: ShutdownOptions): Promise<void>;
}

/**
 * VLCP's `vlcp.utils.redisclient.RedisClient`: every command finds the connection that it belongs on. (P)SUBSCRIBE and
 * (P)UNSUBSCRIBE go to the subscribe connection, commands that may wait at the server to an exclusive one, which is given
 * back, everything else to the default connection. What would change the default connection for everybody is refused.
 * Nothing is opened before the first command.
 *
 * @example
 * await using client = new RedisClient('tcp://localhost/');
 * await client.executeCommand('SET', 'greeting', 'hello');
 */
export class RedisClient extends RedisClientBase {
  /** May be set before the first use, as may `db`, `key`, `certificate` and `caCerts`; later they change nothing. */
  url: string;
  db: number | undefined;
  key: string | undefined;
  certificate: string | undefined;
  caCerts: string | undefined;
  readonly #configuration: RedisClientConfiguration;
  #connections: Connections;
  #used = false;
  /** Those that have not been given back. */
  readonly #exclusive: Set<ExclusiveLine> = new Set();
  readonly #pending: Set<Promise<unknown>> = new Set();
  readonly #ending: AbortController = sharedController();
  #shutdown: Promise<void> | undefined;

  /** @throws InvalidOptionError (`INVALID_OPTION`) */
  constructor(url?: string | null, db?: number | null, protocol?: RedisProtocol | null);
  constructor(options: RedisClientOptions);
  constructor(
    first?: string | RedisClientOptions | null,
    db?: number | null,
    protocol?: RedisProtocol | null,
  ) {
    const options: RedisClientOptions =
      typeof first === 'object' && first !== null ? first : ({ url: first, db } as RedisClientOptions);
    super(undefined, undefined, protocol ?? options.protocol);
    this.#configuration = configurationOf(options);
    const { url, timeoutMs, commandTimeoutMs, key, certificate, caCerts } = this.#configuration;
    this.url = url;
    this.db = this.#configuration.db;
    this.key = key;
    this.certificate = certificate;
    this.caCerts = caCerts;
    // There may be a password in the one, and the other is a secret: neither is to show where a client is printed.
    for (const name of ['url', 'key']) Object.defineProperty(this, name, { enumerable: false });
    this.timeoutMs = timeoutMs;
    this.commandTimeoutMs = commandTimeoutMs;
    this.#connections = new Connections(this.#configuration, this.protocol, this.#ending.signal);
  }

  override async executeCommand<T = RespValue>(...call: CommandCall): Promise<T> {
    const { args, options } = parseCall(call);
    const command = (Array.isArray(args[0]) ? args[0] : args) as RedisCommand;
    if (routeOf(command)?.pushReplied === true) {
      const [name, ...keys] = command;
      const { shares } = this.#use();
      const confirmation = shares.execute(commandName(name), keys, this.#confirming(options));
      return this.#track(confirmation) as Promise<T>;
    }
    if (!isBlocking(command)) return this.#track(super.executeCommand<T>([...command], options));
    checkCommand(command, false);
    const caller = this.#blockingCaller(options);
    return translateReply(await this.#track(caller.call<T>(command)));
  }

  override async batchExecute(...call: BatchCall): Promise<BatchReplies> {
    const { commands, options } = parseBatch(call);
    if (!commands.some(isBlocking)) return this.#track(super.batchExecute(commands, options));
    for (const command of commands) checkCommand(command, false);
    // They must stay in their order, and hold up nobody else.
    const signal = eitherSignal(this.#ending.signal, options.signal);
    const connection = await this.getConnection({ signal });
    try {
      return await this.#track(connection.batchExecute(commands, { ...options, signal }));
    } finally {
      await connection.release();
    }
  }

  /**
   * An exclusive connection, for transactions and all that changes a connection. It must be released, which disposing does.
   *
   * @throws RedisConnectionDown (`CONNECTION_DOWN`); PoolError (`POOL_TIMEOUT`) when all are in use; AbortError (`ABORTED`);
   * RedisClientShutdown (`SHUTDOWN`)
   * @example
   * await using connection = await client.getConnection();
   * await connection.executeCommand('WATCH', 'stock');
   */
  async getConnection(...call: Call<never>): Promise<RedisClientBase> {
    const { options } = parseCall(call);
    this.#use();
    const signal = eitherSignal(this.#ending.signal, options.signal);
    return this.#track(new RedisClientBase(undefined, this).connect({ signal }));
  }

  /**
   * Subscribes to channels, and gives a matcher for each. A channel that is subscribed to twice has to be unsubscribed twice.
   * All are confirmed by the server, or none is counted.
   *
   * @throws RedisReplyException (`NOPERM`, …) at once when the server refuses; RedisConnectionDown; AbortError (`ABORTED`)
   * @example
   * const [news] = await client.subscribe('news');
   * console.log((await news).message);
   */
  subscribe(...call: BytesCall): Promise<SubscriptionMatcher<Uint8Array>[]>;
  subscribe(...call: Call<Key, MatcherOptions>): Promise<SubscriptionMatcher[]>;
  subscribe(...call: BytesCall | Call<Key, MatcherOptions>): Promise<SubscriptionMatcher<unknown>[]> {
    return this.#subscribe('channel', call);
  }

  /** The same for globs. */
  psubscribe(...call: BytesCall): Promise<SubscriptionMatcher<Uint8Array>[]>;
  psubscribe(...call: Call<Key, MatcherOptions>): Promise<SubscriptionMatcher[]>;
  psubscribe(...call: BytesCall | Call<Key, MatcherOptions>): Promise<SubscriptionMatcher<unknown>[]> {
    return this.#subscribe('pattern', call);
  }

  /** Takes one subscription of each channel back. With the last one, its matchers end. */
  unsubscribe(...call: Call<Key>): Promise<void> {
    return this.#unsubscribe('channel', call);
  }

  /** The same for globs. */
  punsubscribe(...call: Call<Key>): Promise<void> {
    return this.#unsubscribe('pattern', call);
  }

  /**
   * Matches when the subscribe connection comes up (`true`, the default) or goes down (`false`) the next time. Begins to
   * connect. It is no coroutine in VLCP, and gives no promise here.
   *
   * @throws RedisClientShutdown (`SHUTDOWN`)
   */
  subscribeStateMatcher(...call: Call<boolean>): StateMatcher {
    const [connected = true] = parseCall(call).args as [boolean?];
    const { subscriber } = this.#use();
    subscriber.connect().catch(ignore);
    return new StateMatcher(subscriber.status, connected);
  }

  /** Calls back for each stretch of time in which messages may have been lost. The disposable removes it. */
  onGap(listener: (gap: Gap) => unknown): Disposable {
    return this.#use().subscriber.onGap(listener);
  }

  /** Something with `start()` and `shutdown()`, for a list of what is to be shut down with a module. */
  makeConnobj(..._call: Call<never>): ConnectionObject {
    const shutdown = (options: ShutdownOptions = {}): Promise<void> => this.shutdown(options);
    return { start: ignore, shutdown, [Symbol.asyncDispose]: () => shutdown() };
  }

  /** `shutdown()`, as in VLCP: a client has nobody to give its connections back to. */
  override release(..._call: Call<never>): Promise<void> {
    return this.shutdown();
  }

  /**
   * Closes the default and the subscribe connection and what is in the pool, and ends all waits; what is under way has a
   * second. Exclusive connections are closed when they are released; with `force`, now. More than once does no harm. A client
   * of `@redlane/client` that was passed in stays open.
   */
  override shutdown(...call: Call<never, ShutdownOptions>): Promise<void> {
    const { force = false } = parseCall<ShutdownOptions & CommandOptions>(call).options;
    this.#ending.abort(new RedisClientShutdown());
    this.#shutdown ??= this.#end(force);
    if (!force) return this.#shutdown;
    return this.#cut();
  }

  /** @internal */
  exclusiveLine(): Line {
    const line = new ExclusiveLine(
      () => this.#use().client,
      () => this.#exclusive.delete(line),
    );
    this.#exclusive.add(line);
    return line;
  }

  /** @internal */
  protected override line(): Line {
    return this.#use().line;
  }

  #use(): Connections {
    if (this.#ending.signal.aborted) throw new RedisClientShutdown();
    if (!this.#used) {
      this.#used = true;
      const { url, db, key, certificate, caCerts, timeoutMs, commandTimeoutMs } = this;
      const wanted = { url, db, key, certificate, caCerts, timeoutMs, commandTimeoutMs };
      this.#connections = this.#connections.remade(wanted);
    }
    return this.#connections;
  }

  #blockingCaller({ signal }: CommandOptions): Caller {
    return this.#use().client.with({ signal: eitherSignal(this.#ending.signal, signal) });
  }

  #confirming({ signal }: CommandOptions): ConfirmOptions {
    return {
      signal: eitherSignal(this.#ending.signal, signal),
      timeoutMs: orForEver(this.timeoutMs),
    };
  }

  async #subscribe<Payload>(
    kind: 'channel' | 'pattern',
    call: readonly unknown[],
  ): Promise<SubscriptionMatcher<Payload>[]> {
    const { args, options } = parseCall<MatcherOptions>(call);
    const { shares } = this.#use();
    const wait = this.#confirming(options);
    return this.#track(shares.subscribe<Payload>(kind, args, wait, options.replies ?? 'string'));
  }

  async #unsubscribe(kind: 'channel' | 'pattern', call: readonly unknown[]): Promise<void> {
    const { args, options } = parseCall(call);
    const done = this.#use().shares.unsubscribe(kind, args);
    return this.#track(unlessAborted(done, options.signal, 'unsubscribing'));
  }

  /** A shutdown waits for what is under way, and errors are those of VLCP. */
  async #track<T>(promise: Promise<T>): Promise<T> {
    this.#pending.add(promise);
    try {
      return await promise;
    } catch (error) {
      throw translateError(error);
    } finally {
      this.#pending.delete(promise);
    }
  }

  async #end(force: boolean): Promise<void> {
    if (!force) await settledWithin(Promise.allSettled(this.#pending), GRACE_MS);
    await this.#connections.close(this.#exclusive.size > 0);
  }

  async #cut(): Promise<void> {
    const lines = [...this.#exclusive].map((line) => line.close(true));
    this.#connections.destroy();
    await Promise.all([...lines, this.#shutdown]);
  }
}

function ignore(): void {}
