// The API of @redlane/client, written by "pnpm api:update".
import { CommandArgument } from '@redlane/resp3-core';
import { ConnectionOptions } from 'node:tls';
import { Limits } from '@redlane/resp3-core';
import { MapMode } from '@redlane/resp3-core';
import { RedisError } from '@redlane/resp3-core';
import { ReplyMode } from '@redlane/resp3-core';
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
interface AddressPoolOptions<C extends PooledConnection> extends PoolSettings {
    spawnConnection?: ((host: string, port: number, signal: AbortSignal) => Promise<C>) | undefined;
}
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
type BatchReply = RespValue | RedisError;
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
declare abstract class ClientError extends Error implements Delivery {
    readonly name: string;
    readonly code: ClientErrorCode;
    readonly maybeExecuted: boolean;
    readonly phase: Phase;
    constructor(code: ClientErrorCode, message: string, { maybeExecuted, phase }: Delivery, cause?: unknown);
}
type ClientErrorCode = 'CONNECTION_LOST' | 'TIMEOUT' | 'ABORTED' | 'QUEUE_FULL' | 'CLOSED' | 'COMMAND_REFUSED' | 'CONFLICT' | ConnectErrorCode | PoolErrorCode;
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
}
interface ClientOptions extends Given<Omit<ClientSettings, Groups>> {
    readonly reconnect?: Given<ReconnectSettings> | undefined;
    readonly limits?: Given<LimitSettings> | undefined;
    readonly pool?: Given<PoolSettings$1> | undefined;
}
interface ClientSettings {
    readonly host: string;
    readonly port: number;
    readonly path: string | undefined;
    readonly username: string | undefined;
    readonly password: string | undefined;
    readonly credentials: Credentials | CredentialProvider | undefined;
    readonly db: number;
    readonly clientName: string | undefined;
    readonly tls: boolean | ConnectionOptions;
    readonly protocol: 2 | 3;
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
    readonly pool: PoolSettings$1;
    readonly connectionPool: object | undefined;
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
interface ClientStatus extends AsyncIterable<ClientState, void, undefined> {
    readonly current: ClientState;
    until<State extends ClientState['state']>(state: State, options?: UntilOptions): Promise<Extract<ClientState, {
        state: State;
    }>>;
}
interface CloseOptions {
    readonly drain?: boolean | undefined;
    readonly deadlineMs?: number | undefined;
}
declare class ClosedError extends ClientError {
    readonly name: string;
    readonly code: 'CLOSED';
    constructor(what?: 'client' | 'connection' | 'pool', details?: Delivery & Cause);
}
declare class Command {
    #private;
    readonly args: readonly CommandArgument[];
    readonly batch: readonly (readonly CommandArgument[])[] | undefined;
    readonly settings: CommandSettings;
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
    owed: number;
    constructor(args: readonly CommandArgument[], batch: readonly (readonly CommandArgument[])[] | undefined, settings: CommandSettings, readOnly: boolean, deadline: number, bytes: number, resolve: (value: never) => void, reject: (error: Error) => void, keeper?: CommandKeeper);
    get name(): string;
    take(reply: BatchReply): boolean;
    answerWhenEmpty(error: Error): void;
    resolve(value: unknown): void;
    reject(error: Error): void;
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
    static open(options: ResolvedOptions, owner?: ConnectionOwner, signal?: AbortSignal): Promise<Connection>;
    private constructor();
    get closed(): boolean;
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
    get idle(): boolean;
    send(command: Command): void;
    exchange(commands: readonly (readonly CommandArgument[])[], timeoutMs?: number): Promise<BatchReply[]>;
    check(timeoutMs: number): Promise<boolean>;
    reset(timeoutMs: number): Promise<boolean>;
    drained(): Promise<void>;
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
    onLost?(connection: Connection, cause: Error, unsent: Command[], written: Command[]): Command[];
    onRefused?(connection: Connection, command: Command, error: RedisError): boolean;
    onSilence?: ((cause: Error) => void) | undefined;
    readonly latency?: LatencyHistogram;
}
declare class ConnectionPool<C extends PooledConnection = Connection> implements AsyncDisposable {
    #private;
    readonly maxConnections: number;
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
    metrics(): PoolMetrics;
    close({ deadlineMs }?: {
        deadlineMs?: number;
    }): Promise<void>;
    destroy(): void;
    [Symbol.asyncDispose](): Promise<void>;
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
    lost: number;
    constructor(options: ResolvedOptions, pushed: (push: RespPush, connection: Connection) => void);
    get status(): ClientStatus;
    get connection(): Connection | undefined;
    get closing(): boolean;
    get queued(): number;
    submit(command: Command): void;
    settled(command: Command): void;
    connect(): Promise<void>;
    diagnose(): TimeoutDiagnosis;
    onPush(push: RespPush, connection: Connection): void;
    onLost(connection: Connection, cause: Error, unsent: Command[], written: Command[]): Command[];
    onRefused(connection: Connection, command: Command, error: RedisError): boolean;
    close(drain: boolean, deadlineMs: number): Promise<void>;
    destroy(cause?: Error): void;
}
interface ExclusiveOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
}
type Given<Settings> = {
    readonly [Name in keyof Settings]?: Settings[Name] | undefined;
};
type Groups = 'reconnect' | 'limits' | 'pool';
declare class InvalidOptionError extends TypeError {
    readonly name: string;
    readonly code = "INVALID_OPTION";
    readonly option: string;
    constructor(option: string, problem: string);
}
declare class LatencyHistogram {
    #private;
    get count(): number;
    record(us: number): void;
    percentile(p: number): number | undefined;
    snapshot(): LatencySnapshot;
}
interface LatencySnapshot {
    readonly count: number;
    readonly meanMs: number | undefined;
    readonly p50Ms: number | undefined;
    readonly p90Ms: number | undefined;
    readonly p99Ms: number | undefined;
    readonly p999Ms: number | undefined;
    readonly maxMs: number | undefined;
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
    });
}
type PoolErrorCode = 'POOL_TIMEOUT' | 'POOL_CLOSED';
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
interface PoolOptions<C extends PooledConnection> extends PoolSettings {
    spawnConnection: (signal: AbortSignal) => Promise<C>;
}
interface PoolSettings {
    maxConnections?: number | undefined;
    minConnections?: number | undefined;
    acquireTimeoutMs?: number | undefined;
    idleTimeoutMs?: number | undefined;
    maxLifetimeMs?: number | undefined;
    checkIdleAfterMs?: number | undefined;
    healthTimeoutMs?: number | undefined;
    leakReportMs?: number | undefined;
    onLeak?: ((report: LeakReport) => void) | undefined;
    random?: (() => number) | undefined;
}
interface PoolSettings$1 {
    readonly minConnections: number;
    readonly maxConnections: number;
    readonly acquireTimeoutMs: number;
    readonly idleTimeoutMs: number;
    readonly maxLifetimeMs: number;
    readonly checkIdleAfterMs: number;
    readonly leakReportMs: number;
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
type PushCallback = (push: RespPush) => unknown;
interface PushCallbackOptions {
    readonly signal?: AbortSignal | undefined;
    readonly once?: boolean | undefined;
}
declare class QueueFullError extends ClientError {
    readonly name: string;
    readonly code: 'QUEUE_FULL';
    readonly limit: 'commands' | 'bytes';
    readonly size: number;
    constructor(limit: 'commands' | 'bytes', size: number);
}
type ReadTimeout = (args: readonly CommandArgument[]) => number | undefined;
interface ReconnectSettings {
    readonly minDelayMs: number;
    readonly maxDelayMs: number;
    readonly giveUpAfterMs: number;
}
declare class RedisClient extends Caller implements AsyncDisposable {
    #private;
    static readonly PUSH_COMMANDS: ReadonlySet<string>;
    constructor(host?: string, port?: number, options?: ClientOptions);
    constructor(url: string, options?: ClientOptions);
    constructor(port: number, options?: ClientOptions);
    constructor(options: ClientOptions);
    get status(): ClientStatus;
    get connectionPool(): ConnectionPool<Connection>;
    get host(): string;
    get port(): number;
    connect(): Promise<void>;
    registerPushCallback(type: string, callback: PushCallback, options?: PushCallbackOptions): Disposable;
    withConnection<T>(fn: (session: Session) => Promise<T> | T, options?: ExclusiveOptions): Promise<T>;
    update(keys: readonly CommandArgument[], fn: (session: Session) => Promise<CommandArgument[][] | undefined> | CommandArgument[][] | undefined, { attempts, ...options }?: UpdateOptions): Promise<(RespValue | Error)[] | undefined>;
    sendCommand(args: readonly CommandArgument[], { connection }?: {
        readonly connection?: Connection | undefined;
    }): Promise<Connection>;
    receive(connection: Connection, pushOnly?: boolean): Promise<RespValue | undefined>;
    metrics(): ClientMetrics;
    close({ drain, deadlineMs }?: CloseOptions): Promise<void>;
    destroy(): void;
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
interface ResolvedOptions extends Omit<ClientSettings, 'tls'> {
    readonly tls: ConnectionOptions | undefined;
}
type RetryPolicy = 'safe' | 'never' | 'always';
interface Route {
    readonly readOnly: boolean;
    readonly script: boolean;
    readonly destructive: boolean;
    readonly dirties: boolean;
    readonly pushReplied: boolean;
    readonly refusal: Refusal | undefined;
    readonly blockingTimeoutMs: ReadTimeout;
}
declare class Script {
    readonly source: string;
    readonly sha: string;
    constructor(source: string);
}
interface ServerInfo {
    readonly protocol: 2 | 3;
    readonly id: number | undefined;
    readonly name: string | undefined;
    readonly version: string | undefined;
    readonly mode: string | undefined;
    readonly role: string | undefined;
}
declare class Session extends Caller {
    #private;
    readonly connection: Connection;
    constructor(engine: Engine, connection: Connection);
    end(): void;
}
declare class SignalWatch {
    #private;
    readonly signal: AbortSignal;
    constructor(signal: AbortSignal);
    add(command: Command): boolean;
    remove(command: Command): void;
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
}
declare class TimeoutError extends ClientError {
    readonly name: string;
    readonly code: 'TIMEOUT';
    readonly timeoutMs: number;
    readonly diagnosis: TimeoutDiagnosis | undefined;
    constructor(what: string, details: Delivery & {
        readonly timeoutMs: number;
        readonly diagnosis?: TimeoutDiagnosis;
    });
}
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
export {
  AbortError,
  AcquireOptions,
  AddressPoolOptions,
  CallOptions,
  Caller,
  ClientError,
  ClientErrorCode,
  ClientMetrics,
  ClientOptions,
  ClientState,
  ClientStatus,
  CloseOptions,
  ClosedError,
  CommandArgument,
  CommandRefusedError,
  ConflictError,
  ConnectError,
  Connection,
  ConnectionLostError,
  ConnectionOwner,
  ConnectionPool,
  Delivery,
  ExclusiveOptions,
  InvalidOptionError,
  LeakReport,
  Lease,
  PUSH_COMMANDS,
  Phase,
  PoolError,
  PoolMetrics,
  PoolMisuseError,
  PoolOptions,
  PoolSettings,
  PooledConnection,
  PushCallback,
  PushCallbackOptions,
  QueueFullError,
  RedisClient,
  ReplyError,
  RespPush,
  RespValue,
  RetryPolicy,
  Script,
  Session,
  TimeoutDiagnosis,
  TimeoutError,
  Transaction,
  UntilOptions,
  UpdateOptions,
};
