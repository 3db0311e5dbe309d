// The API of @redlane/client/cache, written by "pnpm api:update".
import { CommandArgument } from '@redlane/resp3-core';
import { ConnectionOptions } from 'node:tls';
import { Limits } from '@redlane/resp3-core';
import { MapMode } from '@redlane/resp3-core';
import { RedisError } from '@redlane/resp3-core';
import { ReplyMode } from '@redlane/resp3-core';
import { RespDecoderOptions } from '@redlane/resp3-core';
import { RespPush } from '@redlane/resp3-core';
import { RespValue } from '@redlane/resp3-core';
type AddressMapper = (address: ServerAddress) => ServerAddress;
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
type Args = readonly CommandArgument[];
type BatchReply = RespValue | RedisError;
declare class BlockingTimeout {
    #private;
    constructor(find: (args: Args) => number | undefined, unitMs: number);
    readonly read: ReadTimeout;
    readonly write: (args: Args, ms: number) => Args;
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
interface ClientCacheOptions {
    readonly maxBytes?: number | undefined;
    readonly mode?: TrackingMode | undefined;
    readonly prefixes?: readonly (string | Uint8Array)[] | undefined;
    readonly ttlMs?: number | undefined;
    readonly noLoop?: boolean | undefined;
}
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
interface Delivery {
    readonly maybeExecuted: boolean;
    readonly phase: Phase;
}
type Dial = (at: ServerAddress, signal: AbortSignal, check?: (connection: Connection) => Promise<void>) => Promise<Connection>;
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
type Phase = 'queued' | 'written' | 'refused' | 'connecting';
interface Place {
    readonly exclusive: boolean;
    readonly transaction: boolean;
}
type PoolErrorCode = 'POOL_TIMEOUT' | 'POOL_CLOSED';
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
type PushAnswer = 'more' | 'done' | 'doubt';
declare class PushReplies {
    #private;
    error: RedisError | undefined;
    constructor(args: readonly CommandArgument[]);
    get commands(): readonly (readonly CommandArgument[])[];
    confirm({ pushType, data }: RespPush): boolean;
    answer(reply: BatchReply): PushAnswer;
}
type ReadTimeout = (args: Args) => number | undefined;
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
interface Refusal {
    readonly reason: string;
    readonly instead: string;
    readonly exclusive: boolean;
    readonly transaction?: boolean;
    readonly pushReplied?: boolean;
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
declare class SignalWatch {
    #private;
    readonly signal: AbortSignal;
    static of(signal: AbortSignal): SignalWatch;
    private constructor();
    add(command: Command): boolean;
    remove(command: Command): void;
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
type TracedServer = Endpoint & {
    readonly db: number;
};
type TrackingMode = 'optin' | 'default' | 'bcast';
type TrackingState = 'starting' | 'on' | 'off';
interface UntilOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
}
declare function clientCache(options?: ClientCacheOptions): ClientCacheSetup;
export {
  CacheMetrics,
  CacheableCommand,
  ClientCache,
  ClientCacheOptions,
  ClientCacheSetup,
  TrackingMode,
  TrackingState,
  clientCache,
};
