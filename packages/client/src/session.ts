import { Backlog } from './backlog.js';
import { Caller, type CommandSink } from './caller.js';
import { cancelBlocking, type Ending } from './cancel-blocking.js';
import { type Command, callSettings } from './command.js';
import type { Connection } from './connection.js';
import { diagnosisOf } from './diagnosis.js';
import type { TracedServer } from './diagnostics.js';
import type { Engine } from './engine.js';
import { ClosedError, type TimeoutDiagnosis } from './errors.js';
import type { Blocked, ExclusiveConnections } from './exclusive-connections.js';
import type { Lease } from './lease.js';
import { type Route, routeOf } from './routing.js';
import { abortedBy } from './signal-watch.js';

/**
 * Sends to one connection that nobody else uses. Nothing is sent again: what was watched or selected would be gone. What
 * comes after a blocking command waits until that is answered: it can be taken back meanwhile, and a cancellation can hit
 * nothing else.
 */
class SessionSink implements CommandSink, Blocked {
  readonly place: { readonly exclusive: boolean; readonly transaction: boolean } = {
    exclusive: true,
    transaction: false,
  };
  readonly #engine: Engine;
  readonly #connections: ExclusiveConnections;
  readonly #lease: Lease<Connection>;
  /** Those behind the blocking one. */
  #held: Backlog | undefined;
  #blocking: Command | undefined;
  #cancelling: Promise<void> | undefined;
  #ended = false;

  constructor(engine: Engine, connections: ExclusiveConnections, lease: Lease<Connection>) {
    this.#engine = engine;
    this.#connections = connections;
    this.#lease = lease;
  }

  get server(): TracedServer {
    return this.#engine.server;
  }

  now(): number {
    return this.#engine.clock.now();
  }

  submit(command: Command): void {
    if (this.#ended) command.reject(new ClosedError('connection'));
    else if (command.settings.watch?.add(command) !== false) this.#pass(command);
  }

  block(command: Command, _route: Route, serverTimeoutMs: number): void {
    command.mayTake(serverTimeoutMs + this.#engine.options.blockingGraceMs);
    if (command.settings.watch !== undefined) {
      command.onAbort = (reason) => this.#cancel(command, abortedBy(command, reason));
    }
    this.submit(command);
  }

  settled(command: Command): void {
    this.#engine.settled(command);
  }

  cancel(ending: Ending): void {
    if (this.#blocking !== undefined) this.#cancel(this.#blocking, ending);
  }

  /** The connection goes back, but not before the end of a cancellation. */
  async end(): Promise<void> {
    this.#ended = true;
    for (const command of this.#held?.drain() ?? []) command.reject(new ClosedError('connection'));
    if (this.#cancelling !== undefined) await this.#cancelling;
    await this.#lease[Symbol.asyncDispose]();
  }

  #cancel(command: Command, ending: Ending): void {
    if (command !== this.#blocking) command.reject(ending({ maybeExecuted: false, phase: 'queued' }));
    else this.#cancelling ??= cancelBlocking(this.#engine, this.#lease.connection, command, ending);
  }

  #pass(command: Command): void {
    if (this.#blocking === undefined) this.#send(command);
    else {
      this.#held ??= this.#newBacklog();
      this.#held.push(command);
    }
  }

  #newBacklog(): Backlog {
    const { latency, options } = this.#engine;
    const diagnose = (): TimeoutDiagnosis =>
      diagnosisOf('behind a blocking command', this.#held?.length ?? 0, this.#lease.connection, latency);
    return new Backlog(diagnose, options);
  }

  #send(command: Command): void {
    const { connection } = this.#lease;
    if (leavesState(command)) connection.dirty = true;
    if (command.blocking) {
      this.#blocking = command;
      this.#connections.blocked.add(this);
      command.onEnd = this.#answered;
    }
    connection.send(command);
  }

  /** The blocking command has been answered. */
  readonly #answered = (): void => {
    const nobodyWaits = this.#held === undefined || this.#held.length === 0;
    if (this.#cancelling === undefined && nobodyWaits) this.#unblocked();
    else void this.#goOn();
  };

  #unblocked(): void {
    this.#blocking = undefined;
    this.#connections.blocked.delete(this);
  }

  async #goOn(): Promise<void> {
    await this.#cancelling;
    this.#cancelling = undefined;
    this.#unblocked();
    for (const command of this.#held?.drain() ?? []) {
      // The server begins to count now.
      if (command.blocking) command.mayTake(command.settings.timeoutMs);
      this.#pass(command);
    }
  }
}

/** A connection for one user: WATCH, SELECT and other state of a connection are allowed, and are reset afterwards. */
export class Session extends Caller {
  readonly connection: Connection;
  readonly #sink: SessionSink;

  /** @internal */
  constructor(engine: Engine, connections: ExclusiveConnections, lease: Lease<Connection>) {
    const sink = new SessionSink(engine, connections, lease);
    super(sink, callSettings(engine.options));
    this.connection = lease.connection;
    this.#sink = sink;
  }

  /** @internal No calls after this: the connection is somebody else's. */
  end(): Promise<void> {
    return this.#sink.end();
  }
}

function leavesState(command: Command): boolean {
  if (command.batch === undefined) return routeOf(command.args)?.dirties === true;
  return command.batch.some((args) => routeOf(args)?.dirties === true);
}
