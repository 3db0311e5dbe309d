import { type CommandArgument, checkArguments, type RespValue } from '@redlane/resp3-core';
import { Command, type CommandSettings } from './command.js';
import type { Connection } from './connection.js';
import type { ConnectionPool } from './pool.js';
import { routeOf } from './routing.js';
import { pushCommand } from './subscriptions/push-command.js';

/** Who waits for the next push, or for the error that comes in its place. */
interface PushWaiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The seed's two halves of a call: sending, and receiving later, on a connection that the caller holds. */
export class LowLevel {
  readonly #pool: ConnectionPool<Connection>;
  readonly #settings: CommandSettings;
  readonly #replies: WeakMap<Connection, Promise<RespValue>[]> = new WeakMap();
  readonly #pushWaiters: WeakMap<Connection, PushWaiter[]> = new WeakMap();
  /** Errors that came in the place of pushes, and that nobody has waited for yet. */
  readonly #pushErrors: WeakMap<Connection, Error[]> = new WeakMap();

  constructor(pool: ConnectionPool<Connection>, settings: CommandSettings) {
    this.#pool = pool;
    this.#settings = settings;
  }

  async send(args: readonly CommandArgument[], given: Connection | undefined): Promise<Connection> {
    checkArguments(args);
    const connection = given ?? (await this.#pool.waitForConnection());
    connection.dirty = true;
    const deadline = performance.now() + this.#settings.timeoutMs;
    const pushReplied = routeOf(args)?.pushReplied === true;
    if (pushReplied) {
      const fail = (error: Error): void => this.#failed(connection, error);
      connection.send(pushCommand(args, this.#settings, deadline, 0, () => undefined, fail));
      return connection;
    }
    const reply = new Promise<RespValue>((resolve, reject) => {
      connection.send(
        new Command(args, undefined, this.#settings, false, deadline, 0, resolve, reject),
      );
    });
    // Whoever receives it gets to know; nobody has to.
    reply.catch(() => undefined);
    const replies = this.#replies.get(connection) ?? [];
    replies.push(reply);
    this.#replies.set(connection, replies);
    return connection;
  }

  async receive(connection: Connection, pushOnly: boolean): Promise<RespValue | undefined> {
    if (pushOnly) {
      const error = this.#pushErrors.get(connection)?.shift();
      if (error !== undefined) throw error;
      return new Promise((resolve, reject) => {
        const waiters = this.#pushWaiters.get(connection) ?? [];
        waiters.push({ resolve: () => resolve(undefined), reject });
        this.#pushWaiters.set(connection, waiters);
      });
    }
    const reply = this.#replies.get(connection)?.shift();
    if (reply === undefined) throw new Error('nothing was sent on this connection that has a reply');
    return reply;
  }

  #failed(connection: Connection, error: Error): void {
    const waiter = this.#pushWaiters.get(connection)?.shift();
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
    this.#pushWaiters.get(connection)?.shift()?.resolve();
  }
}
