import { cancelBlocking } from './blocking-call.js';
import { Caller, type CommandSink } from './caller.js';
import { type Command, callSettings } from './command.js';
import type { Connection } from './connection.js';
import type { Engine } from './engine.js';
import { ClosedError } from './errors.js';
import { type Route, routeOf } from './routing.js';

/** Sends to one connection that nobody else uses. Nothing is sent again: what was watched or selected would be gone. */
class SessionSink implements CommandSink {
  readonly place: { readonly exclusive: boolean; readonly transaction: boolean } = {
    exclusive: true,
    transaction: false,
  };
  readonly #engine: Engine;
  readonly #connection: Connection;
  ended = false;

  constructor(engine: Engine, connection: Connection) {
    this.#engine = engine;
    this.#connection = connection;
  }

  now(): number {
    return this.#engine.clock.now();
  }

  submit(command: Command): void {
    if (this.ended) command.reject(new ClosedError('connection'));
    else if (command.settings.watch?.add(command) !== false) {
      if (leavesState(command)) this.#connection.dirty = true;
      this.#connection.send(command);
    }
  }

  block(command: Command, _route: Route, serverTimeoutMs: number): void {
    command.blocking = true;
    command.deadline = performance.now() + serverTimeoutMs + this.#engine.options.blockingGraceMs;
    command.onAbort = (reason) => void cancelBlocking(this.#engine, this.#connection, command, reason);
    this.submit(command);
  }

  settled(command: Command): void {
    this.#engine.settled(command);
  }
}

/** A connection for one user: WATCH, SELECT and other state of a connection are allowed, and are reset afterwards. */
export class Session extends Caller {
  readonly connection: Connection;
  readonly #sink: SessionSink;

  /** @internal */
  constructor(engine: Engine, connection: Connection) {
    const sink = new SessionSink(engine, connection);
    super(sink, callSettings(engine.options));
    this.connection = connection;
    this.#sink = sink;
  }

  /** @internal No calls after this: the connection is somebody else's. */
  end(): void {
    this.#sink.ended = true;
  }
}

function leavesState(command: Command): boolean {
  if (command.batch === undefined) return routeOf(command.args)?.dirties === true;
  return command.batch.some((args) => routeOf(args)?.dirties === true);
}
