// The API of @redlane/pubsub-manager, written by "pnpm api:update".
import { ClientOptions as ClientOptions$1 } from '@redlane/client';
import { Codec } from '@redlane/client/codec';
import { Commands } from '@redlane/client/commands';
import { ConnectionOptions } from 'node:tls';
import { DriverSource } from '@redlane/client';
import { HistoryOptions } from '@redlane/client/stream-log';
import { JsonValue } from '@redlane/client/codec';
import { RedisClient } from '@redlane/client';
import { RedisDriver } from '@redlane/client';
import { SchemaInput } from '@redlane/client/codec';
import { SchemaOutput } from '@redlane/client/codec';
import { StandardSchema } from '@redlane/client/codec';
import { Topic } from '@redlane/client';
type Address = RedisURI | string | ClientOptions$1;
interface Carrier {
    readonly native: unknown;
    readonly driver: RedisDriver;
    connect(): Promise<void>;
    watch(user: ConnectionUser): Disposable;
    ownDriver(): OwnDriver;
    close(): Promise<void>;
}
type ChannelInput<Sent, Received = Sent> = string | TypedChannel<Sent, Received>;
type Client = ScriptRedisClient<unknown>;
type Client$1 = ScriptRedisClient<unknown>;
interface ClientEvents {
    connect: {
        readonly client: Client$1;
    };
    disconnect: {
        readonly client: Client$1;
        readonly cause: Error;
    };
    reconnecting: {
        readonly client: Client$1;
        readonly attempt: number;
    };
    reconnectFailed: {
        readonly client: Client$1;
        readonly cause: Error;
        readonly final: boolean;
    };
    gap: PubSubGap & {
        readonly client: Client$1;
    };
    error: PubSubFailure;
}
type ClientOf<Type extends ClientType, Native = RedisClient> = {
    readonly BASIC: ScriptRedisClient<Native>;
    readonly COMMAND: RedisCommandClient<Native>;
    readonly PUB_SUB: RedisPubSubClient<Native>;
}[Type];
declare class ClientOptions {
    #private;
    readonly fields: ClientOptionsFields;
    constructor(fields?: ClientOptionsFields);
    static builder(): ClientOptionsBuilder;
    static create(): ClientOptions;
    static from(options?: ClientOptions | ClientOptionsFields): ClientOptions;
    get autoReconnect(): boolean;
    get pingBeforeActivateConnection(): boolean;
    over(defaults: ClientOptions): ClientOptions;
    mutate(): ClientOptionsBuilder;
    applyTo(address: ClientOptions$1): ClientOptions$1;
}
declare class ClientOptionsBuilder {
    #private;
    constructor(fields?: ClientOptionsFields);
    autoReconnect(autoReconnect: boolean): this;
    pingBeforeActivateConnection(pingBeforeActivateConnection: boolean): this;
    bufferUsageRatio(bufferUsageRatio: number): this;
    requestQueueSize(requestQueueSize: number): this;
    disconnectedBehavior(disconnectedBehavior: DisconnectedBehavior): this;
    timeout(timeoutMs: number): this;
    timeoutOptions({ fixedTimeoutMs }: {
        readonly fixedTimeoutMs: number;
    }): this;
    socketOptions(socketOptions: SocketOptions): this;
    sslOptions(sslOptions: ConnectionOptions): this;
    reconnectDelay(reconnectDelay: ReconnectDelay): this;
    protocolVersion(protocolVersion: 2 | 3): this;
    build(): ClientOptions;
}
interface ClientOptionsFields {
    readonly autoReconnect?: boolean | undefined;
    readonly pingBeforeActivateConnection?: boolean | undefined;
    readonly bufferUsageRatio?: number | undefined;
    readonly requestQueueSize?: number | undefined;
    readonly disconnectedBehavior?: DisconnectedBehavior | undefined;
    readonly timeoutMs?: number | undefined;
    readonly socketOptions?: SocketOptions | undefined;
    readonly sslOptions?: ConnectionOptions | undefined;
    readonly reconnectDelay?: ReconnectDelay | undefined;
    readonly protocolVersion?: 2 | 3 | undefined;
}
interface ClientParts {
    readonly id: number;
    readonly owner: string;
    readonly carrier: Carrier;
    readonly uri: RedisURI | undefined;
    readonly options: ClientOptions;
    readonly logger: Logger | undefined;
    readonly onEvent: <Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]) => void;
    readonly onClose: () => void;
}
declare const ClientType: {
    readonly BASIC: "BASIC";
    readonly COMMAND: "COMMAND";
    readonly PUB_SUB: "PUB_SUB";
};
type ClientType = (typeof ClientType)[keyof typeof ClientType];
interface ConnectionUser {
    onConnect(): void;
    onDisconnect(cause: Error): void;
    onReconnecting(attempt: number): void;
    onReconnectFailed(cause: Error, final: boolean): void;
}
interface CountOptions {
    readonly sharded?: boolean | undefined;
}
declare const DisconnectedBehavior: {
    readonly DEFAULT: "DEFAULT";
    readonly ACCEPT_COMMANDS: "ACCEPT_COMMANDS";
    readonly REJECT_COMMANDS: "REJECT_COMMANDS";
};
type DisconnectedBehavior = (typeof DisconnectedBehavior)[keyof typeof DisconnectedBehavior];
interface DurableMessage {
    readonly id: string;
    readonly duplicate: boolean;
}
interface DurableOptions {
    readonly history?: HistoryOptions | undefined;
    readonly prefix?: string | undefined;
    readonly idempotencyTtlMs?: number | undefined;
}
interface DurablePublishOptions {
    readonly idempotencyKey?: string | undefined;
    readonly signal?: AbortSignal | undefined;
}
type DurableSettings = DurableOptions | ((channel: string) => DurableOptions);
type ListenerFunction<Received = string> = (channel: string, message: Received, info: MessageInfo) => unknown;
type ListenerKind = 'sync' | 'async';
interface ListenerOptions extends ReceiveOptions {
    readonly once?: boolean | undefined;
}
declare class ListenerOverflowError extends PubSubError {
    readonly name: string;
    readonly code: 'LISTENER_OVERFLOW';
    readonly limit: number;
    constructor(topic: string, limit: number);
}
interface ListenerParts<Received> {
    readonly fn: ListenerFunction<Received>;
    readonly kind: ListenerKind;
    readonly topic: Topic;
    readonly registration: Registered;
}
interface ListenerStats {
    readonly received: number;
    readonly delivered: number;
    readonly failed: number;
    readonly dropped: number;
    readonly waiting: number;
    readonly running: number;
}
interface Logger {
    readonly debug?: ((message: string, details: object) => void) | undefined;
    readonly info?: ((message: string, details: object) => void) | undefined;
    readonly warn?: ((message: string, details: object) => void) | undefined;
    readonly error?: ((message: string, details: object) => void) | undefined;
}
declare class ManagerClosedError extends PubSubError {
    readonly name: string;
    readonly code: 'MANAGER_CLOSED';
    constructor(what: string);
}
interface MessageInfo {
    readonly pattern?: string | undefined;
    readonly id?: string | undefined;
    readonly at?: number | undefined;
}
declare class MessageIterator<Received> implements AsyncIterableIterator<PubSubMessage<Received>>, AsyncDisposable {
    #private;
    constructor(register: Register, signal: AbortSignal | undefined);
    ready(): Promise<void>;
    get stats(): ListenerStats | undefined;
    next(): Promise<IteratorResult<PubSubMessage<Received>, undefined>>;
    return(): Promise<IteratorResult<PubSubMessage<Received>, undefined>>;
    [Symbol.asyncIterator](): this;
    [Symbol.asyncDispose](): Promise<void>;
}
type MessagesInput<Received> = ChannelInput<never, Received> | TopicInput | readonly TopicInput[];
type NativeSource = RedisClient | Exclude<DriverSource, string | number | readonly [
    host: string,
    port: number
] | ClientOptions$1>;
interface OpenRedisClient {
    <Type extends ClientType, Native extends NativeSource>(clientType: Type, client: Native, clientOptions?: ClientOptions | ClientOptionsFields): Promise<ClientOf<Type, Native>>;
    <Type extends ClientType>(clientType: Type, redisURI: Address, clientOptions?: ClientOptions | ClientOptionsFields): Promise<ClientOf<Type, RedisClient>>;
    <Type extends ClientType>(clientType: Type, ip: string, port: number | string, password?: string | null, clientOptions?: ClientOptions | ClientOptionsFields): Promise<ClientOf<Type, RedisClient>>;
}
type OwnDriver = Pick<RedisDriver, 'subscribe' | 'close'>;
declare abstract class PubSubError extends Error {
    readonly name: string;
    readonly code: PubSubErrorCode;
    constructor(code: PubSubErrorCode, message: string);
}
type PubSubErrorCode = 'LISTENER_OVERFLOW' | 'MANAGER_CLOSED';
interface PubSubFailure {
    readonly client: Client$1;
    readonly error: unknown;
    readonly listener?: ScriptPubSubListener<never> | undefined;
    readonly channel?: string | undefined;
}
interface PubSubGap {
    readonly channel: string;
    readonly topic: Topic;
    readonly from: number;
    readonly to: number;
    readonly reason: 'connection' | 'moved' | 'overflow' | 'trimmed' | 'lost';
    readonly filled: boolean;
    readonly dropped?: number | undefined;
    readonly listener?: ScriptPubSubListener<never> | undefined;
}
interface PubSubMessage<Received = string> extends MessageInfo {
    readonly channel: string;
    readonly message: Received;
}
interface QueueOptions {
    readonly limit?: number | undefined;
    readonly policy?: QueuePolicy | undefined;
    readonly concurrency?: number | undefined;
}
type QueuePolicy = 'dropOldest' | 'dropNewest' | 'pause' | 'error';
type Raw = string | Uint8Array;
interface ReceiveOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
    readonly queue?: QueueOptions | undefined;
    readonly replay?: boolean | string | undefined;
}
interface ReconnectDelay {
    readonly minDelayMs?: number | undefined;
    readonly maxDelayMs?: number | undefined;
}
declare class RedisCommandClient<Native = RedisClient> extends ScriptRedisClient<Native> {
    #private;
    readonly type: typeof ClientType.COMMAND;
    constructor(parts: ClientParts);
    getConnection(): RedisDriver;
    getCommands(): Commands;
    getAsyncCommands(): Commands;
}
declare class RedisManager implements AsyncDisposable {
    #private;
    readonly openRedisClient: OpenRedisClient;
    constructor(options?: RedisManagerOptions);
    newRedisURI(): RedisURIBuilder;
    newClientOptions(): ClientOptionsBuilder;
    scope(scopeName: string): RedisScope;
    getRedisClients(owner?: RedisScope | string, type?: ClientType): Client[];
    closeRedisClient(client: Client): Promise<void>;
    closeRedisClientAsync(client: Client): Promise<void>;
    closeRedisClients(owner?: RedisScope | string): Promise<void>;
    on<Name extends keyof ClientEvents>(eventName: Name, listener: (event: ClientEvents[Name]) => unknown): Disposable;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
interface RedisManagerOptions {
    readonly defaults?: ClientOptions | ClientOptionsFields | undefined;
    readonly shareConnections?: boolean | undefined;
    readonly durable?: DurableSettings | undefined;
    readonly logger?: Logger | undefined;
}
declare class RedisPubSubClient<Native = RedisClient> extends ScriptRedisClient<Native> {
    #private;
    readonly type: typeof ClientType.PUB_SUB;
    constructor(parts: ClientParts, durable: DurableSettings);
    getConnection(): RedisDriver;
    get listenerCount(): number;
    registerListener<Received = string>(fn: ListenerFunction<Received>, channel: ChannelInput<never, Received>, options?: ListenerOptions): Promise<ScriptPubSubListener<Received>>;
    registerSyncListener<Received = string>(fn: ListenerFunction<Received>, channel: ChannelInput<never, Received>, options?: ListenerOptions): Promise<ScriptPubSubListener<Received>>;
    registerAsyncListener<Received = string>(fn: ListenerFunction<Received>, channel: ChannelInput<never, Received>, options?: ListenerOptions): ScriptPubSubListener<Received>;
    registerPatternListener<Received = string>(fn: ListenerFunction<Received>, pattern: ChannelInput<never, Received>, options?: TopicListenerOptions): Promise<ScriptPubSubListener<Received>>;
    registerShardListener<Received = string>(fn: ListenerFunction<Received>, channel: ChannelInput<never, Received>, options?: TopicListenerOptions): Promise<ScriptPubSubListener<Received>>;
    unregisterListener(listener: ScriptPubSubListener<never> | ScriptPubSubListener | ListenerFunction<never>): Promise<void>;
    unregisterListeners(channel: TopicInput): Promise<void>;
    once<Received = string>(channel: MessagesInput<Received>, options?: ReceiveOptions): Promise<PubSubMessage<Received>>;
    messages<Received = string>(channel: MessagesInput<Received>, options?: ReceiveOptions): MessageIterator<Received>;
    publish<Channel extends ChannelInput<never, unknown>>(channel: Channel, message: SentTo<Channel>): Promise<number>;
    publishSync<Channel extends ChannelInput<never, unknown>>(channel: Channel, message: SentTo<Channel>): Promise<number>;
    publishAsync<Channel extends ChannelInput<never, unknown>>(channel: Channel, message: SentTo<Channel>): Promise<number>;
    publishSharded<Channel extends ChannelInput<never, unknown>>(channel: Channel, message: SentTo<Channel>): Promise<number>;
    publishDurable<Channel extends ChannelInput<never, unknown>>(channel: Channel, message: SentTo<Channel>, options?: DurablePublishOptions): Promise<DurableMessage>;
    numSub(channels: string | readonly string[], { sharded }?: CountOptions): Promise<Map<string, number>>;
    numPat(): Promise<number>;
    channels(pattern?: string, { sharded }?: CountOptions): Promise<string[]>;
    protected end(): Promise<void>;
}
declare class RedisScope implements AsyncDisposable {
    #private;
    readonly name: string;
    readonly openRedisClient: OpenRedisClient;
    constructor(parts: ScopeParts);
    getRedisClients(type?: ClientType): ScriptRedisClient<unknown>[];
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
declare class RedisURI {
    #private;
    constructor(fields: RedisURIFields);
    static builder(): RedisURIBuilder;
    static create(uriOrHost: string, port?: number | string): RedisURI;
    get host(): string | undefined;
    get port(): number | undefined;
    get socket(): string | undefined;
    get sentinels(): RedisURIFields['sentinels'];
    get sentinelMasterId(): string | undefined;
    get username(): string | undefined;
    get password(): string | undefined;
    get database(): number;
    get ssl(): boolean;
    get verifyPeer(): boolean;
    get clientName(): string | undefined;
    get timeoutMs(): number | undefined;
    toClientOptions(): ClientOptions$1;
    toString(): string;
    toJSON(): string;
}
declare class RedisURIBuilder {
    #private;
    withHost(host: string): this;
    withPort(port: number | string): this;
    withSocket(path: string): this;
    withSentinel(host: string, port?: number | string, password?: string): this;
    withSentinelMasterId(sentinelMasterId: string): this;
    withPassword(password: string): this;
    withAuthentication(username: string, password: string): this;
    withDatabase(database: number): this;
    withSsl(ssl: boolean): this;
    withVerifyPeer(verifyPeer: boolean): this;
    withClientName(clientName: string): this;
    withTimeout(timeoutMs: number): this;
    build(): RedisURI;
}
interface RedisURIFields {
    readonly host?: string | undefined;
    readonly port?: number | undefined;
    readonly socket?: string | undefined;
    readonly sentinels?: readonly {
        readonly host: string;
        readonly port: number;
    }[] | undefined;
    readonly sentinelMasterId?: string | undefined;
    readonly sentinelPassword?: string | undefined;
    readonly username?: string | undefined;
    readonly password?: string | undefined;
    readonly database?: number | undefined;
    readonly ssl?: boolean | undefined;
    readonly verifyPeer?: boolean | undefined;
    readonly clientName?: string | undefined;
    readonly timeoutMs?: number | undefined;
}
type Register = (handle: (channel: string, value: never, info: MessageInfo) => unknown, onEnded: (error: Error | undefined) => void) => Registered;
interface Registered {
    readonly ready: Promise<void>;
    readonly stats: ListenerStats;
    readonly lastId: string | undefined;
    end(): Promise<void>;
}
interface ScopeParts {
    readonly name: string;
    readonly open: OpenRedisClient;
    readonly clients: (type?: ClientType) => ScriptRedisClient<unknown>[];
    readonly close: () => Promise<void>;
}
declare class ScriptPubSubListener<Received = string> implements AsyncDisposable {
    #private;
    constructor(parts: ListenerParts<Received>);
    getChannel(): string;
    getFunction(): ListenerFunction<Received>;
    get topic(): Topic;
    get kind(): ListenerKind;
    get ready(): Promise<void>;
    get stats(): ListenerStats;
    get lastId(): string | undefined;
    unregister(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
declare class ScriptRedisClient<Native = RedisClient> implements AsyncDisposable {
    #private;
    readonly type: ClientType;
    protected readonly driver: RedisDriver;
    constructor(parts: ClientParts);
    get owner(): string;
    get closed(): boolean;
    getClientId(): number;
    getRedisURI(): RedisURI | undefined;
    getClientOptions(): ClientOptions;
    getRedisClient(): Native;
    on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => unknown): Disposable;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
    open(): Promise<void>;
    protected end(): Promise<void>;
    protected get carrier(): Carrier;
    protected emit<Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]): void;
}
type SentTo<Channel> = Channel extends TypedChannel<infer Sent, unknown> ? Sent : Raw;
interface SocketOptions {
    readonly connectTimeoutMs?: number | undefined;
    readonly keepAliveMs?: number | undefined;
    readonly tcpNoDelay?: boolean | undefined;
}
type TopicInput = string | Topic;
interface TopicListenerOptions extends Omit<ListenerOptions, 'replay'> {
    readonly kind?: ListenerKind | undefined;
}
interface TypedChannel<Sent, Received = Sent> {
    readonly name: string;
    readonly codec: Codec<Sent, Received>;
}
declare function typedChannel<Schema extends StandardSchema>(channel: string, options: {
    readonly schema: Schema;
    readonly codec?: Codec<never, unknown> | undefined;
}): TypedChannel<SchemaInput<Schema>, SchemaOutput<Schema>>;
declare function typedChannel<Sent, Received = Sent>(channel: string, options: {
    readonly codec: Codec<Sent, Received>;
}): TypedChannel<Sent, Received>;
declare function typedChannel<Value = JsonValue>(channel: string): TypedChannel<Value>;
export {
  Address,
  ChannelInput,
  ClientEvents,
  ClientOf,
  ClientOptions,
  ClientOptionsBuilder,
  ClientOptionsFields,
  ClientType,
  CountOptions,
  DisconnectedBehavior,
  DurableMessage,
  DurableOptions,
  DurablePublishOptions,
  DurableSettings,
  ListenerFunction,
  ListenerKind,
  ListenerOptions,
  ListenerOverflowError,
  ListenerStats,
  Logger,
  ManagerClosedError,
  MessageInfo,
  MessageIterator,
  MessagesInput,
  NativeSource,
  OpenRedisClient,
  PubSubError,
  PubSubErrorCode,
  PubSubFailure,
  PubSubGap,
  PubSubMessage,
  QueueOptions,
  QueuePolicy,
  ReceiveOptions,
  ReconnectDelay,
  RedisCommandClient,
  RedisManager,
  RedisManagerOptions,
  RedisPubSubClient,
  RedisScope,
  RedisURI,
  RedisURIBuilder,
  RedisURIFields,
  ScriptPubSubListener,
  ScriptRedisClient,
  SentTo,
  SocketOptions,
  TopicInput,
  TopicListenerOptions,
  TypedChannel,
  typedChannel,
};
