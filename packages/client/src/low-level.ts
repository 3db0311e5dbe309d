import { type CommandArgument, checkArguments, type RespValue } from '@redlane/resp3-core';
import type { ResolvedOptions } from './client-options.js';
import { Command, type CommandSettings, callSettings } from './command.js';
import type { Connection } from './connection.js';
import { AbortError, ConnectionLostError, InvalidOptionError, TimeoutError } from './errors.js';
import { deadline } from './option-checks.js';
import type { ConnectionPool } from './pool.js';
import { routeOf } from './routing.js';
import { pushCommand } from './subscriptions/push-command.js';

/** Who waits for the next push, or for the error that comes in its place. */
interface PushWaiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** How to wait for a push. */
export interface ReceiveOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait, in ms; 0 or `Infinity`: until the connection ends. @default Infinity */
  readonly timeoutMs?: number | undefined;
}

/** For messages. */
const WHAT = 'receive()';

/** The seed's two halves of a call: sending, and receiving later, on a connection that the caller holds. */
export class LowLevel {
  readonly #pool: ConnectionPool<Connection>;
  readonly #settings: CommandSettings;
  readonly #graceMs: number;
  readonly #replies: WeakMap<Connection, Promise<RespValue>[]> = new WeakMap();
  readonly #pushWaiters: WeakMap<Connection, Set<PushWaiter>> = new WeakMap();
  /** How many those are: mostly none, and every push asks. */
  #waiting = 0;
  /** Errors that came in the place of pushes, and that nobody has waited for yet. */
  readonly #pushErrors: WeakMap<Connection, Error[]> = new WeakMap();

  constructor(pool: ConnectionPool<Connection>, options: ResolvedOptions) {
    this.#pool = pool;
    this.#settings = callSettings(options);
    this.#graceMs = options.blockingGraceMs;
  }

  async send(args: readonly CommandArgument[], given: Connection | undefined): Promise<Connection> {
    checkArguments(args);
    const connection = given ?? (await this.#pool.waitForConnection());
    connection.dirty = true;
    const giveUpAt = performance.now() + this.#settings.timeoutMs;
    const route = routeOf(args);
    const waitsMs = route?.blockingTimeoutMs(args);
    if (route?.pushReplied === true) {
      const fail = (error: Error): void => this.#failed(connection, error);
      connection.send(pushCommand(args, this.#settings, giveUpAt, 0, () => undefined, fail));
      return connection;
    }
    const reply = new Promise<RespValue>((resolve, reject) => {
      const command = new Command(args, undefined, this.#settings, false, giveUpAt, 0, resolve, reject);
      if (waitsMs !== undefined) command.mayTake(waitsMs + this.#graceMs);
      connection.send(command);
    });
    // Whoever receives it gets to know; nobody has to.
    reply.catch(() => undefined);
    const replies = this.#replies.get(connection) ?? [];
    replies.push(reply);
    this.#replies.set(connection, replies);
    return connection;
  }

  async receive(
    connection: Connection,
    pushOnly: boolean,
    options: ReceiveOptions,
  ): Promise<RespValue | undefined> {
    if (pushOnly) {
      const error = this.#pushErrors.get(connection)?.shift();
      if (error !== undefined) throw error;
      return this.#nextPush(connection, options);
    }
    const reply = this.#replies.get(connection)?.shift();
    if (reply === undefined) {
      throw new InvalidOptionError('connection', 'owes no reply: send a command on it first');
    }
    return reply;
  }

  #nextPush(connection: Connection, { signal, timeoutMs = 0 }: ReceiveOptions): Promise<undefined> {
    const limitMs = deadline(timeoutMs, 'timeoutMs') as number;
    const { ended } = connection;
    const nothing = { maybeExecuted: false, phase: 'written' } as const;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        if (this.#pushWaiters.get(connection)?.delete(waiter)) this.#waiting--;
        ended.removeEventListener('abort', onEnd);
        signal?.removeEventListener('abort', onAbort);
      };
      const waiter: PushWaiter = {
        resolve: () => {
          settle();
          resolve(undefined);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      const onEnd = (): void =>
        waiter.reject(new ConnectionLostError({ ...nothing, command: WHAT, cause: ended.reason }));
      const onAbort = (): void => waiter.reject(new AbortError(WHAT, { ...nothing, cause: signal?.reason }));
      const timer =
        limitMs === Number.POSITIVE_INFINITY
          ? undefined
          : setTimeout(
              () => waiter.reject(new TimeoutError(WHAT, { ...nothing, timeoutMs: limitMs })),
              limitMs,
            );
      const waiters = this.#pushWaiters.get(connection) ?? new Set();
      this.#pushWaiters.set(connection, waiters.add(waiter));
      this.#waiting++;
      ended.addEventListener('abort', onEnd);
      signal?.addEventListener('abort', onAbort);
      if (ended.aborted) onEnd();
      else if (signal?.aborted) onAbort();
    });
  }

  /** Who has waited longest for a push on this connection. */
  #firstWaiter(connection: Connection): PushWaiter | undefined {
    const waiters = this.#pushWaiters.get(connection);
    if (waiters !== undefined) for (const waiter of waiters) return waiter;
    return undefined;
  }

  #failed(connection: Connection, error: Error): void {
    const waiter = this.#firstWaiter(connection);
    if (waiter !== undefined) {
      waiter.reject(error);
      return;
    }
    const errors = this.#pushErrors.get(connection) ?? [];
    errors.push(error);
    this.#pushErrors.set(connection, errors);
  }

  /** A push has come on this connection, and has been delivered. */
  pushed(connection: Connection): void {
    if (this.#waiting > 0) this.#firstWaiter(connection)?.resolve();
  }
}
