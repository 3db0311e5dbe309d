import type { CommandArgument, RespPush, RespValue } from '@redlane/resp3-core';
import { BlockingCall } from './blocking-call.js';
import type { CacheMetrics, ClientCache } from './cache/client-cache.js';
import { Caller } from './caller.js';
import type { ClientOptions, ResolvedOptions } from './client-options.js';
import type { ClientStatus, UntilOptions } from './client-status.js';
import { ClientView } from './client-view.js';
import { callSettings } from './command.js';
import { Connection } from './connection.js';
import { stateReporter } from './diagnostics.js';
import { Engine } from './engine.js';
import { ConflictError } from './errors.js';
import { ExclusiveConnections } from './exclusive-connections.js';
import { LowLevel, type ReceiveOptions } from './low-level.js';
import { type ClientArguments, resolveOptions } from './options.js';
import { PinnedSink } from './pinned-sink.js';
import { ConnectionPool } from './pool.js';
import type { PoolMetrics } from './pool-metrics.js';
import { type PushCallback, type PushCallbackOptions, PushCallbacks } from './push-callbacks.js';
import { PushStream, type PushStreamOptions } from './push-stream.js';
import type { ConnectionRecorder } from './recorder/connection-tap.js';
import { PUSH_COMMANDS } from './routing.js';
import { Session } from './session.js';
import { SharedSink } from './shared-sink.js';
import type { MessageStream, StreamOptions } from './subscriptions/message-stream.js';
import type { TopicInput } from './subscriptions/parse-topic.js';
import {
  type SubscribeOptions,
  type SubscriptionMetrics,
  Subscriptions,
} from './subscriptions/subscriptions.js';
import type { Gap, Message, Subscription } from './topic.js';
import type { Transaction } from './transaction.js';
import { within } from './within.js';

/** How long `close()` gives commands that wait at the server to end, before its deadline. */
const CANCEL_MS = 500;

/** How an exclusive connection is asked for. */
export interface ExclusiveOptions {
  /** Ends the wait for a connection. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for a connection, in ms. @default `pool.acquireTimeoutMs` */
  readonly timeoutMs?: number | undefined;
}

export interface UpdateOptions extends ExclusiveOptions {
  /** How often it is tried while others change the keys in between. @default 10 */
  readonly attempts?: number | undefined;
}

export interface CloseOptions {
  /** Let commands that were called end first. @default true */
  readonly drain?: boolean | undefined;
  /** How long to wait for them, in ms; then they are rejected. @default 5_000 */
  readonly deadlineMs?: number | undefined;
}

/** A client's figures at one moment. */
export interface ClientMetrics {
  readonly state: string;
  /** Commands called and not answered, wherever they are. */
  readonly pending: number;
  /** Bytes of their arguments, about. */
  readonly pendingBytes: number;
  /** Commands that have not been written. */
  readonly queued: number;
  /** Commands written to the shared connection whose replies are owed. */
  readonly inFlight: number;
  /** Connections lost, and attempts to connect that failed. */
  readonly lost: number;
  /**
   * From write to reply, on all connections of its own. `count` is of its whole life; `p50` and `p99` are of the last 10 to
   * 20 s, up to an eighth too high, and 0 when there was no reply.
   */
  readonly latencyMs: { readonly count: number; readonly p50: number; readonly p99: number };
  readonly pool: PoolMetrics;
  /** Of cached reads; `undefined` without the option `clientCache`. */
  readonly cache: CacheMetrics | undefined;
  readonly subscriptions: SubscriptionMetrics;
}

/**
 * A RESP3 client for Redis and Valkey. Ordinary commands share one connection, and all commands of a tick leave in one write;
 * blocking commands and {@link RedisClient.withConnection} take connections from a pool. Nothing is opened before the first
 * command or `connect()`.
 *
 * Follows redtrio's `RedisClient(host, port, *, connection_pool, Reader, write_command)`.
 *
 * @example
 * const client = new RedisClient('redis://127.0.0.1:6379');
 * await client.call('SET', 'greeting', 'hello');
 * console.log(await client.call('GET', 'greeting'));
 * await client.close();
 */
export class RedisClient extends ClientView implements AsyncDisposable {
  /** Commands that are answered by pushes: the six of pub/sub. */
  static readonly PUSH_COMMANDS: ReadonlySet<string> = PUSH_COMMANDS;

  readonly #engine: Engine;
  readonly #pushes: PushCallbacks;
  readonly #pool: ConnectionPool<Connection>;
  readonly #ownsPool: boolean;
  readonly #exclusive: ExclusiveConnections;
  readonly #lowLevel: LowLevel;
  readonly #subscriptions: Subscriptions;
  readonly #cache: ClientCache | undefined;

  /** @throws InvalidOptionError */
  constructor(host?: string, port?: number, options?: ClientOptions);
  constructor(url: string, options?: ClientOptions);
  constructor(port: number, options?: ClientOptions);
  constructor(options: ClientOptions);
  constructor(...args: unknown[]) {
    const options = resolveOptions(...(args as ClientArguments));
    const pushes = new PushCallbacks();
    const pushed = (push: RespPush, connection: Connection): void => {
      pushes.deliver(push);
      subscriptions.take(push, connection);
      lowLevel.pushed(connection);
    };
    const engine = new Engine(options, pushed);
    engine.watch(stateReporter(() => engine.server));
    const subscriptions = new Subscriptions(engine, pushed);
    engine.pushReplies = (type) =>
      pushes.wantsBytes(type) || subscriptions.wantsBytes(type) ? 'bytes' : 'string';
    const pool =
      (options.connectionPool as ConnectionPool<Connection> | undefined) ?? poolOf(options, engine);
    const lowLevel = new LowLevel(pool, options);
    const exclusive = new ExclusiveConnections(engine, pool);
    const ownsPool = options.connectionPool === undefined;
    engine.onBlocking = (command) => void new BlockingCall(engine, exclusive, command).run();
    engine.use({
      opened: () => undefined,
      lost: () => undefined,
      closed: (cause) => {
        exclusive.destroy(cause);
        if (ownsPool) pool.destroy();
        pushes.close();
      },
    });
    const sink = new SharedSink(engine);
    const cache = options.clientCache?.attach(engine, sink);
    super(sink, callSettings(options), cache);
    this.#engine = engine;
    this.#pushes = pushes;
    this.#pool = pool;
    this.#ownsPool = ownsPool;
    this.#exclusive = exclusive;
    this.#lowLevel = lowLevel;
    this.#subscriptions = subscriptions;
    this.#cache = cache;
  }

  /** Whether there is a connection: to be looked at, awaited and iterated. */
  get status(): ClientStatus {
    return this.#engine.status;
  }

  /** The shared connection, while there is one: after each reconnect it is another. */
  get connection(): Connection | undefined {
    return this.#engine.connection;
  }

  /** The pool of exclusive connections. */
  get connectionPool(): ConnectionPool<Connection> {
    return this.#pool;
  }

  /** What answers {@link RedisClient.cached}: to be cleared or measured. `undefined` without the option `clientCache`. */
  get cache(): ClientCache | undefined {
    return this.#cache;
  }

  /** Whether it connects to one address, or to whichever server the sentinels name. */
  get topology(): 'standalone' | 'sentinel' {
    return this.#engine.options.sentinels === undefined ? 'standalone' : 'sentinel';
  }

  /** Where the shared connection leads to; while there is none and the address has to be found out, what options say. */
  get host(): string {
    return (this.#engine.connection?.endpoint ?? this.#engine.options).host;
  }

  get port(): number {
    return (this.#engine.connection?.endpoint ?? this.#engine.options).port;
  }

  /**
   * A view whose calls go over this shared connection only: once it is lost they fail (`CONNECTION_LOST`) rather than go to
   * the next. Blocking commands take connections of their own all the same.
   *
   * @example
   * const { connection } = client;
   * if (connection !== undefined) await client.pinnedTo(connection).call('PING');
   */
  pinnedTo(connection: Connection): Caller {
    const { options } = this.#engine;
    return new Caller(new PinnedSink(this.#engine, connection), callSettings(options));
  }

  /**
   * Opens the shared connection now, rather than with the first command, and resolves when it is ready. When that takes
   * longer, the wait ends, and the client goes on trying until `close()`.
   *
   * @param options - `timeoutMs`: in ms; 0 or `Infinity`: none. Default: that of commands
   * @throws TimeoutError (`TIMEOUT`), whose `cause` says why there is no connection; AbortError; ClosedError;
   * InvalidOptionError
   */
  connect(options?: UntilOptions): Promise<void> {
    return this.#engine.connect(options);
  }

  /**
   * Calls back for each push of this type (`message`, `invalidate`, …), or for all with `*`. Runs when the push arrives,
   * outside of the decoder; one that throws is reported as a process warning. The disposable removes it.
   */
  registerPushCallback(type: string, callback: PushCallback, options?: PushCallbackOptions): Disposable {
    return this.#pushes.add(type, callback, options);
  }

  /**
   * The pushes of this type, or of all with `*`, as a stream, which listens from its first `next()` to the end of the loop.
   * What its reader does not take in time waits in a buffer, which is bounded.
   *
   * @throws InvalidOptionError
   * @example
   * for await (const { pushType, data } of client.pushes('invalidate', { signal })) console.log(pushType, data);
   */
  pushes(type = '*', options: PushStreamOptions = {}): PushStream {
    return new PushStream(this.#pushes, type, options);
  }

  /**
   * Subscribes and resolves when the server has confirmed. The callback gets each message when it arrives, in order; what it
   * throws is reported as a process warning. Subscribers of one topic share one subscription at the server. It is restored
   * after every loss of a connection, and then a gap is reported: messages in between are lost.
   *
   * Follows Redis' SUBSCRIBE, PSUBSCRIBE and SSUBSCRIBE: at most once.
   *
   * @throws ReplyError (`NOPERM`, `MOVED`, …) when the server refuses; TimeoutError, AbortError, ClosedError;
   * InvalidOptionError
   * @example
   * const news = await client.subscribe('news', ({ payload }) => console.log(payload));
   * await news.unsubscribe();
   */
  subscribe(
    topic: TopicInput,
    onMessage: (message: Message<Uint8Array>) => unknown,
    options: SubscribeOptions & { readonly replies: 'bytes' },
  ): Promise<Subscription>;
  subscribe(
    topic: TopicInput,
    onMessage: (message: Message) => unknown,
    options?: SubscribeOptions,
  ): Promise<Subscription>;
  /**
   * The messages of one or more topics as a stream, which subscribes at its first `next()`, or by `ready()`, and unsubscribes
   * at the end of the loop. What its reader does not take in time waits in a buffer, which is bounded.
   *
   * @throws InvalidOptionError
   * @example
   * for await (const { channel, payload } of client.subscribe(['news', { pattern: 'user:*' }])) console.log(channel, payload);
   */
  subscribe(
    topics: TopicInput | readonly TopicInput[],
    options: StreamOptions & { readonly replies: 'bytes' },
  ): MessageStream<Message<Uint8Array>>;
  subscribe(topics: TopicInput | readonly TopicInput[], options?: StreamOptions): MessageStream<Message>;
  subscribe(
    topics: TopicInput | readonly TopicInput[],
    second?: ((message: never) => unknown) | StreamOptions,
    options: SubscribeOptions = {},
  ): Promise<Subscription> | MessageStream<Message> | MessageStream<Message<Uint8Array>> {
    if (typeof second !== 'function') return this.#subscriptions.stream<Message>(topics, second ?? {});
    return this.#subscriptions.listen(topics as TopicInput, second, options);
  }

  /** Calls back for each gap of each subscription. The disposable removes it. */
  onGap(listener: (gap: Gap) => unknown): Disposable {
    return this.#subscriptions.onGap(listener);
  }

  /**
   * Runs `fn` with a connection of its own, on which WATCH, SELECT and other state of a connection are allowed. Afterwards it
   * is reset if it has to be, and goes back to the pool.
   *
   * @throws PoolError when none is free in time; ConnectError when none comes up in that time; ClosedError; what `fn` throws
   */
  async withConnection<T>(
    fn: (session: Session) => Promise<T> | T,
    options: ExclusiveOptions = {},
  ): Promise<T> {
    if (this.#engine.closing) throw this.#engine.closedError();
    const lease = await this.#exclusive.take(options);
    const session = new Session(this.#engine, this.#exclusive, lease);
    try {
      return await fn(session);
    } finally {
      void session.end();
    }
  }

  /**
   * Optimistic change of keys: WATCHes them, lets `fn` read and say which commands are to be executed, and executes them
   * if nobody has changed the keys in the meantime; else it begins again.
   *
   * @returns the replies of the commands, or `undefined` when `fn` gave none
   * @throws ConflictError (`CONFLICT`) when others were faster `attempts` times
   * @example
   * await client.update(['stock'], async (session) => {
   *   const left = Number(await session.call('GET', 'stock'));
   *   return left > 0 ? [['DECR', 'stock']] : undefined;
   * });
   */
  update(
    keys: readonly CommandArgument[],
    fn: (session: Session) => Promise<CommandArgument[][] | undefined> | CommandArgument[][] | undefined,
    { attempts = 10, ...options }: UpdateOptions = {},
  ): Promise<(RespValue | Error)[] | undefined> {
    return this.withConnection(async (session) => {
      for (let attempt = 0; attempt < attempts; attempt++) {
        await session.call('WATCH', ...keys);
        const commands = await fn(session);
        if (commands === undefined || commands.length === 0) return undefined;
        const outcome: Transaction = await session.transaction(commands);
        if (!outcome.aborted) return outcome.replies;
      }
      throw new ConflictError(attempts);
    }, options);
  }

  /**
   * Sends a command over an exclusive connection and returns that connection without waiting; `receive` gets the reply.
   * For tests and oddities, as in redtrio: {@link RedisClient.call} is what you want. A connection that was taken for it goes
   * back by `connectionPool.putConnection`.
   */
  sendCommand(
    args: readonly CommandArgument[],
    { connection }: { readonly connection?: Connection | undefined } = {},
  ): Promise<Connection> {
    return this.#lowLevel.send(args, connection);
  }

  /**
   * The next reply on the connection, within the deadline of its command; with `pushOnly`, waits for the next push instead
   * and gives `undefined`. Pushes reach connections of the client's own pool only.
   *
   * @param options - end the wait for a push
   * @throws what the command ends with; for a push ConnectionLostError, AbortError and TimeoutError
   */
  receive(
    connection: Connection,
    pushOnly = false,
    options: ReceiveOptions = {},
  ): Promise<RespValue | undefined> {
    return this.#lowLevel.receive(connection, pushOnly, options);
  }

  /**
   * Shows what goes over this client's connections to a recorder, also over those that are open, until the disposable is
   * disposed. `Recorder.attach` and `record` of `@redlane/client/recorder` call it. A pool of your own is not recorded.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`) when there is a recorder already
   */
  attachRecorder(recorder: ConnectionRecorder): Disposable {
    return this.#engine.recording.attach(recorder);
  }

  metrics(): ClientMetrics {
    const { admission, latency, connection, queued, lost, status } = this.#engine;
    return {
      state: status.current.state,
      pending: admission.commands + admission.waiting,
      pendingBytes: admission.bytes,
      queued,
      inFlight: connection?.inFlight ?? 0,
      lost,
      latencyMs: {
        count: latency.count,
        p50: latency.percentileMs(50) ?? 0,
        p99: latency.percentileMs(99) ?? 0,
      },
      pool: this.#pool.metrics(),
      cache: this.#cache?.metrics(),
      subscriptions: this.#subscriptions.metrics(),
    };
  }

  /**
   * Takes no more commands, lets those that were called end, and closes all connections. Always ends: shortly before the
   * deadline, commands that still wait at the server are told to end, so that they lose nothing; then all the rest is
   * rejected. A pool that was passed in gets its connections back.
   */
  async close({ drain = true, deadlineMs = 5_000 }: CloseOptions = {}): Promise<void> {
    this.#engine.stop();
    if (drain) await this.#drain(deadlineMs);
    this.destroy();
  }

  /** Closes all connections now; what is pending is rejected. */
  destroy(): void {
    this.#engine.destroy();
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #drain(deadlineMs: number): Promise<void> {
    const deadline = performance.now() + deadlineMs;
    const cancelMs = Math.min(CANCEL_MS, deadlineMs / 4);
    const ended = Promise.all([this.#engine.admission.empty(), this.#exclusive.empty()]);
    if (!(await within(ended, deadlineMs - cancelMs))) {
      this.#exclusive.cancelBlocked((delivery) => this.#engine.closedError(delivery));
      await within(ended, cancelMs);
    }
    // Those that were taken without us.
    if (this.#ownsPool) await this.#pool.close({ deadlineMs: Math.max(0, deadline - performance.now()) });
  }
}

function poolOf(options: ResolvedOptions, engine: Engine): ConnectionPool<Connection> {
  const owner = {
    latency: engine.latency,
    onPush: engine.onPush.bind(engine),
    pushReplies: engine.pushReplies,
    onDemoted: engine.onDemoted.bind(engine),
    recording: engine.recording,
  };
  const pool = new ConnectionPool<Connection>({
    ...options.pool,
    spawnConnection: (signal) => Connection.open(options, owner, signal),
  });
  engine.use({
    opened: () => undefined,
    lost: () => undefined,
    outdated: (isOutdated, cause, gone) => pool.retire(isOutdated, cause, { gone }),
  });
  return pool;
}
