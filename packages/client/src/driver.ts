import type { CommandArgument } from '@redlane/resp3-core';
import type { ReplyError } from './reply-error.js';
import type { Gap, Message, Subscription, Topic } from './topic.js';

/**
 * A reply in RESP2's shapes, whatever the wire and the library: maps are flat arrays, sets arrays, doubles and big numbers
 * strings, booleans 0 or 1, verbatim strings plain ones, scores stand flat behind their members, and integers beyond 2^53
 * are `bigint`.
 */
export type DriverReply<Text = string> = Text | number | bigint | null | readonly DriverReply<Text>[];

/** What every call of a driver takes. */
export interface DriverCallOptions {
  /** Ends the call, before it is written or after. */
  readonly signal?: AbortSignal | undefined;
  /** Deadline from the call to the reply, in ms; `Infinity`: none. @default the driver's */
  readonly timeoutMs?: number | undefined;
  /** Strings as text, or as bytes (`Uint8Array`). @default 'string' */
  readonly replies?: 'string' | 'bytes' | undefined;
}

export interface DriverBatchOptions extends DriverCallOptions {
  /** Between MULTI and EXEC; in a cluster all keys must be in one slot. @default false */
  readonly atomic?: boolean | undefined;
}

/** One element a command: its reply, or the server's error. `aborted`: a watched key had changed, and nothing was executed. */
export type DriverBatch<Text = string> =
  | { readonly aborted: false; readonly replies: readonly (DriverReply<Text> | ReplyError)[] }
  | { readonly aborted: true };

export interface DriverLeaseOptions {
  /** The lease is for commands on this key: in a cluster it goes to the key's node. */
  readonly key?: CommandArgument | undefined;
  /** Ends the wait for a connection. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for a connection, in ms. @default the driver's */
  readonly timeoutMs?: number | undefined;
}

/** What runs commands, on whichever connection. */
export interface DriverCommands {
  /**
   * Sends one command.
   *
   * @throws ReplyError with the server's code; AbortError, TimeoutError, ConnectionLostError, QueueFullError and ClosedError
   * with `maybeExecuted`; CommandRefusedError for what would change the connection for whoever uses it next (SELECT, MULTI,
   * SUBSCRIBE, RESET, …), and, except on a lease, for what may wait at the server (BLPOP, XREAD BLOCK, …) and for WATCH.
   */
  send(
    args: readonly CommandArgument[],
    options: DriverCallOptions & { replies: 'bytes' },
  ): Promise<DriverReply<Uint8Array>>;
  send(args: readonly CommandArgument[], options?: DriverCallOptions): Promise<DriverReply>;

  /**
   * Sends commands in one write. Errors of the server stand in their places. A plain batch may be split by node in a
   * cluster, and other commands may be executed in between.
   *
   * @throws ReplyError (`EXECABORT`) when an atomic batch was turned down before execution; else what `send` throws.
   */
  batch(
    commands: readonly (readonly CommandArgument[])[],
    options: DriverBatchOptions & { replies: 'bytes' },
  ): Promise<DriverBatch<Uint8Array>>;
  batch(
    commands: readonly (readonly CommandArgument[])[],
    options?: DriverBatchOptions,
  ): Promise<DriverBatch>;
}

/**
 * A connection that nobody else uses: for commands that wait at the server, and for WATCH.
 *
 * A command that waits has its own timeout and some grace for a deadline, whatever the driver's is. A `signal` or `timeoutMs`
 * of its own ends it as `cancel()` does, and rejects only if no element came; where the server does not allow that, the
 * connection is closed. A lease that lost its connection rejects what waits (`maybeExecuted: true`) and every later call.
 */
export interface DriverLease extends DriverCommands, AsyncDisposable {
  /**
   * Ends the blocking command that is under way, by CLIENT UNBLOCK on the same server. Resolves when its reply has come:
   * the command's own promise resolves with an element that it had taken already, and with `null` otherwise. Does nothing
   * when none is under way. Resolves to false when the server does not allow it; the command then goes on.
   */
  cancel(): Promise<boolean>;
  /** Gives the connection back, reset when that is necessary. A command that is under way is cancelled first. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface DriverSubscribeOptions {
  /** Ends the wait for the confirmation, and later the subscription. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for the confirmation, in ms. @default the driver's */
  readonly timeoutMs?: number | undefined;
  /** Payloads as text or as bytes. @default 'string' */
  readonly replies?: 'string' | 'bytes' | undefined;
  /** Messages of this topic may have been lost. Called once the subscription is whole again. */
  readonly onGap?: ((gap: Gap) => void) | undefined;
}

export interface DriverScanOptions {
  /** Glob over key names. @default '*' */
  readonly match?: string | undefined;
  /** Only keys of this type: `string`, `list`, `stream`, … */
  readonly type?: string | undefined;
  /** How many keys the server looks at in one step. @default 500 */
  readonly count?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What happens to a driver, and what a listener is told. How things stand when it is added is no news. */
export interface DriverEvents {
  /** Commands can be sent: at the start, and again after each `down`. */
  ready: [];
  /** There is no connection; attempts to get one go on. */
  down: [cause: Error];
  /** Messages of a topic may have been lost. */
  gap: [gap: Gap];
  /** The driver has given up, or a listener or callback has thrown. */
  error: [error: Error];
}

/**
 * All that redlane's upper packages need of Redis, and so all that another client library has to offer to carry them.
 * `toDriver` of `@redlane/client/driver` makes one from whatever a user has.
 */
export interface RedisDriver extends DriverCommands {
  readonly topology: 'standalone' | 'sentinel' | 'cluster';

  /** Runs a script by its SHA-1 (EVALSHA), by its source where the server does not know it. All keys must be in one slot. */
  run(
    script: string,
    keys: readonly CommandArgument[],
    args: readonly CommandArgument[],
    options: DriverCallOptions & { replies: 'bytes' },
  ): Promise<DriverReply<Uint8Array>>;
  run(
    script: string,
    keys: readonly CommandArgument[],
    args: readonly CommandArgument[],
    options?: DriverCallOptions,
  ): Promise<DriverReply>;

  /** @throws PoolError when no connection is free in time */
  lease(options?: DriverLeaseOptions): Promise<DriverLease>;

  /** Keys of all masters, each once. Keys that come or go meanwhile may be missing or not. */
  scan(options?: DriverScanOptions): AsyncIterable<string>;

  /**
   * Subscribes and resolves when the server has confirmed. Several subscriptions to one topic share one at the server. The
   * callback runs when a message arrives, in order; what it throws goes to `error`. It is restored after every loss of a
   * connection, and then a gap is reported.
   */
  subscribe(
    topic: Topic,
    onMessage: (message: Message<Uint8Array>) => void,
    options: DriverSubscribeOptions & { replies: 'bytes' },
  ): Promise<Subscription>;
  subscribe(
    topic: Topic,
    onMessage: (message: Message) => void,
    options?: DriverSubscribeOptions,
  ): Promise<Subscription>;

  /** Without a listener nothing happens, also for `error`. */
  on<Name extends keyof DriverEvents>(
    event: Name,
    listener: (...args: DriverEvents[Name]) => void,
  ): Disposable;

  /** Ends all leases and subscriptions, and closes what the driver has opened, not what it was given. */
  close(): Promise<void>;

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void>;
}
