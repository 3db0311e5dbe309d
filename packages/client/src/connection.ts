import type { Socket } from 'node:net';
import {
  type CommandArgument,
  CommandWriter,
  type Limits,
  ProtocolError,
  RedisError,
  type ReplyMode,
  RespDecoder,
  type RespDecoderHandlers,
  type RespPush,
} from '@redlane/resp3-core';
import { addressOf, type Endpoint } from './address.js';
import type { ResolvedOptions } from './client-options.js';
import {
  type BatchReply,
  Command,
  type CommandSettings,
  callSettings,
  SETTLED,
  WAITING,
  WRITTEN,
} from './command.js';
import { type ConnectionOwner, pushRepliesOf } from './connection-owner.js';
import { EncoderWriter, ReaderDecoder } from './custom-codec.js';
import { DeadlineTimer } from './deadline-timer.js';
import { debug } from './debug-log.js';
import { diagnosisOf } from './diagnosis.js';
import { connectTraces, hasListeners, serverAttributes, traced } from './diagnostics.js';
import { ClosedError, CommandRefusedError, ConnectionLostError, type TimeoutDiagnosis } from './errors.js';
import { expire } from './expire.js';
import { type Exchange, handshake } from './handshake.js';
import { Inlet } from './inlet.js';
import { openInTime } from './open-in-time.js';
import type { ConnectionTap } from './recorder/connection-tap.js';
import { ReplyError } from './reply-error.js';
import { forcesNewDial } from './retry.js';
import { Ring } from './ring.js';
import type { Dial } from './sentinel/locator.js';
import type { ServerInfo } from './server-info.js';
import { dial } from './socket.js';
import { resp2Pong, resp2Push } from './subscriptions/resp2-push.js';
import { judgePeer } from './watchdog.js';

/** What one write hands to the socket at most. */
const WRITE_BYTES = 64 * 1024;
/** What may lie in the socket before commands wait in the connection instead, where they can still be taken back. */
const BUFFERED_BYTES = 1024 * 1024;

/**
 * One socket's life: dialled, greeted, used, closed. It never reconnects. A reply goes to the command that asked for it or
 * to nobody: on any doubt the socket is destroyed and every command on it is answered with an error.
 */
export class Connection {
  readonly createdAt: number = performance.now();
  /** Commands that leave state on the server were sent: it must be reset before somebody else gets it. */
  dirty = false;
  readonly #options: ResolvedOptions;
  readonly #owner: ConnectionOwner;
  readonly #settings: CommandSettings;
  readonly #socket: Socket;
  readonly #decoder: RespDecoder | ReaderDecoder;
  readonly #writer: CommandWriter | EncoderWriter;
  /** Commands that have not been written. */
  readonly #waiting: Ring<Command> = new Ring();
  /** Commands whose replies are owed, also those that nobody waits for any more. */
  readonly #owed: Ring<Command> = new Ring();
  #pushes: RespPush[] = [];
  /** How messages are decoded that come in RESP2, among the replies; `undefined` while they come as pushes. */
  #messages: ReplyMode | undefined;
  #paused = false;
  /** When the newest command was written that has been answered. */
  #answeredAt: number = performance.now();
  #doubt: Error | undefined;
  #info: ServerInfo | undefined;
  /** It has answered more than the greeting. */
  #proven = false;
  #closed = false;
  #flushing = false;
  #blocked = false;
  #readAt: number = performance.now();
  #writtenAt: number = performance.now();
  #bytesRead = 0;
  readonly #timer: DeadlineTimer;
  #idleWaiters: (() => void)[] = [];
  readonly #ended: AbortController = new AbortController();
  onClosed: ((connection: Connection) => void) | undefined;
  /** @internal */
  tap: ConnectionTap | undefined;

  /**
   * Dials and greets.
   *
   * @throws ConnectError when the server cannot be reached, refuses, or takes longer than `connectTimeoutMs`;
   * AbortError when the signal was aborted.
   */
  static open(
    options: ResolvedOptions,
    owner: ConnectionOwner = {},
    signal?: AbortSignal,
  ): Promise<Connection> {
    const { locator } = options;
    return openInTime(options, signal, (until) => {
      if (locator === undefined) return Connection.#openAt(options, owner, until);
      const open: Dial = (at, by, check) => Connection.#openAt({ ...options, ...at }, owner, by, check);
      return locator.open(open, until);
    });
  }

  static #openAt(
    options: ResolvedOptions,
    owner: ConnectionOwner,
    signal: AbortSignal,
    check?: (connection: Connection) => Promise<void>,
  ): Promise<Connection> {
    const open = async (): Promise<Connection> => {
      const inlet = new Inlet();
      const connection = new Connection(options, owner, await dial(options, signal, inlet), inlet);
      await connection.#begin(signal, check);
      return connection;
    };
    return hasListeners(connectTraces) ? traced(connectTraces, serverAttributes(options), open) : open();
  }

  private constructor(options: ResolvedOptions, owner: ConnectionOwner, socket: Socket, inlet: Inlet) {
    this.#options = options;
    this.#owner = owner;
    this.#socket = socket;
    this.#settings = { ...callSettings(options), replies: 'string', maps: 'map' };
    this.#timer = new DeadlineTimer((now) => this.#sweep(now), { unref: options.unref });
    const handlers: RespDecoderHandlers = {
      onReply: (value) => this.#answer(value),
      onErrorReply: (error) => this.#answer(error),
      onPush: (push) => this.#takePush(push),
    };
    const { Reader, writeCommand, replyLimits } = options;
    this.#decoder =
      Reader === undefined
        ? new RespDecoder(handlers, { limits: replyLimits, pushReplies: pushRepliesOf(owner) })
        : new ReaderDecoder(Reader, handlers);
    this.#writer = writeCommand === undefined ? new CommandWriter() : new EncoderWriter(writeCommand);
    inlet.open((chunk) => this.#read(chunk, true));
    socket.on('data', (chunk: Buffer) => this.#read(chunk, false));
    socket.on('drain', () => this.#flush());
    socket.on('error', (error) => this.destroy(error));
    socket.on('end', () => this.destroy(new Error('the server closed the connection')));
    socket.on('close', () => this.destroy(new Error('the socket was closed')));
    if (options.unref) socket.unref();
    owner.recording?.opened(this);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Aborted when it has ended; the reason is why. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** A command waits at the server that need never be answered. */
  get waitsForEver(): boolean {
    const oldest = this.#owed.peek();
    return oldest?.blocking === true && oldest.deadline === Number.POSITIVE_INFINITY;
  }

  /** Where it leads to, as it was dialled. No credentials: it may end up in a log. */
  get endpoint(): Endpoint {
    const { host, port, path } = this.#options;
    return { host, port, path };
  }

  /** The same as a text: two connections with one text lead to one server, unless that has been replaced meanwhile. */
  get address(): string {
    return addressOf(this.#options);
  }

  /** The server's number of this connection, for CLIENT UNBLOCK and the like; `undefined` when it keeps it secret. */
  get id(): number | undefined {
    return this.#info?.id;
  }

  get protocol(): 2 | 3 {
    return this.#info?.protocol ?? 2;
  }

  get server(): ServerInfo | undefined {
    return this.#info;
  }

  /** It has answered a command since the greeting. */
  get proven(): boolean {
    return this.#proven;
  }

  /** Commands that have not been written. */
  get queued(): number {
    return this.#waiting.length;
  }

  /** Commands whose replies are owed. */
  get inFlight(): number {
    return this.#owed.length;
  }

  /** When commands were last written, in ms of `performance.now()`. */
  get lastUsedAt(): number {
    return this.#writtenAt;
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  get bytesWritten(): number {
    return this.#socket.bytesWritten;
  }

  /** When the last byte came, in ms of `performance.now()`. */
  get lastReadAt(): number {
    return this.#readAt;
  }

  /**
   * A moment before which nothing has been missed, in ms of `performance.now()`: all that the server had sent by then, to
   * be precise before it executed the newest command that has been answered, has been read.
   */
  get wholeUntil(): number {
    return this.#answeredAt;
  }

  /** A reply or push has begun, and its end has not come. */
  get midReply(): boolean {
    return this.#decoder.pending;
  }

  /** Replies that are owed for commands that have been written. */
  get owedReplies(): number {
    let replies = 0;
    for (let i = 0; i < this.#owed.length; i++) replies += this.#owed.at(i)?.replies ?? 0;
    return replies;
  }

  /** What the server may send. */
  get replyLimits(): Readonly<Partial<Limits>> {
    return this.#options.replyLimits;
  }

  /** Nothing waits, nothing is owed, nothing is half read. */
  get idle(): boolean {
    return this.#waiting.length === 0 && this.#owed.length === 0 && !this.#decoder.pending;
  }

  /** Takes the command over: from here on it is settled by its reply, its deadline, or the end of the connection. */
  send(command: Command): void {
    if (this.#closed) {
      command.reject(lost(command, this.ended.reason));
      return;
    }
    if (command.pushes !== undefined && this.#info?.protocol === 2 && this.#messages === undefined) {
      const reason = 'in RESP2 messages cannot be told from replies';
      command.reject(new CommandRefusedError(command.name, { reason, instead: 'use subscribe()' }));
      return;
    }
    this.#waiting.push(command);
    this.#timer.by(command.deadline);
    if (!this.#flushing && !this.#blocked) {
      this.#flushing = true;
      process.nextTick(this.#flush);
    }
  }

  /** Sends commands in one write and resolves with their replies in order, errors in their places. */
  exchange(
    commands: readonly (readonly CommandArgument[])[],
    timeoutMs: number = Number.POSITIVE_INFINITY,
  ): Promise<BatchReply[]> {
    return new Promise((resolve, reject) => {
      const deadline = performance.now() + timeoutMs;
      this.send(new Command([], commands, this.#settings, false, deadline, 0, resolve, reject));
    });
  }

  /** True when the server answers in time. */
  async check(timeoutMs: number): Promise<boolean> {
    const replies = await this.exchange([['PING']], timeoutMs).catch(() => []);
    return replies[0] === 'PONG';
  }

  /** Brings the server's side back to what a new connection has. False when that did not work: destroy it then. */
  async reset(timeoutMs: number): Promise<boolean> {
    const deadline = timeoutSignal(timeoutMs);
    const giveUpAt = performance.now() + timeoutMs;
    const exchange: Exchange = (commands) => this.exchange(commands, giveUpAt - performance.now());
    try {
      const [reply] = await exchange([['RESET']]);
      if (reply !== 'RESET') return false;
      this.#info = await handshake(this.#options, exchange, deadline);
      this.dirty = false;
      return true;
    } catch {
      return false;
    }
  }

  /** Greets the server; the connection does not outlive a failure. */
  async #begin(signal: AbortSignal, check?: (connection: Connection) => Promise<void>): Promise<void> {
    const giveUp = (): void => this.destroy(signal.reason as Error);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      signal.throwIfAborted();
      this.#info = await handshake(this.#options, (commands) => this.#greet(commands), signal);
      await check?.(this);
      this.#proven = false;
      if (!this.#closed) this.#timer.by(this.#readAt + this.#options.pingIntervalMs);
    } catch (error) {
      this.destroy(error as Error);
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  /**
   * An exchange for the handshake. Of a connection that ends in the midst of it, it gives the replies that came before: a
   * server that lets nobody in says so, perhaps before it was asked anything, and closes.
   */
  #greet(commands: readonly (readonly CommandArgument[])[]): Promise<readonly BatchReply[]> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        const { reason } = this.ended;
        const replies = reason instanceof RedisError ? [reason] : command.collected;
        if (replies.length > 0) resolve(replies);
        else reject(error);
      };
      const never = Number.POSITIVE_INFINITY;
      const command = new Command([], commands, this.#settings, false, never, 0, resolve, fail);
      this.send(command);
    });
  }

  /** Resolves when nothing is owed any more, or when the connection has ended. */
  drained(): Promise<void> {
    if (this.#closed || this.idle) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  /** This connection is for subscriptions only. In RESP2 their messages come as replies, and are decoded so from now on. */
  takeMessages(replies: ReplyMode): void {
    if (this.protocol === 3) return;
    this.#messages = replies;
    this.#decoder.replies = replies;
  }

  /** Stops reading, so that in the end the server stops sending. What has been read is delivered all the same. */
  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#readAt = performance.now();
    this.#socket.resume();
    this.#timer.by(this.#readAt + Math.min(this.#options.pingIntervalMs, this.#options.silenceTimeoutMs));
  }

  /** Gives back what has not been written. */
  takeUnsent(): Command[] {
    return this.#waiting.drain().filter(isLive);
  }

  /** Ends the connection now. Commands on it go to the owner first; those it does not want are rejected. */
  destroy(cause: Error = new ClosedError('connection')): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ended.abort(cause);
    this.#timer.clear();
    this.#socket.destroy();
    debug('connection %s ended: %s', this.id ?? '?', cause.message);
    const unsent = this.#waiting.drain().filter(isLive);
    const written = this.#owed.drain().filter(isLive);
    const left = this.#owner.onLost?.(this, cause, unsent, written) ?? [...unsent, ...written];
    for (const command of left) command.reject(lost(command, cause));
    this.#wakeIdleWaiters();
    this.tap?.ended(cause);
    this.#owner.recording?.closed(this);
    this.onClosed?.(this);
  }

  /** Everything that was sent in this tick leaves in one write. */
  readonly #flush = (): void => {
    this.#flushing = false;
    this.#blocked = false;
    if (this.#closed) return;
    const waiting = this.#waiting;
    const { tap } = this;
    const writer = this.#writer;
    const now = performance.now();
    this.#writtenAt = now;
    for (let command = waiting.peek(); command !== undefined; command = waiting.peek()) {
      if (this.#socket.writableLength + writer.pendingBytes > BUFFERED_BYTES) {
        this.#blocked = true;
        break;
      }
      waiting.shift();
      if (command.state === SETTLED) continue;
      if (command.batch === undefined) writer.append(command.args);
      else for (const args of command.batch) writer.append(args);
      if (tap !== undefined) show(tap, command);
      command.state = WRITTEN;
      command.writtenAt = now;
      if (this.#owed.length === 0) {
        this.#expect(command);
        this.#timer.by(now + this.#options.silenceTimeoutMs);
      }
      this.#owed.push(command);
      if (writer.pendingBytes >= WRITE_BYTES) this.#write();
    }
    this.#write();
    // The socket may have taken all at once, and then no 'drain' is to come.
    if (this.#blocked && this.#socket.writableLength === 0) process.nextTick(this.#flush);
  };

  #write(): void {
    const socket = this.#socket;
    const segments = this.#writer.take();
    if (segments.length > 1) socket.cork();
    for (const segment of segments) socket.write(segment);
    if (segments.length > 1) socket.uncork();
    if (socket.writableLength === 0) this.#writer.recycle();
  }

  /** The memory of a transient chunk is used again for the next. */
  #read(chunk: Buffer, transient: boolean): void {
    this.#readAt = performance.now();
    this.#bytesRead += chunk.length;
    this.#owner.latency?.turn(this.#readAt);
    this.tap?.received(transient ? Buffer.from(chunk) : chunk);
    try {
      this.#decoder.write(chunk, transient);
    } catch (error) {
      this.#doubt ??= error as Error;
    }
    if (this.#pushes.length > 0) this.#deliverPushes();
    if (this.#doubt !== undefined) this.destroy(this.#doubt);
    else if (this.#idleWaiters.length > 0 && this.idle) this.#wakeIdleWaiters();
  }

  /** Runs inside of the decoder: nothing here may call the user. */
  #takePush(push: RespPush): void {
    if (push.pushType === 'invalidate') this.#owner.onInvalidate?.(push, this);
    this.#pushes.push(push);
    const command = this.#owed.peek();
    if (command?.pushes === undefined || !command.pushes.confirm(push)) return;
    command.resolve(undefined);
    this.#next(command);
  }

  /** Runs inside of the decoder: nothing here may call the user. */
  #answer(value: BatchReply): void {
    if (this.#messages !== undefined) {
      const push = resp2Push(value);
      if (push !== undefined) {
        this.#takePush(push);
        return;
      }
      value = resp2Pong(value);
    }
    const command = this.#owed.peek();
    if (command === undefined) {
      this.#refuseReply('no reply, for no command was sent');
      if (value instanceof RedisError && this.#info === undefined) this.#doubt = value;
      return;
    }
    if (command.pushes !== undefined) {
      const answer = command.pushes.answer(value);
      if (answer === 'doubt') this.#refuseReply(`another reply to ${command.name}`);
      if (answer !== 'done') return;
      const { error } = command.pushes;
      if (error === undefined) command.resolve(undefined);
      else command.reject(new ReplyError(error, command.name));
    } else if (command.state === SETTLED) {
      if (--command.owed > 0) return;
    } else if (value instanceof RedisError && this.#refuse(command, value)) {
      // The owner has it, or it was rejected.
    } else if (!command.take(value)) return;
    else this.#owner.latency?.record((this.#readAt - command.writtenAt) * 1000);
    this.#next(command);
  }

  /** The oldest command has its answer. */
  #next(answered: Command): void {
    this.#proven = true;
    this.#answeredAt = answered.writtenAt;
    this.#owed.shift();
    const next = this.#owed.peek();
    if (next !== undefined) this.#expect(next);
  }

  /** Nobody can tell whose reply that was: nobody gets it, and the connection ends. */
  #refuseReply(expected: string): void {
    this.#doubt = new ProtocolError('INVALID_STRUCTURE', this.#bytesRead, expected);
    this.#decoder.reset();
  }

  /** False when the error is only one of a batch's replies. */
  #refuse(command: Command, error: RedisError): boolean {
    if (forcesNewDial(error.code)) this.#owner.onDemoted?.(this, error);
    if (command.batch !== undefined) return false;
    if (this.#owner.onRefused?.(this, command, error) !== true)
      command.reject(new ReplyError(error, command.name));
    return true;
  }

  /** The next reply is this command's: it comes in the form that its caller wants. */
  #expect(command: Command): void {
    this.#decoder.replies = this.#messages ?? command.settings.replies;
    this.#decoder.maps = command.settings.maps;
  }

  #deliverPushes(): void {
    const pushes = this.#pushes;
    this.#pushes = [];
    for (const push of pushes) this.#owner.onPush?.(push, this);
  }

  /** One look for all deadlines and for the watchdog. Returns when to look again. */
  #sweep(now: number): number {
    const diagnose = (): TimeoutDiagnosis =>
      diagnosisOf(
        this.#blocked ? 'ready, but the server reads slowly' : 'ready',
        this.queued,
        this,
        this.#owner.latency,
      );
    const next = Math.min(expire(this.#waiting, now, diagnose), expire(this.#owed, now, diagnose));
    return Math.min(next, this.#watch(now));
  }

  /** Finds a peer that is gone without a word. Returns when to look again. */
  #watch(now: number): number {
    // Who does not read cannot find the other side silent.
    if (this.#paused) return Number.POSITIVE_INFINITY;
    const facts = { oldest: this.#owed.peek(), readAt: this.#readAt };
    const { peer, lookAt } = judgePeer(facts, now, this.#options);
    if (peer === 'ask') this.exchange([['PING']]).catch(() => undefined);
    if (peer === 'gone') {
      const ms = this.#options.silenceTimeoutMs;
      const cause = new Error(`nothing was read for ${ms} ms while replies were owed`);
      this.destroy(cause);
      this.#owner.onSilence?.(cause);
    }
    return lookAt;
  }

  #wakeIdleWaiters(): void {
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const wake of waiters) wake();
  }
}

function timeoutSignal(ms: number): AbortSignal {
  return ms === Number.POSITIVE_INFINITY ? new AbortController().signal : AbortSignal.timeout(ms);
}

function show(tap: ConnectionTap, { args, batch }: Command): void {
  for (const each of batch ?? [args]) tap.sent(each);
}

function isLive(command: Command): boolean {
  return command.state !== SETTLED;
}

function lost(command: Command, cause: Error): Error {
  const written = command.state !== WAITING;
  const details = { maybeExecuted: written, phase: written ? 'written' : 'queued', cause } as const;
  if (cause instanceof ClosedError) return new ClosedError('client', details);
  return new ConnectionLostError({ ...details, command: command.name });
}
