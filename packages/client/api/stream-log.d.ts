// The API of @redlane/client/stream-log, written by "pnpm api:update".
import { CommandArgument } from '@redlane/resp3-core';
import { RedisError } from '@redlane/resp3-core';
interface AppendOptions {
    readonly target?: string | undefined;
    readonly exclude?: string | undefined;
    readonly idempotencyKey?: string | undefined;
    readonly copyTo?: {
        readonly channel: string;
        readonly payload: string | Uint8Array;
    } | undefined;
    readonly signal?: AbortSignal | undefined;
}
interface Appended {
    readonly position: string;
    readonly offset: number;
    readonly duplicate: boolean;
}
type Decode<Raw> = (bytes: Uint8Array) => Raw;
interface Delivery {
    readonly maybeExecuted: boolean;
    readonly phase: Phase;
}
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
interface DriverSubscribeOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
    readonly replies?: 'string' | 'bytes' | undefined;
    readonly onGap?: ((gap: Gap) => void) | undefined;
}
declare class EntryRing<Raw> {
    #private;
    constructor(size: number, mostBytes: number);
    get last(): number;
    covers(offset: number): boolean;
    at(offset: number): LogEntry<Raw>;
    push(entry: LogEntry<Raw>, bytes: number): void;
    forget(upTo: number): void;
    clear(last: number): void;
}
interface Gap {
    readonly topic: Topic;
    readonly from: number;
    readonly to: number;
    readonly reason: 'connection' | 'moved' | 'overflow';
    readonly dropped?: number | undefined;
}
interface HistoryOptions {
    readonly size?: number | undefined;
    readonly ageMs?: number | undefined;
    readonly exact?: boolean | undefined;
}
interface InboxOptions {
    readonly size?: number | undefined;
    readonly targets?: number | undefined;
}
interface LogContext {
    readonly driver: RedisDriver;
    readonly keys: StreamLogKeys;
    readonly size: number;
    readonly exact: boolean;
    readonly ageMs: number;
    readonly ttlMs: number;
    readonly inboxSize: number;
    readonly targets: number;
    readonly metaTtlMs: number;
    readonly idempotencyTtlMs: number;
    readonly publish: 'channel' | 'shard';
    readonly ringSize: number;
    readonly ringBytes: number;
    readonly pageSize: number;
    readonly checkMs: number;
    readonly lingerMs: number;
    readonly replies: 'bytes' | 'string';
}
type LogData = Readonly<Record<string, string | Uint8Array>>;
interface LogEntry<Raw = Uint8Array> {
    readonly type: 'entry';
    readonly position: string;
    readonly offset: number;
    readonly at: number;
    readonly data: Readonly<Record<string, Raw>>;
    readonly target?: string | undefined;
    readonly exclude?: string | undefined;
}
type LogEvent<Raw = Uint8Array> = {
    readonly type: 'open';
    readonly position: string;
} | {
    readonly type: 'reset';
    readonly position: string;
    readonly reason: ResetReason;
} | LogEntry<Raw>;
declare class LogNode<Raw> {
    #private;
    readonly context: LogContext;
    readonly ring: EntryRing<Raw>;
    readonly decode: Decode<Raw>;
    constructor(context: LogContext, decode: Decode<Raw>, onIdle: () => void);
    get epoch(): string | undefined;
    get term(): number;
    get position(): string;
    takeQuiet(): boolean;
    add(reader: NodeReader): void;
    remove(reader: NodeReader): void;
    endIfIdle(): void;
    page(offset: number): Promise<Page<Raw>>;
    compare(epoch: string | null, last: number, since: number): void;
    look(): Promise<void>;
    fail(error: unknown): void;
}
interface LogPage<Raw = Uint8Array> {
    readonly entries: readonly LogEntry<Raw>[];
    readonly position: string;
    readonly more: boolean;
    readonly reset: ResetReason | undefined;
}
declare class LogReader<Raw> implements AsyncIterableIterator<LogEvent<Raw>>, AsyncDisposable {
    #private;
    constructor(findNode: () => LogNode<Raw>, onEnd: (reader: LogReader<Raw>) => void, cursor: string | undefined, { target, from, onReadable, signal }: OpenOptions);
    get position(): string | undefined;
    get behind(): number;
    read(): LogEvent<Raw> | undefined;
    next(): Promise<IteratorResult<LogEvent<Raw>, undefined>>;
    return(): Promise<IteratorResult<LogEvent<Raw>, undefined>>;
    close(): void;
    [Symbol.asyncIterator](): this;
    [Symbol.asyncDispose](): Promise<void>;
}
interface Message<Payload = string> {
    readonly channel: string;
    readonly payload: Payload;
    readonly pattern?: string | undefined;
}
interface NodeReader {
    wake(): void;
    fail(error: unknown): void;
}
interface OpenOptions {
    readonly target?: string | undefined;
    readonly from?: 'now' | 'start' | undefined;
    readonly onReadable?: (() => void) | undefined;
    readonly signal?: AbortSignal | undefined;
}
interface Page<Raw> {
    readonly epoch: string;
    readonly last: number;
    readonly reset: ResetReason | undefined;
    readonly from: number;
    readonly upTo: number;
    readonly entries: readonly LogEntry<Raw>[];
    concerns(target: string): boolean;
}
type Phase = 'queued' | 'written' | 'refused' | 'connecting';
type RawOf<Replies extends 'bytes' | 'string'> = Replies extends 'string' ? string : Uint8Array;
interface ReadOptions {
    readonly target?: string | undefined;
    readonly from?: 'now' | 'start' | undefined;
    readonly limit?: number | undefined;
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
declare class ReplyError extends RedisError implements Delivery {
    readonly name: string;
    readonly command: string;
    readonly maybeExecuted: boolean;
    readonly phase: Phase;
    readonly advice: string | undefined;
    constructor(reply: RedisError, command: string);
}
type ResetReason = 'epoch' | 'ahead' | 'trimmed' | 'inbox';
interface RingOptions {
    readonly size?: number | undefined;
    readonly bytes?: number | undefined;
}
declare class StreamLog<Replies extends 'bytes' | 'string' = 'bytes'> implements AsyncDisposable {
    #private;
    constructor(driver: RedisDriver, options: StreamLogOptions<Replies>);
    append(data: LogData, options?: AppendOptions): Promise<Appended>;
    position(): Promise<string>;
    read(cursor?: string, { target, from, limit }?: ReadOptions): Promise<LogPage<RawOf<Replies>>>;
    open(cursor?: string, options?: OpenOptions): LogReader<RawOf<Replies>>;
    trim(what: Trim): Promise<number>;
    remove(): Promise<void>;
    removeInbox(target: string): Promise<void>;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
interface StreamLogKeys {
    readonly meta: string;
    readonly log: string;
    readonly inboxes: string;
    inbox(target: string): string;
    once(idempotencyKey: string): string;
    readonly topic: string;
}
interface StreamLogOptions<Replies extends 'bytes' | 'string' = 'bytes'> {
    readonly keys: string | StreamLogKeys;
    readonly history?: HistoryOptions | undefined;
    readonly inbox?: InboxOptions | undefined;
    readonly metaTtlMs?: number | undefined;
    readonly idempotencyTtlMs?: number | undefined;
    readonly publish?: 'channel' | 'shard' | undefined;
    readonly ring?: RingOptions | undefined;
    readonly pageSize?: number | undefined;
    readonly checkMs?: number | undefined;
    readonly lingerMs?: number | undefined;
    readonly replies?: Replies | undefined;
}
interface Subscription extends AsyncDisposable {
    readonly topic: Topic;
    readonly pause?: (() => Disposable) | undefined;
    unsubscribe(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
type Topic = {
    readonly channel: string;
} | {
    readonly pattern: string;
} | {
    readonly shard: string;
};
type Trim = {
    readonly size: number;
} | {
    readonly upTo: string;
};
declare function streamLogKeys(prefix: string): StreamLogKeys;
export {
  AppendOptions,
  Appended,
  HistoryOptions,
  InboxOptions,
  LogData,
  LogEntry,
  LogEvent,
  LogPage,
  LogReader,
  OpenOptions,
  RawOf,
  ReadOptions,
  ResetReason,
  RingOptions,
  StreamLog,
  StreamLogKeys,
  StreamLogOptions,
  Trim,
  streamLogKeys,
};
