import { cancelBlocking } from './blocking-call.js';
import type { CommandSink } from './caller.js';
import { type Command, SETTLED } from './command.js';
import type { Connection } from './connection.js';
import type { Engine } from './engine.js';
import { ClosedError } from './errors.js';
import type { ConnectionPool } from './pool.js';
import type { Route } from './routing.js';

/** The client's own way: ordinary commands over the shared connection, blocking ones each over one from the pool. */
export class SharedSink implements CommandSink {
  readonly place: { readonly exclusive: boolean; readonly transaction: boolean } = {
    exclusive: false,
    transaction: false,
  };
  readonly #engine: Engine;
  readonly #pool: ConnectionPool<Connection>;
  /** Connections on which a command waits at the server for as long as it takes. */
  readonly #patient: Set<Connection> = new Set();

  constructor(engine: Engine, pool: ConnectionPool<Connection>) {
    this.#engine = engine;
    this.#pool = pool;
    // A peer that says nothing on one connection is not alive on the others.
    engine.onSilence = (cause) => {
      for (const connection of this.#patient) connection.destroy(cause);
    };
  }

  now(): number {
    return this.#engine.clock.now();
  }

  submit(command: Command): void {
    this.#engine.submit(command);
  }

  settled(command: Command): void {
    this.#engine.settled(command);
  }

  block(command: Command, _route: Route, serverTimeoutMs: number): void {
    if (command.settings.watch?.add(command) !== false) void this.#block(command, serverTimeoutMs);
  }

  async #block(command: Command, serverTimeoutMs: number): Promise<void> {
    let connection: Connection;
    if (this.#engine.closing) {
      command.reject(new ClosedError());
      return;
    }
    try {
      // The shared connection is what a cancellation and the watchdog need.
      void this.#engine.connect().catch(() => undefined);
      connection = await this.#pool.waitForConnection({ signal: command.settings.watch?.signal });
    } catch (error) {
      command.reject(error as Error);
      return;
    }
    if (command.state !== SETTLED) await this.#waitAtServer(command, connection, serverTimeoutMs);
    this.#patient.delete(connection);
    if (!connection.closed) this.#pool.putConnection(connection);
  }

  /**
   * Resolves a moment after the command is settled, which happens inside of the decoder, and not before the end of a
   * cancellation: it must not hit the next command on the connection.
   */
  async #waitAtServer(command: Command, connection: Connection, serverTimeoutMs: number): Promise<void> {
    let cancelled: Promise<void> | undefined;
    await new Promise<void>((resolve) => {
      command.blocking = true;
      command.deadline = performance.now() + serverTimeoutMs + this.#engine.options.blockingGraceMs;
      command.onAbort = (reason) => {
        cancelled = cancelBlocking(this.#engine, connection, command, reason);
      };
      command.onEnd = () => process.nextTick(resolve);
      if (serverTimeoutMs === Number.POSITIVE_INFINITY) this.#patient.add(connection);
      connection.send(command);
    });
    await cancelled;
  }
}
