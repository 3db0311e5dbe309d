import { cancelBlocking } from './blocking-call.js';
import type { CommandSink } from './caller.js';
import type { Command } from './command.js';
import type { Connection } from './connection.js';
import type { Engine } from './engine.js';
import type { ConnectionPool } from './pool.js';
import type { Route } from './routing.js';
import { aborted } from './signal-hub.js';

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
    const { signal } = command.settings;
    if (signal?.aborted) command.reject(aborted(command, signal.reason));
    else void this.#block(command, serverTimeoutMs);
  }

  async #block(command: Command, serverTimeoutMs: number): Promise<void> {
    const { signal } = command.settings;
    let connection: Connection;
    try {
      // The shared connection is what a cancellation and the watchdog need.
      void this.#engine.connect().catch(() => undefined);
      connection = await this.#pool.waitForConnection({ signal });
    } catch (error) {
      command.reject(signal?.aborted ? aborted(command, signal.reason) : (error as Error));
      return;
    }
    command.blocking = true;
    command.deadline = performance.now() + serverTimeoutMs + this.#engine.options.blockingGraceMs;
    const cancel = (): void => void cancelBlocking(this.#engine, connection, command, signal?.reason);
    const patient = serverTimeoutMs === Number.POSITIVE_INFINITY;
    if (patient) this.#patient.add(connection);
    signal?.addEventListener('abort', cancel, { once: true });
    await new Promise<void>((resolve) => {
      // It is settled inside of the decoder: the connection is free a moment later.
      command.onEnd = () => process.nextTick(resolve);
      connection.send(command);
      if (signal?.aborted) cancel();
    });
    signal?.removeEventListener('abort', cancel);
    this.#patient.delete(connection);
    if (!connection.closed) this.#pool.putConnection(connection);
  }
}
