import type { CommandArgument, RespValue } from '@redlane/resp3-core';
import type { CacheMetrics, ClientCache } from './cache/client-cache.js';
import type { ClientStatus } from './client-status.js';
import { ClientView } from './client-view.js';
import { callSettings } from './command.js';
import { Connection } from './connection.js';
import { Engine } from './engine.js';
import { ConflictError } from './errors.js';
import { LowLevel } from './low-level.js';
import { type ClientArguments, type ClientOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { ConnectionPool } from './pool.js';
import type { PoolMetrics } from './pool-metrics.js';
import { type PushCallback, type PushCallbackOptions, PushCallbacks } from './push-callbacks.js';
import { PUSH_COMMANDS } from './routing.js';
import { Session } from './session.js';
import { SharedSink } from './shared-sink.js';
import type { Transaction } from './transaction.js';

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
  readonly #lowLevel: LowLevel;
  readonly #cache: ClientCache | undefined;

  /** @throws InvalidOptionError */
  constructor(host?: string, port?: number, options?: ClientOptions);
  constructor(url: string, options?: ClientOptions);
  constructor(port: number, options?: ClientOptions);
  constructor(options: ClientOptions);
  constructor(...args: unknown[]) {
    const options = resolveOptions(...(args as ClientArguments));
    const pushes = new PushCallbacks();
    const engine = new Engine(options, (push, connection) => {
      pushes.deliver(push);
      lowLevel.pushed(connection);
    });
    const pool =
      (options.connectionPool as ConnectionPool<Connection> | undefined) ?? poolOf(options, engine);
    const lowLevel = new LowLevel(pool, callSettings(options));
    const sink = new SharedSink(engine, pool);
    const cache = options.clientCache?.attach(engine, sink);
    super(sink, callSettings(options), cache);
    this.#engine = engine;
    this.#pushes = pushes;
    this.#pool = pool;
    this.#ownsPool = options.connectionPool === undefined;
    this.#lowLevel = lowLevel;
    this.#cache = cache;
  }

  /** Whether there is a connection: to be looked at, awaited and iterated. */
  get status(): ClientStatus {
    return this.#engine.status;
  }

  /** The pool of exclusive connections. */
  get connectionPool(): ConnectionPool<Connection> {
    return this.#pool;
  }

  /** What answers {@link RedisClient.cached}: to be cleared or measured. `undefined` without the option `clientCache`. */
  get cache(): ClientCache | undefined {
    return this.#cache;
  }

  /** Where the shared connection leads to; while there is none and the address has to be found out, what options say. */
  get host(): string {
    return (this.#engine.connection?.endpoint ?? this.#engine.options).host;
  }

  get port(): number {
    return (this.#engine.connection?.endpoint ?? this.#engine.options).port;
  }

  /** Opens the shared connection now, rather than with the first command. Tries again until it comes up or `close()`. */
  connect(): Promise<void> {
    return this.#engine.connect();
  }

  /**
   * Calls back for each push of this type (`message`, `invalidate`, …), or for all with `*`. Runs when the push arrives,
   * outside of the decoder; one that throws is reported as a process warning. The disposable removes it.
   */
  registerPushCallback(type: string, callback: PushCallback, options?: PushCallbackOptions): Disposable {
    return this.#pushes.add(type, callback, options);
  }

  /**
   * Runs `fn` with a connection of its own, on which WATCH, SELECT and other state of a connection are allowed. Afterwards it
   * is reset if it has to be, and goes back to the pool.
   *
   * @throws PoolError when none is free in time; what `fn` throws
   */
  async withConnection<T>(
    fn: (session: Session) => Promise<T> | T,
    options: ExclusiveOptions = {},
  ): Promise<T> {
    const connection = await this.#pool.waitForConnection(options);
    const session = new Session(this.#engine, connection);
    try {
      return await fn(session);
    } finally {
      session.end();
      if (!connection.closed) this.#pool.putConnection(connection);
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

  /** The next reply on the connection; with `pushOnly`, waits for the next push instead and gives `undefined`. */
  receive(connection: Connection, pushOnly = false): Promise<RespValue | undefined> {
    return this.#lowLevel.receive(connection, pushOnly);
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
    };
  }

  /** Takes no more commands, lets those that were called end, and closes all connections. Always ends. */
  async close({ drain = true, deadlineMs = 5_000 }: CloseOptions = {}): Promise<void> {
    await Promise.all([
      this.#engine.close(drain, deadlineMs),
      this.#ownsPool ? this.#pool.close({ deadlineMs: drain ? deadlineMs : 0 }) : undefined,
    ]);
  }

  /** Closes all connections now; what is pending is rejected. */
  destroy(): void {
    this.#engine.destroy();
    if (this.#ownsPool) this.#pool.destroy();
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function poolOf(options: ResolvedOptions, engine: Engine): ConnectionPool<Connection> {
  const owner = {
    latency: engine.latency,
    onPush: engine.onPush.bind(engine),
    onDemoted: engine.onDemoted.bind(engine),
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
