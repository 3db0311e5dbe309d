import { Backoff } from './backoff.js';
import { cancelBlocking, type Ending } from './cancel-blocking.js';
import { Command, SETTLED } from './command.js';
import type { Connection } from './connection.js';
import type { Engine } from './engine.js';
import { ConnectionLostError } from './errors.js';
import type { Blocked, ExclusiveConnections } from './exclusive-connections.js';
import type { Lease } from './lease.js';
import { pause } from './pause.js';
import { ReplyError } from './reply-error.js';
import { forcesNewDial, mayResend } from './retry.js';
import { type Route, routeOf } from './routing.js';
import { abortedBy } from './signal-watch.js';

/** How long a command waits that the server has turned down for now, before it is sent again. */
const REFUSED_DELAY_MS = 50;

/**
 * A caller's command that may wait at the server: each attempt on an exclusive connection of its own, until one is
 * answered, with what is left of the command's own timeout.
 */
export class BlockingCall implements Blocked {
  readonly #engine: Engine;
  readonly #connections: ExclusiveConnections;
  /** The caller's. It is answered in the end, and never sent itself. */
  readonly #command: Command;
  readonly #route: Route;
  readonly #timeoutMs: number;
  readonly #backoff: Backoff;
  readonly #givenUp: AbortController = new AbortController();
  #attempt: { readonly command: Command; readonly connection: Connection } | undefined;
  #cancelling: Promise<void> | undefined;
  #cancelled = false;
  /** When the first attempt was sent. */
  #since: number | undefined;
  /** When the server began to turn it down. */
  #refusedSince: number | undefined;

  constructor(engine: Engine, connections: ExclusiveConnections, command: Command) {
    this.#engine = engine;
    this.#connections = connections;
    this.#command = command;
    this.#route = routeOf(command.args) as Route;
    this.#timeoutMs = this.#route.blockingTimeoutMs(command.args) as number;
    this.#backoff = new Backoff(engine.options.reconnect);
  }

  /** Settles the command. */
  async run(): Promise<void> {
    this.#connections.blocked.add(this);
    this.#command.onAbort = (reason) => this.cancel(abortedBy(this.#command, reason));
    // The shared connection is what a cancellation and the watchdog need.
    this.#engine.dial();
    try {
      while (this.#command.state !== SETTLED) {
        const lease = await this.#connections.take({ signal: this.#givenUp.signal });
        const outcome = await this.#tryOn(lease);
        if (!(outcome instanceof Failure)) this.#command.resolve(outcome);
        else if (!(await this.#mayGoOn(outcome.error))) throw outcome.error;
      }
    } catch (error) {
      this.#command.reject(error as Error);
    } finally {
      this.#connections.blocked.delete(this);
    }
  }

  cancel(ending: Ending): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    if (this.#attempt !== undefined) {
      const { command, connection } = this.#attempt;
      this.#cancelling = cancelBlocking(this.#engine, connection, command, ending);
      return;
    }
    this.#command.reject(ending({ maybeExecuted: false, phase: 'queued' }));
    this.#givenUp.abort();
  }

  /** Resolves when the connection is free again. */
  async #tryOn(lease: Lease<Connection>): Promise<unknown> {
    const { connection } = lease;
    const sentAt = performance.now();
    const outcome = await this.#send(connection);
    if (performance.now() - sentAt > this.#engine.options.reconnect.maxDelayMs) this.#backoff.reset();
    if (this.#cancelling !== undefined) await this.#cancelling;
    if (outcome instanceof Failure && showsWrongServer(outcome.error)) connection.destroy(outcome.error);
    void lease[Symbol.asyncDispose]();
    // From here on there is nothing to cancel at the server.
    if (outcome instanceof Failure) this.#attempt = undefined;
    return outcome;
  }

  /** What came of one attempt. */
  #send(connection: Connection): Promise<unknown> {
    const { args, settings, readOnly, state } = this.#command;
    if (state === SETTLED) return Promise.resolve(undefined);
    const now = performance.now();
    const leftMs = this.#since === undefined ? this.#timeoutMs : this.#since + this.#timeoutMs - now;
    const words = this.#since === undefined ? args : this.#route.withTimeout(args, leftMs);
    this.#since ??= now;
    return new Promise((resolve) => {
      // Who has cancelled it need not wait for the end of the cancellation; others find the connection back in the pool.
      const answered = (value: unknown): void => {
        if (this.#cancelled) this.#command.resolve(value);
        resolve(value);
      };
      const failed = (error: Error): void => {
        if (this.#cancelled) this.#command.reject(error);
        resolve(new Failure(error));
      };
      const attempt = new Command(words, undefined, settings, readOnly, 0, 0, answered, failed);
      attempt.mayTake(Math.max(0, leftMs) + this.#engine.options.blockingGraceMs);
      this.#attempt = { command: attempt, connection };
      connection.send(attempt);
    });
  }

  /** Waits for the time at which it may be sent again, if it may. */
  async #mayGoOn(error: Error): Promise<boolean> {
    if (this.#cancelled || this.#engine.closing || !this.#mayResend(error)) return false;
    if (!(error instanceof ReplyError)) {
      await pause(this.#backoff.next(), this.#givenUp.signal);
      return true;
    }
    const now = performance.now();
    // What had been waiting had been taken in before.
    if (this.#refusedSince === undefined || error.code === 'UNBLOCKED') this.#refusedSince = now;
    if (now - this.#refusedSince >= this.#engine.options.pool.acquireTimeoutMs) return false;
    await pause(REFUSED_DELAY_MS, this.#givenUp.signal);
    return true;
  }

  #mayResend(error: Error): boolean {
    const { settings, readOnly } = this.#command;
    const facts = { policy: settings.retry, readOnly, blocking: true };
    if (error instanceof ConnectionLostError) {
      return mayResend({ ...facts, written: error.maybeExecuted });
    }
    if (!(error instanceof ReplyError)) return false;
    const forReplicas = error.code === 'READONLY' && this.#engine.options.role === 'replica';
    return !forReplicas && mayResend({ ...facts, written: true, replyCode: error.code });
  }
}

/** Tells an attempt that failed from one whose reply is an error inside of an array. */
class Failure {
  readonly error: Error;

  constructor(error: Error) {
    this.error = error;
  }
}

/** After these the connection leads to a server that is the wrong one by now, or is about to be closed. */
function showsWrongServer(error: Error): boolean {
  return error instanceof ReplyError && (forcesNewDial(error.code) || error.code === 'UNBLOCKED');
}
