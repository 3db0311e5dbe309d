import type { RedisError, RespPush } from '@redlane/resp3-core';
import { Admission } from './admission.js';
import { Backlog } from './backlog.js';
import { Backoff } from './backoff.js';
import type { ResolvedOptions } from './client-options.js';
import { type ClientState, type ClientStatus, StatusSource, type UntilOptions } from './client-status.js';
import { type Command, type CommandKeeper, SETTLED, WRITTEN } from './command.js';
import { Connection } from './connection.js';
import type { ConnectionOwner } from './connection-owner.js';
import { debug } from './debug-log.js';
import { diagnosisOf } from './diagnosis.js';
import type { TracedServer } from './diagnostics.js';
import {
  ClosedError,
  ConnectionLostError,
  type Delivery,
  type TimeoutDiagnosis,
  TimeoutError,
} from './errors.js';
import { overdue } from './expire.js';
import { LatencyHistogram } from './latency-histogram.js';
import { deadline } from './option-checks.js';
import { RecordingSlot } from './recorder/recording-slot.js';
import { mayResend } from './retry.js';
import { routeOf } from './routing.js';
import { TickClock } from './tick-clock.js';

/** How long a command waits that the server has turned down for now, before it is sent again. */
const REFUSED_DELAY_MS = 50;

/** How long a server may take to give what it owes when it is known that it is not the right one any more. */
const MOVED_GRACE_MS = 500;

/** Somebody who keeps state on the shared connection, and brings it to each new one. */
export interface ConnectionUser {
  /** It has been greeted, and nobody has used it yet: what is sent to it now comes first. */
  opened(connection: Connection): void;
  /** It was lost or replaced; there will be another one, unless the client is closed. */
  lost(connection: Connection, cause: Error): void;
  /** There will be no other one. */
  closed?(cause: Error): void;
  /**
   * Connections for which `isOutdated` is true lead to a server that is the wrong one by now: they are for nobody. When it
   * is `gone`, nothing that it still answers is worth waiting for.
   */
  outdated?(isOutdated: (connection: Connection) => boolean, cause: Error, gone: boolean): void;
}

/**
 * The shared connection and everything that happens when it is not there: one at a time is dialled, used until it ends,
 * and replaced. Commands wait in line meanwhile; what comes back from a lost connection is sent again only where that
 * cannot execute it twice.
 */
export class Engine implements ConnectionOwner, CommandKeeper {
  readonly options: ResolvedOptions;
  readonly clock: TickClock = new TickClock();
  readonly latency: LatencyHistogram = new LatencyHistogram();
  readonly #status: StatusSource = new StatusSource({
    state: 'down',
    cause: new Error('not connected yet'),
    retryInMs: 0,
  });
  readonly admission: Admission;
  readonly #backlog: Backlog;
  readonly #backoff: Backoff;
  readonly #pushed: (push: RespPush, connection: Connection) => void;
  readonly #users: Set<ConnectionUser> = new Set();
  readonly #delayed: Map<Command, NodeJS.Timeout> = new Map();
  #connection: Connection | undefined;
  /** Connections to servers that are the wrong ones by now. That they say so is no news. */
  readonly #outdated: WeakSet<Connection> = new WeakSet();
  readonly #unwatch: (() => void) | undefined;
  /** Connections that only give what they still owe. */
  readonly #retired: Set<Connection> = new Set();
  #connecting: AbortController | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #downSince: number | undefined;
  /** Why the last connection ended, or the last attempt failed; `undefined` while there is one. */
  #downBecause: Error | undefined;
  #attempt = 0;
  /** There has been an attempt to connect: before the first, commands wait even without a queue. */
  #attempted = false;
  #closing = false;
  #closed = false;
  /** What has ended it, when it was not `close()`. */
  #endedBy: Error | undefined;
  onSilence: ((cause: Error) => void) | undefined;
  /** Gets the commands that may wait at the server, as soon as there is room for them. */
  onBlocking: ((command: Command) => void) | undefined;
  /** How the strings of a push are to be decoded. Set before the first connection. */
  pushReplies: ConnectionOwner['pushReplies'];
  /** Who is told of changed keys, if anybody. Set before the first connection. */
  onInvalidate: ConnectionOwner['onInvalidate'];
  /** Who records the connections. Set before the first one. */
  recording: RecordingSlot;
  /** Connections that were lost. */
  lost = 0;

  constructor(options: ResolvedOptions, pushed: (push: RespPush, connection: Connection) => void) {
    this.options = options;
    this.#pushed = pushed;
    this.#backoff = new Backoff(options.reconnect);
    const diagnose = (): TimeoutDiagnosis => this.diagnose();
    this.#backlog = new Backlog(diagnose, options);
    this.admission = new Admission(options, (command) => this.#route(command), diagnose);
    this.recording = new RecordingSlot(options.recorder);
    this.#unwatch = options.locator?.watch?.((to, cause) => this.#moved(to, cause));
  }

  get status(): ClientStatus {
    return this.#status.status;
  }

  /** The shared connection, while there is one. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Where commands go; while there is no connection and the address has to be found out, what options say. */
  get server(): TracedServer {
    const { host, port, path } = this.#connection?.endpoint ?? this.options;
    return { host, port, path, db: this.options.db };
  }

  /** No more commands are taken. */
  get closing(): boolean {
    return this.#closing;
  }

  get queued(): number {
    return this.#backlog.length + this.admission.waiting + (this.#connection?.queued ?? 0);
  }

  /** Calls back with each state from now on, while it changes. */
  watch(watcher: (state: ClientState) => void): void {
    this.#status.watch(watcher);
  }

  /** From now on this one is told of each shared connection; of the present one at once. */
  use(user: ConnectionUser): void {
    this.#users.add(user);
    if (this.#connection !== undefined) user.opened(this.#connection);
  }

  /** Takes a command over, for the shared connection. */
  submit(command: Command): void {
    if (this.#closing) command.reject(this.closedError());
    else if (command.settings.watch?.add(command) !== false) this.admission.enter(command);
  }

  settled(command: Command): void {
    command.settings.watch?.remove(command);
    if (command.counted) this.admission.leave(command);
  }

  /** Begins to connect unless that is done or under way. */
  dial(): void {
    if (this.#connection !== undefined || this.#connecting !== undefined || this.#closed) return;
    if (this.#retryTimer !== undefined) return;
    void this.#open();
  }

  /** Resolves when the connection is ready. Attempts go on when the wait for it has ended. */
  async connect({ signal, timeoutMs = this.options.timeoutMs }: UntilOptions = {}): Promise<void> {
    if (this.#closing) throw this.closedError();
    this.dial();
    try {
      await this.#status.status.until('ready', {
        signal,
        timeoutMs: deadline(timeoutMs, 'timeoutMs') as number,
      });
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
      const details = { maybeExecuted: false, phase: 'connecting', timeoutMs } as const;
      throw new TimeoutError('connect()', { ...details, diagnosis: this.diagnose() });
    }
  }

  diagnose(): TimeoutDiagnosis {
    const { state } = this.#status.current;
    return diagnosisOf(state, this.queued, this.#connection, this.latency, this.#downBecause);
  }

  onPush(push: RespPush, connection: Connection): void {
    this.#pushed(push, connection);
  }

  onLost(connection: Connection, cause: Error, unsent: Command[], written: Command[]): Command[] {
    if (this.#closing) return [...unsent, ...written];
    const again: Command[] = [];
    const left: Command[] = [];
    // What the connection sent for itself ends with it.
    for (const command of [...written, ...unsent]) {
      (mayMove(command) && this.#mayResend(command) ? again : left).push(command);
    }
    for (const command of again) command.rewind();
    if (connection === this.#connection) {
      this.#leave(connection, cause);
      if (connection.proven) this.#backoff.reset();
      this.#backlog.unshift(again);
      this.#wentDown(cause);
    } else for (const command of again) this.#route(command);
    return left;
  }

  /** An error reply: it may say that the command was not executed, and can be sent again. */
  onRefused(_connection: Connection, command: Command, error: RedisError): boolean {
    if (this.#closing || this.#isDue(error)) return false;
    if (!mayResend({ ...this.#facts(command), replyCode: error.code })) return false;
    command.rewind();
    const delay = Math.min(REFUSED_DELAY_MS, command.deadline - performance.now());
    const timer = setTimeout(() => {
      this.#delayed.delete(command);
      if (command.state === SETTLED) return;
      if (command.deadline <= performance.now()) command.reject(overdue(command, this.diagnose()));
      else this.#route(command);
    }, Math.ceil(delay));
    if (this.options.unref) timer.unref();
    this.#delayed.set(command, timer);
    return true;
  }

  /** The server of this connection, the shared one or another, is the wrong one by now. */
  onDemoted(connection: Connection, error: RedisError): void {
    if (this.#outdated.has(connection) || this.#isDue(error)) return;
    const { address } = connection;
    // The decoder is at work on this connection: not now.
    process.nextTick(() => this.leave((each) => each.address === address, error));
  }

  /** Nothing more is sent over these connections. */
  leave(isOutdated: (connection: Connection) => boolean, cause: Error, gone = false): void {
    if (this.#closing) return;
    const mark = (connection: Connection): boolean =>
      isOutdated(connection) && this.#outdated.add(connection) !== undefined;
    const shared = this.#connection;
    if (shared !== undefined && mark(shared)) this.#retire(shared, cause, gone);
    for (const user of this.#users) user.outdated?.(mark, cause, gone);
  }

  /** No new commands; those that are there may end. */
  stop(): void {
    this.#closing = true;
  }

  /** For what comes too late, or is taken along. Its `cause` is what has ended the client, when it was not `close()`. */
  closedError(delivery: Delivery = { maybeExecuted: false, phase: 'queued' }): ClosedError {
    return new ClosedError('client', { ...delivery, cause: this.#endedBy });
  }

  /** Ends everything now. */
  destroy(cause: Error = new ClosedError()): void {
    if (this.#closed) return;
    this.#closing = true;
    this.#closed = true;
    if (!(cause instanceof ClosedError)) this.#endedBy = cause;
    clearTimeout(this.#retryTimer);
    this.#unwatch?.();
    this.#connecting?.abort(cause);
    const connection = this.#connection;
    if (connection !== undefined) this.#leave(connection, cause);
    const waiting = [...this.#delayed.keys(), ...this.#backlog.drain(), ...this.admission.drain()];
    for (const timer of this.#delayed.values()) clearTimeout(timer);
    this.#delayed.clear();
    connection?.destroy(cause);
    for (const retired of this.#retired) retired.destroy(cause);
    for (const command of waiting) command.reject(this.closedError());
    for (const user of this.#users) user.closed?.(cause);
    this.#status.set(cause instanceof ClosedError ? { state: 'closed' } : { state: 'closed', cause });
  }

  #route(command: Command): void {
    const connection = this.#connection;
    if (command.blocking) this.onBlocking?.(command);
    else if (isElsewhere(command, connection)) command.reject(leftBehind(command));
    else if (connection !== undefined) connection.send(command);
    else if (this.#closed) command.reject(this.closedError());
    else {
      if (!this.options.offlineQueue && this.#attempted) {
        const { current } = this.#status;
        const cause = current.state === 'down' ? current.cause : undefined;
        command.reject(offline(command, cause));
        return;
      }
      this.#backlog.push(command);
      this.dial();
    }
  }

  /** The server is the wrong one by now: what it owes may still come, everything else goes to the next. */
  #retire(connection: Connection, cause: Error, gone: boolean): void {
    this.#leave(connection, cause);
    const unsent = connection.takeUnsent();
    this.#backlog.unshift(unsent.filter(mayMove));
    for (const command of unsent) {
      // What users of the connection sent for themselves makes sense on this one only.
      if (!command.counted) command.reject(new ClosedError('connection'));
      else if (!mayMove(command)) command.reject(leftBehind(command, cause));
    }
    this.#retired.add(connection);
    const timer = gone ? setTimeout(() => connection.destroy(cause), MOVED_GRACE_MS) : undefined;
    if (this.options.unref) timer?.unref();
    void connection.drained().then(() => {
      clearTimeout(timer);
      this.#retired.delete(connection);
      connection.destroy(cause);
    });
    // A server that says so at once is not to be dialled in a loop.
    const ageMs = performance.now() - connection.createdAt;
    if (ageMs > this.options.reconnect.maxDelayMs) this.#backoff.reset();
    this.#wentDown(cause);
  }

  /** The server is at this address from now on. */
  #moved(to: string, cause: Error): void {
    this.leave(({ address }) => address !== to, cause, true);
    this.#backoff.reset();
    // What has failed so far was another server.
    if (this.#retryTimer === undefined) return;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    this.dial();
  }

  #leave(connection: Connection, cause: Error): void {
    this.#connection = undefined;
    for (const user of this.#users) user.lost(connection, cause);
  }

  /** A replica was asked for: it is the right server, and the write was wrong. */
  #isDue({ code }: RedisError): boolean {
    return code === 'READONLY' && this.options.role === 'replica';
  }

  #facts(command: Command): Parameters<typeof mayResend>[0] {
    return {
      policy: command.settings.retry,
      written: command.state === WRITTEN,
      readOnly: command.readOnly,
      script: routeOf(command.args)?.script === true,
      blocking: command.blocking,
    };
  }

  #mayResend(command: Command): boolean {
    return mayResend(this.#facts(command));
  }

  async #open(): Promise<void> {
    const attempt = new AbortController();
    this.#connecting = attempt;
    this.#status.set({ state: 'connecting', attempt: ++this.#attempt });
    try {
      const connection = await Connection.open(this.options, this, attempt.signal);
      this.#connecting = undefined;
      if (this.#closed || connection.closed) {
        connection.destroy();
        const cause: unknown = connection.ended.reason;
        if (!this.#closed) this.#wentDown(new Error('the connection was lost at once', { cause }));
        return;
      }
      this.#connection = connection;
      this.#attempt = 0;
      this.#downSince = undefined;
      this.#downBecause = undefined;
      debug('connected to %s as %s', connection.server?.name ?? 'the server', connection.id ?? '?');
      for (const user of this.#users) user.opened(connection);
      this.#status.set({ state: 'ready' });
      for (const command of this.#backlog.drain()) connection.send(command);
    } catch (error) {
      this.#connecting = undefined;
      if (!this.#closed) this.#wentDown(error as Error);
    }
  }

  #wentDown(cause: Error): void {
    this.lost++;
    const now = performance.now();
    this.#downSince ??= now;
    this.#downBecause = cause;
    if (now - this.#downSince >= this.options.reconnect.giveUpAfterMs) {
      this.destroy(cause);
      return;
    }
    const delay = this.#backoff.next();
    debug('no connection (%s), next try in %d ms', cause.message, delay);
    this.#status.set({ state: 'down', cause, retryInMs: delay });
    this.#attempted = true;
    if (!this.options.offlineQueue) {
      for (const command of this.#backlog.drain()) {
        command.reject(offline(command, cause));
      }
    }
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined;
      this.dial();
    }, delay);
    if (this.options.unref) this.#retryTimer.unref();
  }
}

/** It may go to another connection than the one that it was on. */
function mayMove({ counted, pinnedTo }: Command): boolean {
  return counted && pinnedTo === undefined;
}

function isElsewhere({ pinnedTo }: Command, connection: Connection | undefined): boolean {
  return pinnedTo !== undefined && pinnedTo !== connection;
}

/** For a command whose connection is not the shared one any more. */
function leftBehind(command: Command, cause?: Error): ConnectionLostError {
  return new ConnectionLostError({ maybeExecuted: false, phase: 'queued', command: command.name, cause });
}

/** Why a command is not kept while there is no connection. */
function offline({ name }: Command, cause: unknown): ConnectionLostError {
  return new ConnectionLostError({ maybeExecuted: false, phase: 'connecting', cause, command: name });
}
