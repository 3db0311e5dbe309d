// The API of @redlane/sse-persistence, written by "pnpm api:update".
import { AppendOptions } from '@redlane/client/stream-log';
import { Appended } from '@redlane/client/stream-log';
import { Buffer } from 'node:buffer';
import { DriverSource } from '@redlane/client/driver';
import { Http2ServerRequest } from 'node:http2';
import { Http2ServerResponse } from 'node:http2';
import { IncomingMessage } from 'node:http';
import { LogData } from '@redlane/client/stream-log';
import { LogEvent } from '@redlane/client/stream-log';
import { LogPage } from '@redlane/client/stream-log';
import { OpenOptions } from '@redlane/client/stream-log';
import { ReadOptions } from '@redlane/client/stream-log';
import { RedisDriver } from '@redlane/client';
import { ResetReason } from '@redlane/client/stream-log';
import { ServerResponse } from 'node:http';
import { StreamLog } from '@redlane/client/stream-log';
import { StreamLogKeys } from '@redlane/client/stream-log';
import { StreamLogOptions } from '@redlane/client/stream-log';
declare abstract class AbstractRedisQueue implements PersistableQueue, AsyncDisposable {
    #private;
    abstract readonly queueType: QueueType;
    protected readonly options: ResolvedQueueOptions;
    constructor(listenerId: string, ...where: StoreArguments<QueueOptions>);
    get kvKey(): string;
    get kvValueAsDict(): QueueDict;
    setupByDict(setup: Readonly<Record<string, unknown>>): void;
    abstract push(message: MessageContract): Promise<void>;
    abstract pop(options?: WaitOptions): Promise<AnyMessage>;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
    protected get driver(): RedisDriver;
    protected get key(): string;
    protected get deadKey(): string;
}
type Admission = {
    readonly type: 'admitted';
    readonly position: string | undefined;
} | {
    readonly type: 'busy';
} | {
    readonly type: 'stopped';
};
type AnyMessage = Message | SignedMessage | UniqueMessage;
interface BadRecord {
    readonly channelId: string;
    readonly listenerId?: string | undefined;
}
declare class BlockingRedisQueue extends RedisQueue implements AsyncIterable<AnyMessage> {
    readonly queueType: QueueType;
    pop({ timeoutMs, signal, }?: WaitOptions): Promise<AnyMessage>;
    messages({ signal }?: Pick<WaitOptions, 'signal'>): AsyncGenerator<AnyMessage, never>;
    [Symbol.asyncIterator](): AsyncGenerator<AnyMessage, never>;
}
interface BroadcastOptions extends DispatchOptions {
    readonly exclude?: string | undefined;
}
declare class ChannelClosedException extends SSEException {
    readonly name: string;
    readonly code: 'CLOSED';
    constructor(channelId: string);
}
declare class ChannelCounters {
    dispatched: number;
    broadcasts: number;
    delivered: number;
    replays: number;
    resets: number;
    takenOver: number;
    refused: number;
    undecodable: number;
}
interface ChannelDict {
    readonly channel_id: string;
    readonly stream_delay_seconds: number;
    readonly retry_timeout_milliseconds: number;
}
declare class ChannelIndex {
    #private;
    constructor(driver: RedisDriver, ttlMs: number);
    used(channelId: string): void;
    persisted(channelId: string): Promise<void>;
    removed(channelId: string): Promise<void>;
    ids(): Promise<string[]>;
}
interface ChannelKeys {
    readonly log: StreamLogKeys;
    readonly listeners: string;
    readonly pos: string;
    readonly seen: string;
    readonly who: string;
    readonly stopped: string;
    readonly control: string;
}
interface ChannelLog {
    append(data: LogData, options?: AppendOptions): Promise<Appended>;
    open(cursor?: string, options?: OpenOptions): LogTail;
    read(cursor?: string, options?: ReadOptions): Promise<LogPage<string>>;
    position(): Promise<string>;
    remove(): Promise<void>;
}
type ChannelLogOptions = Omit<StreamLogOptions<'string'>, 'keys' | 'replies'>;
interface ChannelRepositoryInterface {
    load(): AsyncIterable<SSEChannel>;
    persist(channel: SSEChannel): Promise<void>;
    delete(key: string): Promise<void>;
    deleteListener(channelId: string, listenerId: string): Promise<void>;
}
interface ChannelRepositoryOptions extends ConnectionsRepositoryOptions {
    readonly channel?: Omit<SSEChannelOptions, 'channelId' | 'connectionsRepository' | 'driver' | 'repository' | 'streamDelaySeconds' | 'retryTimeoutMilliseconds'> | undefined;
}
interface ChannelStore {
    readonly log: ChannelLog;
    readonly directory: ListenerDirectory;
}
declare class Connection {
    readonly listener: MessageQueueListener;
    readonly queue: Queue;
    constructor(listener: MessageQueueListener, queue: Queue);
}
interface ConnectionRepositoryInterface {
    createQueue(listenerId: string): Queue;
    loadAll(): AsyncIterable<Connection>;
    load(channelId: string): AsyncIterable<Connection>;
    persist(channelId: string, connection: Connection): Promise<void>;
    delete(channelId: string, listenerId: string): Promise<void>;
    store?(channelId: string): ChannelStore;
}
interface ConnectionsRepositoryOptions {
    readonly queueType?: QueueType | undefined;
    readonly queue?: QueueOptions | undefined;
    readonly log?: ChannelLogOptions | undefined;
    readonly listenerTtlMs?: number | undefined;
    readonly presenceMs?: number | undefined;
    readonly stopTtlMs?: number | undefined;
    readonly onError?: ((error: Error, record: BadRecord) => void) | undefined;
    readonly strict?: boolean | undefined;
}
type DeliveryMode = 'log' | 'pop';
interface DirectoryOptions {
    readonly listenerTtlMs: number;
    readonly presenceMs: number;
    readonly stopTtlMs: number;
}
interface DispatchOptions {
    readonly idempotencyKey?: string | undefined;
    readonly signal?: AbortSignal | undefined;
}
interface DrainOptions {
    readonly spreadMs?: number | undefined;
}
interface EventFeed {
    readonly id: string;
    open(options: FeedOpenOptions): FeedReader;
}
declare class EventFrame {
    readonly chunk: Buffer;
    readonly bytes: Buffer;
    private constructor();
    static of(fields: Frame): EventFrame;
    static join(frames: readonly EventFrame[]): EventFrame;
}
interface EventReplay<Message> {
    send(eventId: string, message: Message): Promise<void>;
}
type FeedItem = {
    readonly type: 'open';
    readonly position: string;
} | {
    readonly type: 'reset';
    readonly position: string;
    readonly reason: string;
} | {
    readonly type: 'event';
    readonly frame: EventFrame;
} | {
    readonly type: 'busy';
} | {
    readonly type: 'taken-over';
} | {
    readonly type: 'stopped';
};
interface FeedOpenOptions {
    readonly cursor: string | undefined;
    readonly from: 'now' | 'start';
    readonly listener: string | undefined;
    readonly policy: ListenerPolicy;
    readonly onReadable: () => void;
}
interface FeedReader {
    read(): FeedItem | undefined;
    close(): void;
}
interface Frame {
    readonly id?: string | undefined;
    readonly event?: string | undefined;
    readonly data?: string | undefined;
    readonly retry?: number | undefined;
    readonly comment?: string | undefined;
}
declare class InvalidChannelException extends SSEException {
    readonly name: string;
    readonly code: 'INVALID_CHANNEL';
    constructor(message: string, cause?: unknown);
}
declare class InvalidListenerException extends SSEException {
    readonly name: string;
    readonly code: 'INVALID_LISTENER';
    constructor(message: string, cause?: unknown);
}
declare class InvalidMessageFormat extends SSEException {
    readonly name: string;
    readonly code: 'INVALID_MESSAGE_FORMAT';
    readonly raw: Uint8Array | undefined;
    constructor(message: string, cause?: unknown, raw?: Uint8Array);
}
interface ListenerDirectory {
    register(row: ListenerRow, position: string | undefined): Promise<void>;
    remove(listener: string): Promise<void>;
    has(listener: string): Promise<boolean>;
    list(onBad: (listener: string, error: Error) => void): Promise<ListenerRow[]>;
    present(): Promise<string[]>;
    position(listener: string): Promise<string | undefined>;
    savePositions(positions: ReadonlyMap<string, string>): Promise<void>;
    admit(listener: string | undefined, policy: ListenerPolicy): Promise<Admission>;
    touch(listeners: readonly Touch[]): Promise<Touched>;
    release(listeners: readonly string[]): Promise<void>;
    stop(listener: string | undefined): Promise<void>;
    resume(listener: string | undefined): Promise<void>;
    watch(onSignal: (signal: Signal) => void): Promise<AsyncDisposable>;
    clear(): Promise<void>;
}
type ListenerPolicy = 'take-over' | 'refuse' | 'share';
interface ListenerRow {
    readonly id: string;
    readonly createdAt: number;
    readonly queueType: QueueType;
}
interface LoadOptions {
    readonly discover?: boolean | undefined;
}
interface LogTail {
    readonly behind: number;
    read(): LogEvent<string> | undefined;
    close(): void;
}
declare class MemoryConnectionsRepository implements ConnectionRepositoryInterface {
    #private;
    constructor({ historySize }?: MemoryRepositoryOptions);
    createQueue(listenerId: string): MemoryQueue;
    loadAll(): AsyncGenerator<Connection, void>;
    load(channelId: string): AsyncGenerator<Connection, void>;
    persist(channelId: string, { listener }: Connection): Promise<void>;
    delete(channelId: string, listenerId: string): Promise<void>;
    store(channelId: string): ChannelStore;
}
declare class MemoryQueue implements Queue {
    #private;
    pop(_options?: WaitOptions): Promise<AnyMessage>;
    push(message: MessageContract): Promise<void>;
    watch(wake: () => void): Promise<AsyncDisposable>;
}
interface MemoryRepositoryOptions {
    readonly historySize?: number | undefined;
}
declare class MemorySSEChannelRepository implements ChannelRepositoryInterface {
    #private;
    readonly connectionsRepository: MemoryConnectionsRepository;
    constructor(options?: MemoryRepositoryOptions);
    load(): AsyncGenerator<SSEChannel, void>;
    persist(channel: SSEChannel): Promise<void>;
    delete(key: string): Promise<void>;
    deleteListener(channelId: string, listenerId: string): Promise<void>;
}
declare class Message implements MessageContract {
    readonly kind: "message";
    readonly type: string;
    readonly payload: unknown;
    constructor(type: string, payload?: unknown);
}
interface MessageContract {
    readonly type: string;
    readonly payload: unknown;
    readonly id?: string | undefined;
    readonly senderId?: string | undefined;
}
declare class MessageQueueListener {
    #private;
    readonly id: string;
    constructor(id?: string);
    get isRunning(): boolean;
    start(): void;
    stop(): void;
    onMessage(_message: MessageContract): void;
    onceStopped(tell: () => void): () => void;
}
interface MessageStreamOptions {
    readonly signal?: AbortSignal | undefined;
    readonly lastEventId?: string | undefined;
    readonly from?: 'now' | 'start' | undefined;
    readonly policy?: ListenerPolicy | undefined;
}
declare class NoMessagesException extends SSEException {
    readonly name: string;
    readonly code: 'NO_MESSAGES';
    constructor(message: string);
}
type NodeRequest = IncomingMessage | Http2ServerRequest;
type NodeResponse = ServerResponse | Http2ServerResponse;
type PayloadAdapter = (payload: unknown, message: MessageContract) => string;
declare class PersistableListener extends MessageQueueListener {
    get kvKey(): string;
    get kvValueAsDict(): Readonly<{
        id: string;
    }>;
}
interface PersistableQueue extends Queue {
    readonly kvKey: string;
    readonly kvValueAsDict: Readonly<Record<string, unknown>>;
    setupByDict(setup: Readonly<Record<string, unknown>>): void;
}
interface Queue {
    pop(options?: WaitOptions): Promise<AnyMessage>;
    push(message: MessageContract): Promise<void>;
    watch?(wake: () => void): Promise<AsyncDisposable>;
    readonly queueType?: QueueType | undefined;
}
type QueueDict = Readonly<{
    listener_id: string;
} & Partial<ServerAddress>>;
interface QueueOptions {
    readonly maxLength?: number | undefined;
    readonly ttlMs?: number | undefined;
    readonly maxDeadLetters?: number | undefined;
}
type QueueType = 'plain' | 'blocking';
declare class RedisChannelStore implements ChannelStore {
    readonly log: StreamLog<'string'>;
    readonly directory: RedisDirectory;
    constructor(driver: RedisDriver, channelId: string, { log, directory }: {
        readonly log: ChannelLogOptions;
        readonly directory: DirectoryOptions;
    });
}
declare class RedisConnectionsRepository implements ConnectionRepositoryInterface, AsyncDisposable {
    #private;
    readonly index: ChannelIndex;
    constructor(...where: StoreArguments<ConnectionsRepositoryOptions>);
    createQueue(listenerId: string, queueType?: QueueType): RedisQueue;
    loadAll(): AsyncGenerator<Connection, void>;
    load(channelId: string): AsyncGenerator<Connection, void>;
    persist(channelId: string, { listener, queue }: Connection): Promise<void>;
    delete(channelId: string, listenerId: string): Promise<void>;
    store(channelId: string): RedisChannelStore;
    deleteQueue(listenerId: string): Promise<void>;
    get opened(): Store;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
declare class RedisDirectory implements ListenerDirectory {
    #private;
    constructor(driver: RedisDriver, keys: ChannelKeys, options: DirectoryOptions);
    register(row: ListenerRow, position: string | undefined): Promise<void>;
    remove(listener: string): Promise<void>;
    has(listener: string): Promise<boolean>;
    list(onBad: (listener: string, error: Error) => void): Promise<ListenerRow[]>;
    present(): Promise<string[]>;
    position(listener: string): Promise<string | undefined>;
    savePositions(positions: ReadonlyMap<string, string>): Promise<void>;
    admit(listener: string | undefined, policy: ListenerPolicy): Promise<Admission>;
    touch(listeners: readonly Touch[]): Promise<Touched>;
    release(listeners: readonly string[]): Promise<void>;
    stop(listener: string | undefined): Promise<void>;
    resume(listener: string | undefined): Promise<void>;
    watch(onSignal: (signal: Signal) => void): Promise<AsyncDisposable>;
    clear(): Promise<void>;
}
declare class RedisEventStore<Message extends object = object> implements AsyncDisposable {
    #private;
    constructor(source: DriverSource, { session, size, ageMs, prefix }: RedisEventStoreOptions);
    storeEvent(streamId: string, message: Message): Promise<string>;
    getStreamIdForEventId(eventId: string): Promise<string | undefined>;
    replayEventsAfter(lastEventId: string, { send }: EventReplay<Message>): Promise<string>;
    remove(): Promise<void>;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
interface RedisEventStoreOptions {
    readonly session: string;
    readonly size?: number | undefined;
    readonly ageMs?: number | undefined;
    readonly prefix?: string | undefined;
}
declare class RedisQueue extends AbstractRedisQueue {
    #private;
    readonly queueType: QueueType;
    push(message: MessageContract): Promise<void>;
    pop(_options?: WaitOptions): Promise<AnyMessage>;
    tryPop(): Promise<AnyMessage | undefined>;
    length(): Promise<number>;
    deadLetters(count?: number): Promise<Uint8Array[]>;
    clear(): Promise<void>;
    watch(wake: () => void): Promise<AsyncDisposable>;
}
declare class RedisSSEChannelRepository implements ChannelRepositoryInterface, AsyncDisposable {
    #private;
    readonly connectionsRepository: RedisConnectionsRepository;
    constructor(...where: StoreArguments<ChannelRepositoryOptions>);
    load({ discover }?: LoadOptions): AsyncGenerator<SSEChannel, void>;
    persist(channel: SSEChannel): Promise<void>;
    delete(key: string): Promise<void>;
    deleteListener(channelId: string, listenerId: string): Promise<void>;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
declare class RepositoryError extends SSEException {
    readonly name: string;
    readonly code: 'REPOSITORY_ERROR';
    readonly maybeExecuted: boolean;
    constructor(what: string, cause: unknown);
}
type ResolvedQueueOptions = {
    readonly [Name in keyof QueueOptions]-?: number;
};
declare class SSEChannel implements AsyncDisposable {
    #private;
    readonly id: string;
    readonly delivery: DeliveryMode;
    readonly sessions: SseSessions;
    readonly feed: EventFeed;
    constructor(options?: SSEChannelOptions);
    get kvKey(): string;
    get kvValueAsDict(): ChannelDict;
    get streamDelaySeconds(): number;
    get retryTimeoutMilliseconds(): number;
    setupByDict(setup: Readonly<Record<string, unknown>>): Promise<void>;
    loadPersistedData(): Promise<void>;
    addListener(): Promise<PersistableListener>;
    registerListener(listener: MessageQueueListener): Promise<void>;
    registerConnection(listener: MessageQueueListener, queue: Queue): void;
    removeListener(id: string): Promise<void>;
    getListener(id: string): MessageQueueListener;
    dispatch(listenerId: string, message: MessageContract, options?: DispatchOptions): Promise<string | undefined>;
    broadcast(message: MessageContract, options?: BroadcastOptions): Promise<string | undefined>;
    deliverNext(listenerId: string): Promise<AnyMessage>;
    messageStream(listener: MessageQueueListener, { signal, lastEventId, from, policy }?: MessageStreamOptions): AsyncIterator<ServerSentEvent, undefined> & AsyncIterableIterator<ServerSentEvent>;
    watch(options?: MessageStreamOptions): AsyncGenerator<ServerSentEvent, undefined>;
    adapt(message: MessageContract): {
        event: string;
        retry: number;
        data: string;
    };
    end(listenerId?: string): Promise<void>;
    reopen(listenerId?: string): Promise<void>;
    presence(): Promise<string[]>;
    position(): Promise<string>;
    pipe(req: NodeRequest, res: NodeResponse, options?: SessionRequestOptions): Promise<SessionEnd>;
    toResponse(request: Request, options?: SessionRequestOptions): Promise<Response>;
    stats(): SSEChannelStats;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
interface SSEChannelOptions {
    readonly channelId?: string | undefined;
    readonly streamDelaySeconds?: number | undefined;
    readonly retryTimeoutMilliseconds?: number | undefined;
    readonly connectionsRepository?: ConnectionRepositoryInterface | undefined;
    readonly driver?: DriverSource | undefined;
    readonly repository?: ConnectionsRepositoryOptions | undefined;
    readonly delivery?: DeliveryMode | undefined;
    readonly payloadAdapter?: PayloadAdapter | undefined;
    readonly sessions?: SseSessions | SseSessionsOptions | undefined;
}
interface SSEChannelStats extends Readonly<ChannelCounters> {
    readonly channel: string;
    readonly listeners: number;
    readonly readers: number;
    readonly lag: number;
    readonly sessions: SseSessionsStats;
}
declare abstract class SSEException extends Error {
    readonly name: string;
    readonly code: SSEExceptionCode;
    constructor(code: SSEExceptionCode, message: string, cause?: unknown);
}
type SSEExceptionCode = 'INVALID_CHANNEL' | 'INVALID_LISTENER' | 'NO_MESSAGES' | 'INVALID_MESSAGE_FORMAT' | 'REPOSITORY_ERROR' | 'CLOSED';
interface ServerAddress {
    readonly host: string;
    readonly port: number;
    readonly db: number;
}
interface ServerSentEvent {
    readonly id?: string | undefined;
    readonly event: string;
    readonly data: string;
    readonly retry?: number | undefined;
    readonly message?: AnyMessage | undefined;
    readonly error?: unknown;
}
declare class SessionCounters {
    opened: number;
    delivered: number;
    replays: number;
    resets: number;
    drops: number;
    refusals: number;
    denials: number;
}
interface SessionEnd {
    readonly reason: SessionEndReason;
    readonly channel: string;
    readonly listener: string | undefined;
    readonly events: number;
    readonly bytes: number;
    readonly error?: unknown;
}
type SessionEndReason = 'client' | 'max-age' | 'expired' | 'slow' | 'stalled' | 'taken-over' | 'stopped' | 'drained' | 'failed' | 'refused' | 'denied';
interface SessionRequestOptions {
    readonly listener?: string | undefined;
    readonly from?: 'now' | 'start' | undefined;
    readonly signal?: AbortSignal | undefined;
}
type Signal = {
    readonly type: 'taken-over';
    readonly listener: string;
} | {
    readonly type: 'stopped';
    readonly listener: string | undefined;
} | {
    readonly type: 'gap';
};
declare class SignedMessage implements MessageContract {
    readonly kind: "signed";
    readonly senderId: string;
    readonly type: string;
    readonly payload: unknown;
    constructor(senderId: string, type: string, payload?: unknown);
}
type SseChannelEvent = {
    readonly event: 'reset';
    readonly channel: string;
    readonly listener: string | undefined;
    readonly reason: ResetReason;
} | {
    readonly event: 'taken-over';
    readonly channel: string;
    readonly listener: string;
} | {
    readonly event: 'stopped';
    readonly channel: string;
    readonly listener: string | undefined;
} | {
    readonly event: 'undecodable';
    readonly channel: string;
    readonly position: string;
    readonly error: unknown;
} | {
    readonly event: 'error';
    readonly channel: string;
    readonly error: unknown;
};
declare class SseError extends Error {
    readonly name = "SseError";
    readonly code: SseErrorCode;
    constructor(code: SseErrorCode, message: string);
}
type SseErrorCode = 'HEADERS_SENT' | 'EVENT_NOT_FOUND';
type SseQueueEvent = {
    readonly event: 'dropped';
    readonly listener: string;
    readonly count: number;
} | {
    readonly event: 'dead-letter';
    readonly listener: string;
};
interface SseRequest {
    readonly method: string;
    readonly url: string;
    readonly cursor: string | undefined;
    header(name: string): string | undefined;
    readonly raw: NodeRequest | Request;
}
type SseSessionEvent = {
    readonly event: 'opened';
    readonly channel: string;
    readonly listener: string | undefined;
} | ({
    readonly event: 'ended';
} & SessionEnd);
declare class SseSessions implements AsyncDisposable {
    #private;
    constructor(options?: SseSessionsOptions);
    pipe(feed: EventFeed, req: NodeRequest, res: NodeResponse, { listener, from, signal }?: SessionRequestOptions): Promise<SessionEnd>;
    toResponse(feed: EventFeed, request: Request, { listener, from, signal }?: SessionRequestOptions): Promise<Response>;
    stats(): SseSessionsStats;
    drain({ spreadMs }?: DrainOptions): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
interface SseSessionsOptions {
    readonly authorize?: ((request: SseRequest, channel: string) => Verdict | Promise<Verdict>) | undefined;
    readonly retryMs?: number | undefined;
    readonly heartbeatMs?: number | undefined;
    readonly maxAgeMs?: number | undefined;
    readonly maxQueuedBytes?: number | undefined;
    readonly stallTimeoutMs?: number | undefined;
    readonly maxSessions?: number | undefined;
    readonly listenerPolicy?: ListenerPolicy | undefined;
    readonly refusalRetryMs?: number | undefined;
    readonly openTimeoutMs?: number | undefined;
    readonly queryParameter?: string | undefined;
    readonly resetEvent?: string | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly onEnd?: ((end: SessionEnd) => void) | undefined;
}
interface SseSessionsStats extends Readonly<SessionCounters> {
    readonly open: number;
    readonly opening: number;
    readonly queuedBytes: number;
    readonly draining: boolean;
}
interface Store {
    readonly driver: RedisDriver;
    readonly address: ServerAddress | undefined;
    close(): Promise<void>;
}
type StoreArguments<Options> = readonly [
    host?: string,
    port?: number,
    db?: number,
    options?: Options
] | readonly [
    source: DriverSource,
    options?: Options
];
interface Touch {
    readonly listener: string;
    readonly isShared: boolean;
}
interface Touched {
    readonly takenOver: readonly string[];
    readonly stopped: readonly string[];
    readonly isOver: boolean;
}
declare class UniqueMessage implements MessageContract {
    readonly kind: "unique";
    readonly id: string;
    readonly type: string;
    readonly payload: unknown;
    readonly senderId: string | undefined;
    constructor(messageId: string, message: MessageContract, senderId?: string | undefined);
}
type Verdict = boolean | {
    readonly allow: true;
    readonly listener?: string | undefined;
    readonly expiresAt?: number | undefined;
} | {
    readonly allow: false;
    readonly status?: number | undefined;
};
interface WaitOptions {
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
}
export {
  AbstractRedisQueue,
  Admission,
  AnyMessage,
  BadRecord,
  BlockingRedisQueue,
  BroadcastOptions,
  ChannelClosedException,
  ChannelCounters,
  ChannelDict,
  ChannelLog,
  ChannelLogOptions,
  ChannelRepositoryInterface,
  ChannelRepositoryOptions,
  ChannelStore,
  Connection,
  ConnectionRepositoryInterface,
  ConnectionsRepositoryOptions,
  DeliveryMode,
  DispatchOptions,
  DrainOptions,
  EventFeed,
  EventFrame,
  EventReplay,
  FeedItem,
  FeedOpenOptions,
  FeedReader,
  InvalidChannelException,
  InvalidListenerException,
  InvalidMessageFormat,
  ListenerDirectory,
  ListenerPolicy,
  ListenerRow,
  LoadOptions,
  LogTail,
  MemoryConnectionsRepository,
  MemoryQueue,
  MemoryRepositoryOptions,
  MemorySSEChannelRepository,
  Message,
  MessageContract,
  MessageQueueListener,
  MessageStreamOptions,
  NoMessagesException,
  NodeRequest,
  NodeResponse,
  PayloadAdapter,
  PersistableListener,
  PersistableQueue,
  Queue,
  QueueDict,
  QueueOptions,
  QueueType,
  RedisConnectionsRepository,
  RedisEventStore,
  RedisEventStoreOptions,
  RedisQueue,
  RedisSSEChannelRepository,
  RepositoryError,
  SSEChannel,
  SSEChannelOptions,
  SSEChannelStats,
  SSEException,
  SSEExceptionCode,
  ServerAddress,
  ServerSentEvent,
  SessionEnd,
  SessionEndReason,
  SessionRequestOptions,
  Signal,
  SignedMessage,
  SseChannelEvent,
  SseError,
  SseErrorCode,
  SseQueueEvent,
  SseRequest,
  SseSessionEvent,
  SseSessions,
  SseSessionsOptions,
  SseSessionsStats,
  StoreArguments,
  Touch,
  Touched,
  UniqueMessage,
  Verdict,
  WaitOptions,
};
