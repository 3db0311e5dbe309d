// The API of @redlane/client/list-consumer, written by "pnpm api:update".
import { CommandArgument } from '@redlane/resp3-core';
import { RedisError } from '@redlane/resp3-core';
interface ClaimOptions {
    readonly max?: number | undefined;
    readonly waitMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
}
interface ConsumerStats {
    readonly id: string;
    readonly inProcess: number;
    readonly aliveForMs: number;
}
interface DeadLetter<Raw = Uint8Array> {
    readonly seq: number;
    readonly deliveries: number;
    readonly at: number;
    readonly reason: string;
    readonly raw: Raw;
}
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
interface EntriesOptions {
    readonly signal?: AbortSignal | undefined;
    readonly prefetch?: number | undefined;
}
interface Gap {
    readonly topic: Topic;
    readonly from: number;
    readonly to: number;
    readonly reason: 'connection' | 'moved' | 'overflow';
    readonly dropped?: number | undefined;
}
declare class ListConsumer<Replies extends 'bytes' | 'string' = 'bytes'> implements AsyncDisposable, AsyncIterable<ListEntry<RawOf<Replies>>> {
    #private;
    constructor(driver: RedisDriver, options: ListConsumerOptions<Replies>);
    get id(): string;
    claim({ max, waitMs, signal }?: ClaimOptions): Promise<ListEntry<RawOf<Replies>>[]>;
    ahead(): ListEntry<RawOf<Replies>>[];
    putBack(entries: readonly ListEntry<RawOf<Replies>>[]): void;
    entries({ signal, prefetch, }?: EntriesOptions): AsyncIterator<ListEntry<RawOf<Replies>>, undefined> & AsyncIterableIterator<ListEntry<RawOf<Replies>>>;
    [Symbol.asyncIterator](): AsyncIterator<ListEntry<RawOf<Replies>>, undefined> & AsyncIterableIterator<ListEntry<RawOf<Replies>>>;
    ack(entries: Pick<ListEntry, 'seq'> | readonly Pick<ListEntry, 'seq'>[]): Promise<number>;
    nack(entries: Pick<ListEntry, 'seq'> | readonly Pick<ListEntry, 'seq'>[], { requeue, reason }?: NackOptions): Promise<number>;
    recover(): Promise<number>;
    stats(): Promise<ListConsumerStats>;
    deadLetters({ offset, count, }?: {
        readonly offset?: number;
        readonly count?: number;
    }): Promise<DeadLetter<RawOf<Replies>>[]>;
    bury(raw: string | Uint8Array, { reason }?: {
        readonly reason?: string;
    }): Promise<void>;
    redrive(max: number, { into }?: {
        readonly into?: RedriveInto;
    }): Promise<number>;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
interface ListConsumerKeys {
    readonly consumers: string;
    readonly state: string;
    readonly retry: string;
    readonly dead: string;
    staging(id: string): string;
    work(id: string): string;
    acked(id: string): string;
}
interface ListConsumerOptions<Replies extends 'bytes' | 'string' = 'bytes'> {
    readonly source: string;
    readonly keys: string | ListConsumerKeys;
    readonly id?: string | undefined;
    readonly prefetch?: number | undefined;
    readonly heartbeatMs?: number | undefined;
    readonly deadAfterMs?: number | undefined;
    readonly maxDeliveries?: number | undefined;
    readonly maxDeadLetters?: number | undefined;
    readonly replies?: Replies | undefined;
}
interface ListConsumerStats {
    readonly waiting: number;
    readonly returned: number;
    readonly inProcess: number;
    readonly deadLetters: number;
    readonly consumers: readonly ConsumerStats[];
    readonly own: {
        readonly held: number;
        readonly buffered: number;
        readonly lost: number;
    };
}
interface ListEntry<Raw = Uint8Array> {
    readonly seq: number;
    readonly deliveries: number;
    readonly raw: Raw;
}
interface Message<Payload = string> {
    readonly channel: string;
    readonly payload: Payload;
    readonly pattern?: string | undefined;
}
interface NackOptions {
    readonly requeue?: boolean | undefined;
    readonly reason?: string | undefined;
}
type Phase = 'queued' | 'written' | 'refused' | 'connecting';
type RawOf<Replies extends 'bytes' | 'string'> = Replies extends 'string' ? string : Uint8Array;
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
type RedriveInto = 'returned' | 'source';
declare class ReplyError extends RedisError implements Delivery {
    readonly name: string;
    readonly command: string;
    readonly maybeExecuted: boolean;
    readonly phase: Phase;
    readonly advice: string | undefined;
    constructor(reply: RedisError, command: string);
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
declare function listConsumerKeys(prefix: string): ListConsumerKeys;
export {
  ClaimOptions,
  ConsumerStats,
  DeadLetter,
  EntriesOptions,
  ListConsumer,
  ListConsumerKeys,
  ListConsumerOptions,
  ListConsumerStats,
  ListEntry,
  NackOptions,
  RawOf,
  RedriveInto,
  listConsumerKeys,
};
