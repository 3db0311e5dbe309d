import { type CommandArgument, checkArguments, type RespValue } from '@redlane/resp3-core';
import { Command, type CommandSettings } from './command.js';
import type { Connection } from './connection.js';
import type { ConnectionPool } from './pool.js';
import { routeOf } from './routing.js';

/** The seed's two halves of a call: sending, and receiving later, on a connection that the caller holds. */
export class LowLevel {
  readonly #pool: ConnectionPool<Connection>;
  readonly #settings: CommandSettings;
  readonly #replies: WeakMap<Connection, Promise<RespValue>[]> = new WeakMap();
  readonly #pushWaiters: WeakMap<Connection, (() => void)[]> = new WeakMap();

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
    const reply = new Promise<RespValue>((resolve, reject) => {
      const command = new Command(args, undefined, this.#settings, false, deadline, 0, resolve, reject);
      if (pushReplied) command.owed = 0;
      connection.send(command);
    });
    // Whoever receives it gets to know; nobody has to.
    reply.catch(() => undefined);
    if (!pushReplied) {
      const replies = this.#replies.get(connection) ?? [];
      replies.push(reply);
      this.#replies.set(connection, replies);
    }
    return connection;
  }

  async receive(connection: Connection, pushOnly: boolean): Promise<RespValue | undefined> {
    if (pushOnly) {
      return new Promise((resolve) => {
        const waiters = this.#pushWaiters.get(connection) ?? [];
        waiters.push(() => resolve(undefined));
        this.#pushWaiters.set(connection, waiters);
      });
    }
    const reply = this.#replies.get(connection)?.shift();
    if (reply === undefined) throw new Error('nothing was sent on this connection that has a reply');
    return reply;
  }

  /** A push has come on this connection, and has been delivered. */
  pushed(connection: Connection): void {
    this.#pushWaiters.get(connection)?.shift()?.();
  }
}
