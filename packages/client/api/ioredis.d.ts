// The API of @redlane/client/ioredis, written by "pnpm api:update".
import { CommandArgument } from '@redlane/resp3-core';
import { RedisError } from '@redlane/resp3-core';
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
interface Gap {
    readonly topic: Topic;
    readonly from: number;
    readonly to: number;
    readonly reason: 'connection' | 'moved' | 'overflow';
    readonly dropped?: number | undefined;
}
interface IoredisCluster extends IoredisRedis {
    readonly isCluster: boolean;
    readonly slots: readonly (readonly string[])[];
    nodes(...args: never[]): unknown;
}
interface IoredisDriverOptions {
    readonly share?: boolean | undefined;
    readonly timeoutMs?: number | undefined;
    readonly maxLeases?: number | undefined;
    readonly leaseTimeoutMs?: number | undefined;
    readonly blockSliceMs?: number | undefined;
    readonly blockingGraceMs?: number | undefined;
    readonly pingIntervalMs?: number | undefined;
    readonly silenceTimeoutMs?: number | undefined;
    readonly limits?: {
        readonly commands?: number | undefined;
    } | undefined;
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
interface Message<Payload = string> {
    readonly channel: string;
    readonly payload: Payload;
    readonly pattern?: string | undefined;
}
type Phase = 'queued' | 'written' | 'refused' | 'connecting';
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
declare function ioredisDriver(client: IoredisRedis | IoredisCluster, options?: IoredisDriverOptions): RedisDriver;
declare function isIoredis(value: unknown): value is IoredisRedis | IoredisCluster;
export {
  IoredisCluster,
  IoredisDriverOptions,
  IoredisRedis,
  ioredisDriver,
  isIoredis,
};
