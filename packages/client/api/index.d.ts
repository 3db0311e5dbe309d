// The API of @redlane/client, written by "pnpm api:update".
import { CommandArgument } from '@redlane/resp3-core';
import { ConnectionOptions } from 'node:tls';
import { Limits } from '@redlane/resp3-core';
import { MapMode } from '@redlane/resp3-core';
import { RedisError } from '@redlane/resp3-core';
import { ReplyMode } from '@redlane/resp3-core';
import { RespDecoderOptions } from '@redlane/resp3-core';
import { RespPush } from '@redlane/resp3-core';
import { RespValue } from '@redlane/resp3-core';
declare class AbortError extends ClientError {
    readonly name: string;
    readonly code: 'ABORTED';
    constructor(what: string, details: Delivery & Cause);
}
interface AcquireOptions {
    signal?: AbortSignal | undefined;
    timeoutMs?: number | undefined;
}
type AddressMapper = (address: ServerAddress) => ServerAddress;
interface AddressPoolOptions<C extends PooledConnection> extends Given<PoolSettings> {
    readonly spawnConnection?: ((host: string, port: number, signal: AbortSignal) => Promise<C>) | undefined;
}
type AddressProvider = (signal: AbortSignal) => ServerAddress | Promise<ServerAddress>;
declare class Admission {
    #private;
    commands: number;
    bytes: number;
    constructor(options: ResolvedOptions, admit: (command: Command) => void, diagnose: () => TimeoutDiagnosis);
    get waiting(): number;
    enter(command: Command): void;
    leave(command: Command): void;
    empty(): Promise<void>;
    drain(): Command[];
}
type AnyMessage = Message<string | Uint8Array>;
type Args = readonly CommandArgument[];
type BatchReply = RespValue | RedisError;
interface Blocked {
    cancel(ending: Ending): void;
}
declare class BlockingTimeout {
    #private;
    constructor(find: (args: Args) => number | undefined, unitMs: number);
    readonly read: ReadTimeout;
    readonly write: (args: Args, ms: number) => Args;
}
interface BufferOptions {
    readonly limit?: number | undefined;
    readonly policy?: 'dropOldest' | 'dropNewest' | 'error' | 'pause' | undefined;
}
declare class BufferOverflowError extends ClientError {
    readonly name: string;
    readonly code: 'BUFFER_OVERFLOW';
    readonly limit: number;
    constructor(limit: number);
}
interface CacheMetrics {
    readonly tracking: TrackingState;
    readonly hits: number;
    readonly misses: number;
    readonly shared: number;
    readonly untracked: number;
    readonly invalidations: number;
    readonly evictions: number;
    readonly entries: number;
    readonly bytes: number;
}
type CacheableCommand = Name | Lowercase<Name>;
interface CallOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
    readonly replies?: 'string' | 'bytes' | undefined;
    readonly maps?: 'map' | 'object' | undefined;
    readonly retry?: RetryPolicy | undefined;
}
declare class Caller {
    #private;
    constructor(sink: CommandSink, settings: CommandSettings);
    call<T = RespValue>(command: string, ...args: CommandArgument[]): Promise<T>;
    call<T = RespValue>(words: readonly CommandArgument[]): Promise<T>;
    pipeline(commands: readonly (readonly CommandArgument[])[]): Promise<(RespValue | ReplyError)[]>;
    transaction(commands: readonly (readonly CommandArgument[])[]): Promise<Transaction>;
    run<T = RespValue>(script: string | Script, keys?: readonly CommandArgument[], args?: readonly CommandArgument[]): Promise<T>;
    fcall<T = RespValue>(name: string, keys?: readonly CommandArgument[], args?: readonly CommandArgument[], { readOnly }?: {
        readonly readOnly?: boolean;
    }): Promise<T>;
    with(options: CallOptions): Caller;
}
interface Cause {
    readonly cause?: unknown;
}
declare class ClientCache {
    #private;
    constructor(engine: Engine, sink: CommandSink, options: ResolvedCacheOptions);
    get size(): number;
    clear(): void;
    delete(key: CommandArgument): boolean;
    metrics(): CacheMetrics;
    read<T>(args: readonly CommandArgument[], settings: CommandSettings): Promise<T> | undefined;
}
type ClientCacheHandle = ClientCache;
interface ClientCacheSetup {
    attach(engine: Engine, sink: CommandSink): ClientCache;
}
declare abstract class ClientError extends Error implements Delivery {
    readonly name: string;
    readonly code: ClientErrorCode;
    readonly maybeExecuted: boolean;
    readonly phase: Phase;
    constructor(code: ClientErrorCode, message: string, { maybeExecuted, phase }: Delivery, cause?: unknown);
}
type ClientErrorCode = 'CONNECTION_LOST' | 'TIMEOUT' | 'ABORTED' | 'QUEUE_FULL' | 'BUFFER_OVERFLOW' | 'CLOSED' | 'COMMAND_REFUSED' | 'CROSSSLOT' | 'CONFLICT' | ConnectErrorCode | PoolErrorCode;
interface ClientMetrics {
    readonly state: string;
    readonly pending: number;
    readonly pendingBytes: number;
    readonly queued: number;
    readonly inFlight: number;
    readonly lost: number;
    readonly latencyMs: {
        readonly count: number;
        readonly p50: number;
        readonly p99: number;
    };
    readonly pool: PoolMetrics;
    readonly cache: CacheMetrics | undefined;
    readonly subscriptions: SubscriptionMetrics;
}
interface ClientOptions extends Given<Omit<ClientSettings, Groups>> {
    readonly reconnect?: Given<ReconnectSettings> | undefined;
    readonly limits?: Given<LimitSettings> | undefined;
    readonly pool?: Given<PoolSettings> | undefined;
}
interface ClientSettings {
    readonly host: string;
    readonly port: number;
    readonly path: string | undefined;
    readonly address: AddressProvider | undefined;
    readonly sentinels: readonly SentinelAddress[] | undefined;
    readonly name: string;
    readonly role: ServerRole;
    readonly sentinelUsername: string | undefined;
    readonly sentinelPassword: string | undefined;
    readonly sentinelTls: boolean | ConnectionOptions;
    readonly sentinelTimeoutMs: number;
    readonly mapAddress: AddressMapper | undefined;
    readonly username: string | undefined;
    readonly password: string | undefined;
    readonly credentials: Credentials | CredentialProvider | undefined;
    readonly db: number;
    readonly clientName: string | undefined;
    readonly tls: boolean | ConnectionOptions;
    readonly protocol: 2 | 3;
    readonly subscriptions: 'shared' | 'dedicated';
    readonly family: 0 | 4 | 6;
    readonly connectTimeoutMs: number;
    readonly timeoutMs: number;
    readonly blockingGraceMs: number;
    readonly keepAliveMs: number;
    readonly noDelay: boolean;
    readonly pingIntervalMs: number;
    readonly silenceTimeoutMs: number;
    readonly retry: RetryPolicy;
    readonly reconnect: ReconnectSettings;
    readonly offlineQueue: boolean;
    readonly limits: LimitSettings;
    readonly replies: 'string' | 'bytes';
    readonly maps: 'map' | 'object';
    readonly replyLimits: Readonly<Partial<Limits>>;
    readonly pool: PoolSettings;
    readonly connectionPool: object | undefined;
    readonly clientCache: ClientCacheSetup | undefined;
    readonly recorder: ConnectionRecorder | undefined;
    readonly Reader: ReplyReaderClass | undefined;
    readonly writeCommand: CommandEncoder | undefined;
    readonly unref: boolean;
    readonly libraryName: string;
    readonly libraryTag: string | undefined;
}
type ClientState = {
    readonly state: 'connecting';
    readonly attempt: number;
} | {
    readonly state: 'ready';
} | {
    readonly state: 'down';
    readonly cause: Error;
    readonly retryInMs: number;
} | {
    readonly state: 'closed';
    readonly cause?: Error;
};
interface ClientStatus extends AsyncIterable<ClientState> {
    [Symbol.asyncIterator](): AsyncIterator<ClientState, void, undefined>;
    readonly current: ClientState;
    until<State extends ClientState['state']>(state: State, options?: UntilOptions): Promise<Extract<ClientState, {
        state: State;
    }>>;
}
declare class ClientView extends Caller {
    #private;
    constructor(sink: CommandSink, settings: CommandSettings, cache: ClientCache | undefined);
    cached<T = RespValue>(command: CacheableCommand, ...args: CommandArgument[]): Promise<T>;
    cached<T = RespValue>(words: readonly CommandArgument[]): Promise<T>;
    with(options: CallOptions): ClientView;
}
interface CloseOptions {
    readonly drain?: boolean | undefined;
    readonly deadlineMs?: number | undefined;
}
declare class ClosedError extends ClientError {
    readonly name: string;
    readonly code: 'CLOSED';
    constructor(what?: 'client' | 'connection' | 'pool' | 'consumer' | 'log', details?: Delivery & Cause);
}
declare class Command {
    #private;
    readonly args: readonly CommandArgument[];
    readonly batch: readonly (readonly CommandArgument[])[] | undefined;
    settings: CommandSettings;
    readonly readOnly: boolean;
    deadline: number;
    readonly bytes: number;
    state: number;
    writtenAt: number;
    counted: boolean;
    blocking: boolean;
    onAbort: ((reason: unknown) => void) | undefined;
    watched: boolean;
    watchedBefore: Command | undefined;
    watchedAfter: Command | undefined;
    onEnd: (() => void) | undefined;
    pinnedTo: object | undefined;
    pushes: PushReplies | undefined;
    owed: number;
    constructor(args: readonly CommandArgument[], batch: readonly (readonly CommandArgument[])[] | undefined, settings: CommandSettings, readOnly: boolean, deadline: number, bytes: number, resolve: (value: never) => void, reject: (error: Error) => void, keeper?: CommandKeeper);
    get replies(): number;
    get name(): string;
    get collected(): readonly BatchReply[];
    take(reply: BatchReply): boolean;
    answerWhenEmpty(error: Error): void;
    resolve(value: unknown): void;
    reject(error: Error): void;
    mayTake(timeoutMs: number): void;
    rewind(): void;
}
type CommandEncoder = (command: CommandArgument, ...args: CommandArgument[]) => Uint8Array;
interface CommandKeeper {
    settled(command: Command): void;
}
declare class CommandRefusedError extends ClientError {
    readonly name: string;
    readonly code: 'COMMAND_REFUSED';
    readonly command: string;
    constructor(command: string, { reason, instead }: {
        readonly reason: string;
        readonly instead: string;
    });
}
interface CommandSettings {
    readonly timeoutMs: number;
    readonly watch: SignalWatch | undefined;
    readonly replies: ReplyMode;
    readonly maps: MapMode;
    readonly retry: RetryPolicy;
}
interface CommandSink extends CommandKeeper {
    readonly place: Place;
    readonly server: TracedServer;
    now(): number;
    submit(command: Command): void;
    block(command: Command, route: Route, serverTimeoutMs: number): void;
}
declare class ConflictError extends ClientError {
    readonly name: string;
    readonly code: 'CONFLICT';
    constructor(attempts: number);
}
declare class ConnectError extends ClientError {
    readonly name: string;
    readonly code: ConnectErrorCode;
    readonly address: string;
    readonly retryable: boolean;
    constructor(code: ConnectErrorCode, details: Cause & {
        readonly address: string;
        readonly problem: string;
        readonly retryable: boolean;
    });
    static abandoned(endpoint: Endpoint, reason: unknown): ConnectError;
}
type ConnectErrorCode = 'CONNECT_FAILED' | 'CONNECT_TIMEOUT' | 'HANDSHAKE_FAILED' | 'AUTH_FAILED';
declare class Connection {
    #private;
    readonly createdAt: number;
    dirty: boolean;
    onClosed: ((connection: Connection) => void) | undefined;
    tap: ConnectionTap | undefined;
    static open(options: ResolvedOptions, owner?: ConnectionOwner, signal?: AbortSignal): Promise<Connection>;
    private constructor();
    get closed(): boolean;
    get ended(): AbortSignal;
    get waitsForEver(): boolean;
    get endpoint(): Endpoint;
    get address(): string;
    get id(): number | undefined;
    get protocol(): 2 | 3;
    get server(): ServerInfo | undefined;
    get proven(): boolean;
    get queued(): number;
    get inFlight(): number;
    get lastUsedAt(): number;
    get bytesRead(): number;
    get bytesWritten(): number;
    get lastReadAt(): number;
    get wholeUntil(): number;
    get midReply(): boolean;
    get owedReplies(): number;
    get replyLimits(): Readonly<Partial<Limits>>;
    get idle(): boolean;
    send(command: Command): void;
    exchange(commands: readonly (readonly CommandArgument[])[], timeoutMs?: number): Promise<BatchReply[]>;
    check(timeoutMs: number): Promise<boolean>;
    reset(timeoutMs: number): Promise<boolean>;
    drained(): Promise<void>;
    takeMessages(replies: ReplyMode): void;
    pause(): void;
    resume(): void;
    takeUnsent(): Command[];
    destroy(cause?: Error): void;
}
declare class ConnectionLostError extends ClientError {
    readonly name: string;
    readonly code: 'CONNECTION_LOST';
    constructor(details: Delivery & Cause & {
        readonly command?: string;
    });
}
interface ConnectionOwner {
    onPush?(push: RespPush, connection: Connection): void;
    readonly pushReplies?: RespDecoderOptions['pushReplies'] | undefined;
    readonly onInvalidate?: ((push: RespPush, connection: Connection) => void) | undefined;
    onLost?(connection: Connection, cause: Error, unsent: Command[], written: Command[]): Command[];
    onRefused?(connection: Connection, command: Command, error: RedisError): boolean;
    onDemoted?(connection: Connection, error: RedisError): void;
    onSilence?: ((cause: Error) => void) | undefined;
    readonly latency?: LatencyHistogram;
    readonly recording?: RecordingSlot | undefined;
}
declare class ConnectionPool<C extends PooledConnection = Connection> implements AsyncDisposable {
    #private;
    readonly maxConnections: number;
    readonly acquireTimeoutMs: number;
    readonly spawnConnection: (signal: AbortSignal) => Promise<C>;
    constructor(options: PoolOptions<C>);
    constructor(host: string, port: number, options?: AddressPoolOptions<C>);
    get usedConnections(): ReadonlySet<C>;
    get pool(): readonly C[];
    waitForConnection(options?: AcquireOptions): Promise<C>;
    lease(options?: AcquireOptions): Promise<Lease<C>>;
    use<T>(task: (connection: C) => T | PromiseLike<T>, options?: AcquireOptions): Promise<T>;
    putConnection(connection: C): void;
    removeConnection(connection: C): void;
    retire(isOutdated: (connection: C) => boolean, cause: Error, { gone, }?: {
        gone?: boolean;
    }): void;
    metrics(): PoolMetrics;
    close({ deadlineMs, }?: {
        deadlineMs?: number;
    }): Promise<void>;
    destroy(): void;
    [Symbol.asyncDispose](): Promise<void>;
}
interface ConnectionRecorder {
    tap(connection: TappedConnection): ConnectionTap;
}
interface ConnectionTap {
    sent(args: readonly CommandArgument[]): void;
    received(chunk: Uint8Array): void;
    ended(cause?: Error): void;
}
interface ConnectionUser {
    opened(connection: Connection): void;
    lost(connection: Connection, cause: Error): void;
    closed?(cause: Error): void;
    outdated?(isOutdated: (connection: Connection) => boolean, cause: Error, gone: boolean): void;
}
type CredentialProvider = () => Credentials | Promise<Credentials>;
interface Credentials {
    readonly username?: string | undefined;
    readonly password?: string | undefined;
}
declare class CrossSlotError extends ClientError {
    readonly name: string;
    readonly code: 'CROSSSLOT';
    readonly command: string;
    constructor(command: string);
}
interface Delivery {
    readonly maybeExecuted: boolean;
    readonly phase: Phase;
}
type Dial = (at: ServerAddress, signal: AbortSignal, check?: (connection: Connection) => Promise<void>) => Promise<Connection>;
type DriverBatch<Text = string> = {
    readonly aborted: false;
    readonly replies: readonly (DriverReply<Text> | ReplyError)[];
} | {
    readonly aborted: true;
};
interface DriverBatchOptions extends DriverCallOptions {
    readonly atomic?: boolean | undefined;
}
interface DriverCallOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
    readonly replies?: 'string' | 'bytes' | undefined;
}
interface DriverCommands {
    send(args: readonly CommandArgument[], options: DriverCallOptions & {
        replies: 'bytes';
    }): Promise<DriverReply<Uint8Array>>;
    send(args: readonly CommandArgument[], options?: DriverCallOptions): Promise<DriverReply>;
    batch(commands: readonly (readonly CommandArgument[])[], options: DriverBatchOptions & {
        replies: 'bytes';
    }): Promise<DriverBatch<Uint8Array>>;
    batch(commands: readonly (readonly CommandArgument[])[], options?: DriverBatchOptions): Promise<DriverBatch>;
}
interface DriverEvents {
    ready: [
    ];
    down: [
        cause: Error
    ];
    gap: [
        gap: Gap
    ];
    error: [
        error: Error
    ];
}
interface DriverLease extends DriverCommands, AsyncDisposable {
    cancel(): Promise<boolean>;
    [Symbol.asyncDispose](): Promise<void>;
}
interface DriverLeaseOptions {
    readonly key?: CommandArgument | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
}
type DriverReply<Text = string> = Text | number | bigint | null | readonly DriverReply<Text>[];
interface DriverScanOptions {
    readonly match?: string | undefined;
    readonly type?: string | undefined;
    readonly count?: number | undefined;
    readonly signal?: AbortSignal | undefined;
}
type DriverSource = RedisDriver | RedisClient | IoredisRedis | IoredisCluster | string | number | readonly [
    host: string,
    port: number
] | ClientOptions;
interface DriverSubscribeOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
    readonly replies?: 'string' | 'bytes' | undefined;
    readonly onGap?: ((gap: Gap) => void) | undefined;
}
type Ending = (delivery: Delivery) => Error;
interface Endpoint {
    readonly host: string;
    readonly port: number;
    readonly path: string | undefined;
}
declare class Engine implements ConnectionOwner, CommandKeeper {
    #private;
    readonly options: ResolvedOptions;
    readonly clock: TickClock;
    readonly latency: LatencyHistogram;
    readonly admission: Admission;
    onSilence: ((cause: Error) => void) | undefined;
    onBlocking: ((command: Command) => void) | undefined;
    pushReplies: ConnectionOwner['pushReplies'];
    onInvalidate: ConnectionOwner['onInvalidate'];
    recording: RecordingSlot;
    lost: number;
    constructor(options: ResolvedOptions, pushed: (push: RespPush, connection: Connection) => void);
    get status(): ClientStatus;
    get connection(): Connection | undefined;
    get server(): TracedServer;
    get closing(): boolean;
    get queued(): number;
    watch(watcher: (state: ClientState) => void): void;
    use(user: ConnectionUser): void;
    submit(command: Command): void;
    settled(command: Command): void;
    dial(): void;
    connect({ signal, timeoutMs }?: UntilOptions): Promise<void>;
    diagnose(): TimeoutDiagnosis;
    onPush(push: RespPush, connection: Connection): void;
    onLost(connection: Connection, cause: Error, unsent: Command[], written: Command[]): Command[];
    onRefused(_connection: Connection, command: Command, error: RedisError): boolean;
    onDemoted(connection: Connection, error: RedisError): void;
    leave(isOutdated: (connection: Connection) => boolean, cause: Error, gone?: boolean): void;
    stop(): void;
    closedError(delivery?: Delivery): ClosedError;
    destroy(cause?: Error): void;
}
declare class ExclusiveConnections {
    #private;
    readonly blocked: Set<Blocked>;
    constructor(engine: Engine, pool: ConnectionPool<Connection>);
    take({ signal, timeoutMs }?: AcquireOptions): Promise<Lease<Connection>>;
    empty(): Promise<void>;
    cancelBlocked(ending: Ending): void;
    destroy(cause: Error): void;
}
interface ExclusiveOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
}
interface Gap {
    readonly topic: Topic;
    readonly from: number;
    readonly to: number;
    readonly reason: 'connection' | 'moved' | 'overflow';
    readonly dropped?: number | undefined;
}
interface GapReport {
    readonly server: Endpoint;
    readonly gap: Gap;
}
type Given<Settings> = {
    readonly [Name in keyof Settings]?: Settings[Name] | undefined;
};
type Groups = 'reconnect' | 'limits' | 'pool';
interface InternalOptions extends PushCallbackOptions {
    readonly onClosed?: (() => void) | undefined;
}
declare class InvalidOptionError extends TypeError {
    readonly name: string;
    readonly code = "INVALID_OPTION";
    readonly option: string;
    constructor(option: string, problem: string);
}
interface IoredisCluster extends IoredisRedis {
    readonly isCluster: boolean;
    readonly slots: readonly (readonly string[])[];
    nodes(...args: never[]): unknown;
}
interface IoredisRedis {
    readonly status: string;
    readonly options: object;
    duplicate(...args: never[]): unknown;
    callBuffer(...args: never[]): unknown;
    pipeline(...args: never[]): unknown;
    disconnect(...args: never[]): unknown;
    on(...args: never[]): unknown;
}
declare class LatencyHistogram {
    #private;
    get count(): number;
    record(us: number): void;
    turn(now: number): void;
    percentileMs(p: number, now?: number): number | undefined;
}
interface LeakReport {
    readonly heldMs: number;
    readonly stack: string;
}
declare class Lease<C> implements AsyncDisposable {
    #private;
    readonly connection: C;
    constructor(connection: C, giveBack: () => void);
    [Symbol.asyncDispose](): Promise<void>;
}
interface LimitSettings {
    readonly commands: number;
    readonly bytes: number;
    readonly policy: 'reject' | 'wait';
}
interface Locator {
    readonly target: string;
    open(dial: Dial, signal: AbortSignal): Promise<Connection>;
    watch?(listener: MovedListener): () => void;
}
interface Message<Payload = string> {
    readonly channel: string;
    readonly payload: Payload;
    readonly pattern?: string | undefined;
}
declare class MessageStream<M> implements AsyncIterableIterator<M>, AsyncDisposable {
    #private;
    constructor(subscriptions: Subscriptions, topics: readonly Topic[], options: StreamOptions);
    get buffered(): number;
    get received(): number;
    get dropped(): number;
    ready(): Promise<void>;
    next(): Promise<IteratorResult<M, undefined>>;
    return(): Promise<IteratorResult<M, undefined>>;
    [Symbol.asyncIterator](): this;
    [Symbol.asyncDispose](): Promise<void>;
}
type MovedListener = (to: string, cause: Error) => void;
declare const NAMES: readonly [
    "GET",
    "GETBIT",
    "GETRANGE",
    "STRLEN",
    "SUBSTR",
    "BITCOUNT",
    "BITFIELD_RO",
    "BITPOS",
    "EXISTS",
    "EXPIRETIME",
    "PEXPIRETIME",
    "TYPE",
    "HEXISTS",
    "HGET",
    "HGETALL",
    "HKEYS",
    "HLEN",
    "HMGET",
    "HSTRLEN",
    "HVALS",
    "LINDEX",
    "LLEN",
    "LPOS",
    "LRANGE",
    "SCARD",
    "SISMEMBER",
    "SMEMBERS",
    "SMISMEMBER",
    "ZCARD",
    "ZCOUNT",
    "ZLEXCOUNT",
    "ZMSCORE",
    "ZRANGE",
    "ZRANGEBYLEX",
    "ZRANGEBYSCORE",
    "ZRANK",
    "ZREVRANGE",
    "ZREVRANGEBYLEX",
    "ZREVRANGEBYSCORE",
    "ZREVRANK",
    "ZSCORE",
    "GEODIST",
    "GEOHASH",
    "GEOPOS",
    "GEOSEARCH",
    "GEORADIUS_RO",
    "GEORADIUSBYMEMBER_RO",
    "XLEN",
    "XRANGE",
    "XREVRANGE",
    "JSON.ARRINDEX",
    "JSON.ARRLEN",
    "JSON.GET",
    "JSON.OBJKEYS",
    "JSON.OBJLEN",
    "JSON.STRLEN",
    "JSON.TYPE"
];
type Name = (typeof NAMES)[number];
declare const PUSH_COMMANDS: ReadonlySet<string>;
type Phase = 'queued' | 'written' | 'refused' | 'connecting';
interface Place {
    readonly exclusive: boolean;
    readonly transaction: boolean;
}
declare class PoolError extends ClientError implements PoolFigures {
    readonly name: string;
    readonly code: PoolErrorCode;
    readonly size: number;
    readonly inUse: number;
    readonly connecting: number;
    readonly waiting: number;
    readonly longestHeldMs: number | undefined;
    readonly holderStack: string | undefined;
    constructor(code: PoolErrorCode, figures: PoolFigures & Cause & {
        readonly timeoutMs?: number;
        readonly advice?: string;
    });
}
type PoolErrorCode = 'POOL_TIMEOUT' | 'POOL_CLOSED';
type PoolEvent = {
    readonly event: 'opened';
} | {
    readonly event: 'closed';
    readonly reason: string;
} | {
    readonly event: 'dial-failed';
    readonly cause: unknown;
} | {
    readonly event: 'timeout';
    readonly timeoutMs: number;
} | {
    readonly event: 'leak';
    readonly heldMs: number;
};
interface PoolFigures {
    readonly size: number;
    readonly inUse: number;
    readonly connecting: number;
    readonly waiting: number;
    readonly longestHeldMs: number | undefined;
    readonly holderStack?: string | undefined;
}
interface PoolMetrics {
    readonly size: number;
    readonly idle: number;
    readonly inUse: number;
    readonly connecting: number;
    readonly checking: number;
    readonly resetting: number;
    readonly waiting: number;
    readonly longestHeldMs: number | undefined;
    readonly created: number;
    readonly destroyed: number;
    readonly dialFailures: number;
    readonly timeouts: number;
    readonly waitMs: WaitPercentiles;
}
declare class PoolMisuseError extends TypeError {
    readonly name: string;
    readonly code = "POOL_MISUSE";
}
interface PoolOptions<C extends PooledConnection> extends Given<PoolSettings> {
    readonly spawnConnection: (signal: AbortSignal) => Promise<C>;
}
interface PoolSettings {
    readonly maxConnections: number;
    readonly minConnections: number;
    readonly acquireTimeoutMs: number;
    readonly idleTimeoutMs: number;
    readonly maxLifetimeMs: number;
    readonly checkIdleAfterMs: number;
    readonly healthTimeoutMs: number;
    readonly leakReportMs: number;
    readonly onLeak: ((report: LeakReport) => void) | undefined;
    readonly random: () => number;
}
interface PooledConnection {
    readonly closed: boolean;
    readonly createdAt: number;
    readonly idle: boolean;
    readonly dirty: boolean;
    check(timeoutMs: number): Promise<boolean>;
    reset(timeoutMs: number): Promise<boolean>;
    destroy(cause?: Error): void;
    onClosed: ((connection: never) => void) | undefined;
}
type PushAnswer = 'more' | 'done' | 'doubt';
type PushCallback = (push: RespPush) => unknown;
interface PushCallbackOptions {
    readonly signal?: AbortSignal | undefined;
    readonly once?: boolean | undefined;
    readonly replies?: 'string' | 'bytes' | undefined;
}
declare class PushCallbacks {
    #private;
    closed: boolean;
    add(type: string, callback: PushCallback, options?: InternalOptions): Disposable;
    wantsBytes(type: string): boolean;
    deliver(push: RespPush): void;
    close(): void;
}
declare class PushReplies {
    #private;
    error: RedisError | undefined;
    constructor(args: readonly CommandArgument[]);
    get commands(): readonly (readonly CommandArgument[])[];
    confirm({ pushType, data }: RespPush): boolean;
    answer(reply: BatchReply): PushAnswer;
}
declare class PushStream implements AsyncIterableIterator<RespPush>, AsyncDisposable {
    #private;
    constructor(callbacks: PushCallbacks, type: string, options: PushStreamOptions);
    get dropped(): number;
    next(): Promise<IteratorResult<RespPush, undefined>>;
    return(): Promise<IteratorResult<RespPush, undefined>>;
    [Symbol.asyncIterator](): this;
    [Symbol.asyncDispose](): Promise<void>;
}
interface PushStreamOptions {
    readonly signal?: AbortSignal | undefined;
    readonly replies?: PushCallbackOptions['replies'];
    readonly buffer?: {
        readonly limit?: number | undefined;
        readonly policy?: 'dropOldest' | 'dropNewest' | 'error' | undefined;
    } | undefined;
}
declare class QueueFullError extends ClientError {
    readonly name: string;
    readonly code: 'QUEUE_FULL';
    readonly limit: 'commands' | 'bytes';
    readonly size: number;
    constructor(limit: 'commands' | 'bytes', size: number, advice?: string);
}
type ReadTimeout = (args: Args) => number | undefined;
interface ReceiveOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
}
interface Reconnect {
    readonly server: Endpoint;
    readonly attempts: number;
    readonly downMs: number;
    readonly cause: Error;
}
interface ReconnectSettings {
    readonly minDelayMs: number;
    readonly maxDelayMs: number;
    readonly giveUpAfterMs: number;
}
declare class RecordingSlot {
    #private;
    constructor(recorder: ConnectionRecorder | undefined);
    opened(connection: TappableConnection): void;
    closed(connection: TappableConnection): void;
    attach(recorder: ConnectionRecorder): Disposable;
}
declare class RedisClient extends ClientView implements AsyncDisposable {
    #private;
    static readonly PUSH_COMMANDS: ReadonlySet<string>;
    constructor(host?: string, port?: number, options?: ClientOptions);
    constructor(url: string, options?: ClientOptions);
    constructor(port: number, options?: ClientOptions);
    constructor(options: ClientOptions);
    get status(): ClientStatus;
    get connection(): Connection | undefined;
    get connectionPool(): ConnectionPool<Connection>;
    get cache(): ClientCache | undefined;
    get topology(): 'standalone' | 'sentinel';
    get host(): string;
    get port(): number;
    pinnedTo(connection: Connection): Caller;
    connect(options?: UntilOptions): Promise<void>;
    registerPushCallback(type: string, callback: PushCallback, options?: PushCallbackOptions): Disposable;
    pushes(type?: string, options?: PushStreamOptions): PushStream;
    subscribe(topic: TopicInput, onMessage: (message: Message<Uint8Array>) => unknown, options: SubscribeOptions & {
        readonly replies: 'bytes';
    }): Promise<Subscription>;
    subscribe(topic: TopicInput, onMessage: (message: Message) => unknown, options?: SubscribeOptions): Promise<Subscription>;
    subscribe(topics: TopicInput | readonly TopicInput[], options: StreamOptions & {
        readonly replies: 'bytes';
    }): MessageStream<Message<Uint8Array>>;
    subscribe(topics: TopicInput | readonly TopicInput[], options?: StreamOptions): MessageStream<Message>;
    onGap(listener: (gap: Gap) => unknown): Disposable;
    withConnection<T>(fn: (session: Session) => Promise<T> | T, options?: ExclusiveOptions): Promise<T>;
    update(keys: readonly CommandArgument[], fn: (session: Session) => Promise<CommandArgument[][] | undefined> | CommandArgument[][] | undefined, { attempts, ...options }?: UpdateOptions): Promise<(RespValue | Error)[] | undefined>;
    sendCommand(args: readonly CommandArgument[], { connection }?: {
        readonly connection?: Connection | undefined;
    }): Promise<Connection>;
    receive(connection: Connection, pushOnly?: boolean, options?: ReceiveOptions): Promise<RespValue | undefined>;
    attachRecorder(recorder: ConnectionRecorder): Disposable;
    metrics(): ClientMetrics;
    close({ drain, deadlineMs }?: CloseOptions): Promise<void>;
    destroy(): void;
    [Symbol.asyncDispose](): Promise<void>;
}
interface RedisDriver extends DriverCommands {
    readonly topology: 'standalone' | 'sentinel' | 'cluster';
    run(script: string, keys: readonly CommandArgument[], args: readonly CommandArgument[], options: DriverCallOptions & {
        replies: 'bytes';
    }): Promise<DriverReply<Uint8Array>>;
    run(script: string, keys: readonly CommandArgument[], args: readonly CommandArgument[], options?: DriverCallOptions): Promise<DriverReply>;
    lease(options?: DriverLeaseOptions): Promise<DriverLease>;
    scan(options?: DriverScanOptions): AsyncIterable<string>;
    subscribe(topic: Topic, onMessage: (message: Message<Uint8Array>) => void, options: DriverSubscribeOptions & {
        replies: 'bytes';
    }): Promise<Subscription>;
    subscribe(topic: Topic, onMessage: (message: Message) => void, options?: DriverSubscribeOptions): Promise<Subscription>;
    on<Name extends keyof DriverEvents>(event: Name, listener: (...args: DriverEvents[Name]) => void): Disposable;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
interface Refusal {
    readonly reason: string;
    readonly instead: string;
    readonly exclusive: boolean;
    readonly transaction?: boolean;
    readonly pushReplied?: boolean;
}
declare class ReplyError extends RedisError implements Delivery {
    readonly name: string;
    readonly command: string;
    readonly maybeExecuted: boolean;
    readonly phase: Phase;
    readonly advice: string | undefined;
    constructor(reply: RedisError, command: string);
}
interface ReplyReader {
    feed(chunk: Uint8Array): void;
    getObject(): unknown;
}
interface ReplyReaderClass {
    new (): ReplyReader;
    readonly sentinel: unknown;
}
interface ResolvedCacheOptions {
    readonly maxBytes: number;
    readonly mode: TrackingMode;
    readonly prefixes: readonly Uint8Array[];
    readonly ttlMs: number;
    readonly noLoop: boolean;
}
interface ResolvedOptions extends Omit<ClientSettings, 'tls' | 'sentinels' | 'sentinelTls'> {
    readonly tls: ConnectionOptions | undefined;
    readonly sentinels: readonly ServerAddress[] | undefined;
    readonly sentinelTls: ConnectionOptions | undefined;
    readonly locator: Locator | undefined;
}
type RetryPolicy = 'safe' | 'never' | 'always';
interface Route {
    readonly readOnly: boolean;
    readonly script: boolean;
    readonly destructive: boolean;
    readonly dirties: boolean;
    readonly pushReplied: boolean;
    readonly refusal: Refusal | undefined;
    readonly blockingTimeoutMs: BlockingTimeout['read'];
    readonly withTimeout: BlockingTimeout['write'];
}
declare class Script {
    readonly source: string;
    readonly sha: string;
    constructor(source: string);
}
type SentinelAddress = string | {
    readonly host: string;
    readonly port?: number | undefined;
};
interface ServerAddress {
    readonly host: string;
    readonly port: number;
}
interface ServerInfo {
    readonly protocol: 2 | 3;
    readonly id: number | undefined;
    readonly name: string | undefined;
    readonly version: string | undefined;
    readonly mode: string | undefined;
    readonly role: string | undefined;
}
type ServerRole = 'master' | 'replica';
declare class Session extends Caller {
    #private;
    readonly connection: Connection;
    constructor(engine: Engine, connections: ExclusiveConnections, lease: Lease<Connection>);
    end(): Promise<void>;
}
declare class SignalWatch {
    #private;
    readonly signal: AbortSignal;
    static of(signal: AbortSignal): SignalWatch;
    private constructor();
    add(command: Command): boolean;
    remove(command: Command): void;
}
interface StateChange {
    readonly server: Endpoint;
    readonly state: ClientState;
}
interface StreamOptions extends SubscribeOptions {
    readonly buffer?: BufferOptions | undefined;
}
interface SubscribeOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
    readonly replies?: 'string' | 'bytes' | undefined;
    readonly onGap?: ((gap: Gap) => unknown) | undefined;
}
interface Subscription extends AsyncDisposable {
    readonly topic: Topic;
    readonly pause?: (() => Disposable) | undefined;
    unsubscribe(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
interface SubscriptionMetrics {
    readonly channels: number;
    readonly patterns: number;
    readonly shards: number;
    readonly delivered: number;
    readonly gaps: number;
    readonly dropped: number;
}
declare class Subscriptions {
    #private;
    constructor(engine: Engine, pushed: (push: RespPush, connection: Connection) => void);
    take(push: RespPush, connection: Connection): void;
    wantsBytes(pushType: string): boolean;
    onGap(listener: (gap: Gap) => unknown): Disposable;
    metrics(): SubscriptionMetrics;
    listen(input: TopicInput, onMessage: (message: never) => unknown, options: SubscribeOptions): Promise<Subscription>;
    stream<M extends AnyMessage>(inputs: TopicInput | readonly TopicInput[], options: StreamOptions): MessageStream<M>;
    open(topic: Topic, { onMessage, onClosed }: Waiting, options: SubscribeOptions): Promise<Subscription>;
    wholeUntil(): number;
    overflowed(gap: Gap, onGap: SubscribeOptions['onGap']): void;
    countDropped(): void;
    pause(by: object): void;
    resume(by: object): void;
}
interface TappableConnection extends TappedConnection {
    tap: ConnectionTap | undefined;
}
interface TappedConnection {
    readonly address: string;
    readonly midReply: boolean;
    readonly owedReplies: number;
    readonly replyLimits: Readonly<Partial<Limits>>;
}
declare class TickClock {
    #private;
    now(): number;
}
interface TimeoutDiagnosis {
    readonly state: string;
    readonly queued: number;
    readonly inFlight: number;
    readonly lastReadMsAgo: number | undefined;
    readonly p99Ms: number | undefined;
    readonly cause?: Error | undefined;
}
declare class TimeoutError extends ClientError {
    readonly name: string;
    readonly code: 'TIMEOUT';
    readonly timeoutMs: number;
    readonly diagnosis: TimeoutDiagnosis | undefined;
    constructor(what: string, details: Delivery & Cause & {
        readonly timeoutMs: number;
        readonly diagnosis?: TimeoutDiagnosis;
    });
}
type Topic = {
    readonly channel: string;
} | {
    readonly pattern: string;
} | {
    readonly shard: string;
};
type TopicInput = string | Topic;
type TopicKind = 'channel' | 'pattern' | 'shard';
interface Trace {
    readonly attributes: TraceAttributes;
    error?: TracedError;
}
interface TraceAttributes {
    readonly 'db.system.name': 'redis';
    readonly 'db.operation.name'?: string;
    readonly 'db.operation.batch.size'?: number;
    readonly 'db.namespace': string;
    readonly 'server.address': string;
    readonly 'server.port'?: number;
    'db.response.status_code'?: string;
    'error.type'?: string;
}
interface TracedError {
    readonly name: string;
    readonly code: string;
    readonly message: string;
}
type TracedServer = Endpoint & {
    readonly db: number;
};
type TrackingMode = 'optin' | 'default' | 'bcast';
type TrackingState = 'starting' | 'on' | 'off';
type Transaction = {
    readonly aborted: false;
    readonly replies: (RespValue | ReplyError)[];
} | {
    readonly aborted: true;
};
interface UntilOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
}
interface UpdateOptions extends ExclusiveOptions {
    readonly attempts?: number | undefined;
}
interface WaitPercentiles {
    readonly p50: number;
    readonly p99: number;
    readonly max: number;
}
interface Waiting {
    readonly onMessage: (message: AnyMessage) => unknown;
    readonly onClosed?: ((cause: Error) => void) | undefined;
}
declare function isTransient(error: unknown): boolean;
declare function routeOf(args: readonly CommandArgument[]): Route | undefined;
export {
  AbortError,
  AcquireOptions,
  AddressMapper,
  AddressPoolOptions,
  AddressProvider,
  BatchReply,
  BufferOptions,
  BufferOverflowError,
  CacheMetrics,
  CacheableCommand,
  CallOptions,
  Caller,
  ClientCacheHandle as ClientCache,
  ClientCacheSetup,
  ClientError,
  ClientErrorCode,
  ClientMetrics,
  ClientOptions,
  ClientState,
  ClientStatus,
  ClientView,
  CloseOptions,
  ClosedError,
  CommandArgument,
  CommandEncoder,
  CommandRefusedError,
  ConflictError,
  ConnectError,
  ConnectErrorCode,
  Connection,
  ConnectionLostError,
  ConnectionOwner,
  ConnectionPool,
  CredentialProvider,
  Credentials,
  CrossSlotError,
  Delivery,
  DriverBatch,
  DriverBatchOptions,
  DriverCallOptions,
  DriverCommands,
  DriverEvents,
  DriverLease,
  DriverLeaseOptions,
  DriverReply,
  DriverScanOptions,
  DriverSource,
  DriverSubscribeOptions,
  ExclusiveOptions,
  Gap,
  GapReport,
  Given,
  InvalidOptionError,
  LeakReport,
  Lease,
  LimitSettings,
  Message,
  MessageStream,
  PUSH_COMMANDS,
  Phase,
  PoolError,
  PoolErrorCode,
  PoolEvent,
  PoolFigures,
  PoolMetrics,
  PoolMisuseError,
  PoolOptions,
  PoolSettings,
  PooledConnection,
  PushCallback,
  PushCallbackOptions,
  PushStream,
  PushStreamOptions,
  QueueFullError,
  ReceiveOptions,
  Reconnect,
  ReconnectSettings,
  RedisClient,
  RedisDriver,
  Refusal,
  ReplyError,
  ReplyReader,
  ReplyReaderClass,
  RespPush,
  RespValue,
  RetryPolicy,
  Route,
  Script,
  SentinelAddress,
  ServerAddress,
  ServerInfo,
  ServerRole,
  Session,
  StateChange,
  StreamOptions,
  SubscribeOptions,
  Subscription,
  SubscriptionMetrics,
  TimeoutDiagnosis,
  TimeoutError,
  Topic,
  TopicInput,
  TopicKind,
  Trace,
  TraceAttributes,
  TracedError,
  TracedServer,
  TrackingState,
  Transaction,
  UntilOptions,
  UpdateOptions,
  WaitPercentiles,
  isTransient,
  routeOf,
};
