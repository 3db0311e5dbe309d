import { Connection } from '../connection.js';
import type { EventFeed } from '../event-feed.js';
import {
  ChannelClosedException,
  InvalidChannelException,
  InvalidListenerException,
  NoMessagesException,
} from '../exceptions.js';
import type { NodeResponse } from '../http/node-sink.js';
import type { NodeRequest } from '../http/sse-request.js';
import { type MessageQueueListener, PersistableListener } from '../listener.js';
import type { AnyMessage, MessageContract } from '../message/message.js';
import { toFields } from '../message/message-fields.js';
import { pushToAll } from '../queue/push-to-all.js';
import type { Queue } from '../queue/queue.js';
import type { ConnectionRepositoryInterface } from '../repository/connection-repository.js';
import type { RedisConnectionsRepository } from '../repository/redis-connections-repository.js';
import type { SessionEnd } from '../session/session-end.js';
import type { SessionRequestOptions, SseSessions } from '../session/sse-sessions.js';
import { ask } from '../store/ask.js';
import type { ChannelStore } from '../store/channel-store.js';
import { Audience } from './audience.js';
import type {
  BroadcastOptions,
  ChannelDict,
  DispatchOptions,
  MessageStreamOptions,
} from './channel-calls.js';
import { ChannelCounters, type SSEChannelStats } from './channel-counters.js';
import { ChannelFeed } from './channel-feed.js';
import {
  checkDelay,
  checkRetry,
  type DeliveryMode,
  resolveChannelOptions,
  type SSEChannelOptions,
} from './channel-options.js';
import { ChannelReader, type ReadingContext } from './channel-reader.js';
import { EventWriter } from './event-writer.js';
import { KnownListeners } from './known-listeners.js';
import { MessageStream, type StreamSource } from './message-stream.js';
import { nextMessage } from './next-message.js';
import type { ServerSentEvent } from './server-sent-event.js';

/**
 * A channel of server-sent events. Any number of processes may have it: each can send to each listener, wherever that
 * is served. With a log (the default), a message is stored before `dispatch` or `broadcast` resolves, and clients that come back with
 * the id of their last event get what they have missed, in order and once, or a `reset`.
 *
 * @example
 * const channel = new SSEChannel({ channelId: 'news', driver: 'redis://127.0.0.1:6379' });
 * createServer((req, res) => void channel.pipe(req, res)).listen(8080);
 * await channel.broadcast(new Message('headline', { text: 'Hello' }));
 */
export class SSEChannel implements AsyncDisposable {
  readonly id: string;
  readonly delivery: DeliveryMode;
  /** What serves its HTTP responses. */
  readonly sessions: SseSessions;
  /** Its events for `SseSessions`: what `pipe` and `toResponse` read. */
  readonly feed: EventFeed;
  readonly #repository: ConnectionRepositoryInterface;
  readonly #ownRepository: RedisConnectionsRepository | undefined;
  readonly #ownsSessions: boolean;
  readonly #store: ChannelStore | undefined;
  readonly #connections: Map<string, Connection> = new Map();
  readonly #counters: ChannelCounters = new ChannelCounters();
  readonly #readers: Set<ChannelReader> = new Set();
  readonly #audience: Audience | undefined;
  readonly #known: KnownListeners;
  readonly #writer: EventWriter;
  #streamDelaySeconds: number;
  #retryTimeoutMilliseconds: number;
  #closed: Promise<void> | undefined;

  /** @throws InvalidOptionError (`INVALID_OPTION`) */
  constructor(options: SSEChannelOptions = {}) {
    const resolved = resolveChannelOptions(options);
    this.id = resolved.channelId;
    this.delivery = resolved.delivery;
    this.sessions = resolved.sessions;
    this.#repository = resolved.repository;
    this.#ownRepository = resolved.ownRepository;
    this.#ownsSessions = resolved.ownsSessions;
    this.#streamDelaySeconds = resolved.streamDelaySeconds;
    this.#retryTimeoutMilliseconds = resolved.retryTimeoutMilliseconds;
    this.#store = this.#repository.store?.(this.id);
    const directory = this.#store?.directory;
    this.#audience = directory === undefined ? undefined : new Audience(this.id, directory);
    this.#known = new KnownListeners(directory);
    this.#writer = new EventWriter(this.id, resolved.payloadAdapter, this.#counters);
    this.feed = new ChannelFeed(this.id, () => this.#reading(), this.#writer);
  }

  /** Its id. */
  get kvKey(): string {
    return this.id;
  }

  /** A copy with Python's names. */
  get kvValueAsDict(): ChannelDict {
    return Object.freeze({
      channel_id: this.id,
      stream_delay_seconds: this.#streamDelaySeconds,
      retry_timeout_milliseconds: this.#retryTimeoutMilliseconds,
    });
  }

  /** Pause of a message stream behind each event, in seconds. */
  get streamDelaySeconds(): number {
    return this.#streamDelaySeconds;
  }

  /** How long clients wait before they reconnect, in ms. */
  get retryTimeoutMilliseconds(): number {
    return this.#retryTimeoutMilliseconds;
  }

  /** Takes over stored values, and loads this channel's listeners. @throws InvalidOptionError, RepositoryError */
  async setupByDict(setup: Readonly<Record<string, unknown>>): Promise<void> {
    const { stream_delay_seconds: delay, retry_timeout_milliseconds: retry } = setup;
    this.#streamDelaySeconds = checkDelay(delay);
    this.#retryTimeoutMilliseconds = checkRetry(retry);
    await this.loadPersistedData();
  }

  /** Makes this process know the listeners that were persisted. Sending needs no such call. @throws RepositoryError */
  async loadPersistedData(): Promise<void> {
    for await (const { listener, queue } of this.#repository.load(this.id)) {
      if (!this.#connections.has(listener.id)) this.registerConnection(listener, queue);
    }
  }

  /** A new listener, registered and persisted, not started. @throws RepositoryError */
  async addListener(): Promise<PersistableListener> {
    const listener = new PersistableListener();
    await this.registerListener(listener);
    return listener;
  }

  /** From now on messages for it are kept, in all processes. @throws RepositoryError */
  async registerListener(listener: MessageQueueListener): Promise<void> {
    this.#assertOpen();
    const connection = new Connection(listener, this.#repository.createQueue(listener.id));
    await this.#repository.persist(this.id, connection);
    this.#connections.set(listener.id, connection);
    this.#known.add(listener.id);
  }

  /** Makes this process know a listener, and stores nothing. */
  registerConnection(listener: MessageQueueListener, queue: Queue): void {
    this.#assertOpen();
    this.#connections.set(listener.id, new Connection(listener, queue));
  }

  /**
   * Forgets a listener, with what waits for it, in all processes. Its open responses end; its clients are answered by 204 for
   * a day (`stopTtlMs`), so that they do not come back.
   *
   * @throws InvalidListenerException when nobody knows it; RepositoryError
   */
  async removeListener(id: string): Promise<void> {
    await this.#assertKnown(id);
    await this.#repository.delete(this.id, id);
    this.#connections.get(id)?.listener.stop();
    this.#connections.delete(id);
    this.#known.forget(id);
  }

  /** @throws InvalidListenerException when this process does not know it: see `loadPersistedData` */
  getListener(id: string): MessageQueueListener {
    const connection = this.#connections.get(id);
    if (connection === undefined) throw unknown(id, 'this process: call loadPersistedData() first');
    return connection.listener;
  }

  /**
   * Sends a message to one listener, wherever that is served. It is stored when this resolves.
   *
   * @returns the id of the event; `undefined` with queues
   * @throws InvalidListenerException when nobody has registered the listener, and it has never opened a response;
   * InvalidMessageFormat; RepositoryError: with `maybeExecuted`, try again with the same idempotency key
   */
  async dispatch(
    listenerId: string,
    message: MessageContract,
    options: DispatchOptions = {},
  ): Promise<string | undefined> {
    const fields = toFields(message);
    await this.#assertKnown(listenerId);
    this.#counters.dispatched++;
    if (this.delivery === 'log') return this.#append(fields, { ...options, target: listenerId });
    await this.#queueOf(listenerId).push(message);
    return undefined;
  }

  /**
   * Sends a message to all listeners: with a log in one step, whatever their number, also to those who come later with an
   * older id. With queues it is pushed to each of those that are known now, and a failure keeps it from nobody else.
   *
   * @returns the id of the event; `undefined` with queues
   * @throws InvalidMessageFormat; RepositoryError
   */
  async broadcast(message: MessageContract, options: BroadcastOptions = {}): Promise<string | undefined> {
    this.#assertOpen();
    const fields = toFields(message);
    this.#counters.broadcasts++;
    if (this.delivery === 'log') return this.#append(fields, options);
    const ids = new Set(this.#connections.keys());
    const rows = (await this.#store?.directory.list(() => undefined)) ?? [];
    for (const { id } of rows) ids.add(id);
    if (options.exclude !== undefined) ids.delete(options.exclude);
    await pushToAll(
      Array.from(ids, (id) => this.#queueOf(id)),
      message,
    );
    return undefined;
  }

  /**
   * Delivers a listener's next message here and now. Of several processes that do this with a log, each may get the same
   * message; with queues only one of them.
   *
   * @throws NoMessagesException when there is none, or the listener is not running; InvalidListenerException when this process
   * does not know it; InvalidMessageFormat; RepositoryError; what `onMessage` throws
   */
  async deliverNext(listenerId: string): Promise<AnyMessage> {
    this.#assertOpen();
    const listener = this.getListener(listenerId);
    if (!listener.isRunning) throw new NoMessagesException(`listener ${listenerId} is not running`);
    const message =
      this.delivery === 'pop'
        ? await this.#queueOf(listenerId).pop({ timeoutMs: 0 })
        : await ask('reading a channel', () =>
            nextMessage(listenerId, {
              ...this.#reading(),
              directory: this.#directory(),
              writer: this.#writer,
            }),
          );
    this.#counters.delivered++;
    listener.onMessage(message);
    return message;
  }

  /**
   * A listener's events, from where it was, or behind `lastEventId`, for as long as it is running. Something may be missing
   * behind a `reset` event. For a listener that nobody knows it gives one `error` event, and ends.
   */
  messageStream(
    listener: MessageQueueListener,
    { signal, lastEventId, from = 'now', policy = 'take-over' }: MessageStreamOptions = {},
  ): AsyncIterator<ServerSentEvent, undefined> & AsyncIterableIterator<ServerSentEvent> {
    const source: StreamSource = {
      listener,
      writer: this.#writer,
      signal,
      retryMs: this.#retryTimeoutMilliseconds,
      delaySeconds: this.#streamDelaySeconds,
      isKnown: () => this.#isKnown(listener.id),
    };
    if (this.delivery === 'pop') {
      const onDelivered = (): void => {
        this.#counters.delivered++;
      };
      return new MessageStream(source, { mode: 'pop', queue: this.#queueOf(listener.id), onDelivered });
    }
    return new MessageStream(source, {
      mode: 'log',
      open: (onReadable) =>
        new ChannelReader(this.#reading(), {
          cursor: lastEventId,
          from,
          listener: listener.id,
          policy,
          onReadable,
        }),
    });
  }

  /** Adds a listener, starts it, and gives its events. The listener is removed at the end. */
  async *watch(options: MessageStreamOptions = {}): AsyncGenerator<ServerSentEvent, undefined> {
    const listener = await this.addListener();
    listener.start();
    try {
      yield* this.messageStream(listener, options);
    } finally {
      await this.removeListener(listener.id);
    }
    return undefined;
  }

  /** What a message becomes for clients. */
  adapt(message: MessageContract): { event: string; retry: number; data: string } {
    const data = this.#writer.dataOf(message);
    return { event: message.type, retry: this.#retryTimeoutMilliseconds, data };
  }

  /**
   * Nothing more comes for this listener, or for anybody: open responses end, in all processes, and clients that come back
   * are told by 204 to stay away, for a day (`stopTtlMs`). What is in the log stays.
   */
  async end(listenerId?: string): Promise<void> {
    await ask('ending a channel', () => this.#directory().stop(listenerId));
  }

  /** Takes back `end`. */
  async reopen(listenerId?: string): Promise<void> {
    await ask('reopening a channel', () => this.#directory().resume(listenerId));
  }

  /**
   * Listeners that have an open response or stream in some process. One whose process has died counts for up to a minute
   * (`presenceMs`). By a script, as the server's clock decides: a user who may only read needs EVAL as well.
   */
  async presence(): Promise<string[]> {
    return ask('asking who is present', () => this.#directory().present());
  }

  /** The id of the last event: who begins behind it misses nothing from now on. */
  async position(): Promise<string> {
    return ask('asking for a position', () => this.#reading().log.position());
  }

  /**
   * Answers a request of `node:http` or `node:http2` with the channel's events: see {@link SseSessions.pipe}.
   *
   * @returns when the response is over: why
   */
  pipe(req: NodeRequest, res: NodeResponse, options: SessionRequestOptions = {}): Promise<SessionEnd> {
    return this.sessions.pipe(this.feed, req, res, options);
  }

  /** Answers a request of a Fetch-style server: see {@link SseSessions.toResponse}. */
  toResponse(request: Request, options: SessionRequestOptions = {}): Promise<Response> {
    return this.sessions.toResponse(this.feed, request, options);
  }

  stats(): SSEChannelStats {
    let lag = 0;
    for (const { behind } of this.#readers) lag = Math.max(lag, behind);
    return {
      ...this.#counters,
      channel: this.id,
      listeners: this.#connections.size,
      readers: this.#readers.size,
      lag,
      sessions: this.sessions.stats(),
    };
  }

  /**
   * Ends its responses and streams here, writes down how far listeners have come, and closes what was opened for it. Nothing is
   * removed.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    if (this.#ownsSessions) await this.sessions.drain();
    for (const reader of [...this.#readers]) reader.fail(new ChannelClosedException(this.id));
    await this.#audience?.close();
    await this.#ownRepository?.close();
  }

  async #append(
    fields: ReturnType<typeof toFields>,
    options: BroadcastOptions & { readonly target?: string },
  ): Promise<string> {
    const { log } = this.#reading();
    const { position } = await ask('appending to a channel', () => log.append({ ...fields }, options));
    return position;
  }

  #queueOf(listenerId: string): Queue {
    return this.#connections.get(listenerId)?.queue ?? this.#repository.createQueue(listenerId);
  }

  async #isKnown(id: string): Promise<boolean> {
    if (this.#connections.has(id)) return true;
    return ask('asking for a listener', () => this.#known.has(id));
  }

  async #assertKnown(id: string): Promise<void> {
    this.#assertOpen();
    if (!(await this.#isKnown(id))) throw unknown(id, `channel ${this.id}: register it first`);
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw new ChannelClosedException(this.id);
  }

  #reading(): ReadingContext {
    this.#assertOpen();
    if (this.delivery === 'pop' || this.#store === undefined || this.#audience === undefined) {
      throw new InvalidChannelException(
        `channel ${this.id} delivers through queues, which cannot be resumed by id: use messageStream(), or delivery: 'log'`,
      );
    }
    return {
      channelId: this.id,
      log: this.#store.log,
      audience: this.#audience,
      counters: this.#counters,
      readers: this.#readers,
    };
  }

  #directory(): ChannelStore['directory'] {
    this.#assertOpen();
    if (this.#store !== undefined) return this.#store.directory;
    throw new InvalidChannelException(`the repository of channel ${this.id} keeps nothing of the kind`);
  }
}

function unknown(id: string, where: string): InvalidListenerException {
  return new InvalidListenerException(`listener ${id} is not known to ${where}`);
}
