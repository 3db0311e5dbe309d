// The API of @redlane/channel, written by "pnpm api:update".
import { ClientOptions } from '@redlane/client';
import { Codec } from '@redlane/client/codec';
import { ConsumerStats } from '@redlane/client/list-consumer';
import { DeadLetter } from '@redlane/client/list-consumer';
import { DecodeError } from '@redlane/client/codec';
import { DriverSource } from '@redlane/client';
import { JsonValue } from '@redlane/client/codec';
import { NackOptions } from '@redlane/client/list-consumer';
import { RedisClient } from '@redlane/client';
import { RedisDriver } from '@redlane/client';
import { StandardSchema } from '@redlane/client/codec';
type Address = number | readonly [
    host: string,
    port: number
] | string | ClientOptions;
declare class ChannelClosedError extends ChannelError {
    readonly name: string;
    readonly code: 'CLOSED';
    constructor(channel: string);
}
interface ChannelCounters {
    readonly expired: number;
    readonly undecodable: number;
    readonly dropped: number;
    readonly maybeLost: number;
    readonly lateReplies: number;
}
declare abstract class ChannelError extends Error {
    readonly name: string;
    readonly code: ChannelErrorCode;
    constructor(code: ChannelErrorCode, message: string, cause?: unknown);
}
type ChannelErrorCode = 'CLOSED' | 'CHANNEL_FULL' | 'PARTLY_SENT' | 'REQUEST_TIMEOUT' | 'HANDLER_FAILED' | 'NOT_SERVING';
declare class ChannelFullError extends ChannelError {
    readonly name: string;
    readonly code: 'CHANNEL_FULL';
    readonly maxLength: number;
    constructor(list: string, maxLength: number);
}
type ChannelName = string | readonly string[];
interface ChannelOptions<Incoming, Outgoing, Reliable extends boolean> {
    readonly codec?: Codec<Outgoing, Incoming> | undefined;
    readonly incoming?: StandardSchema<unknown, Incoming> | undefined;
    readonly outgoing?: StandardSchema<Outgoing> | undefined;
    readonly expireMs?: number | null | undefined;
    readonly refreshOnReceive?: boolean | undefined;
    readonly maxLength?: number | undefined;
    readonly overflow?: Overflow | undefined;
    readonly envelope?: boolean | undefined;
    readonly reliable?: Reliable | undefined;
    readonly prefetch?: number | undefined;
    readonly consumerId?: string | undefined;
    readonly heartbeatMs?: number | undefined;
    readonly deadAfterMs?: number | undefined;
    readonly maxDeliveries?: number | undefined;
    readonly maxDeadLetters?: number | undefined;
    readonly onUndecodable?: ((error: DecodeError) => void) | undefined;
    readonly unsafeName?: boolean | undefined;
    readonly hashTag?: boolean | undefined;
}
interface ChannelStats {
    readonly sending: number;
    readonly receiving: number;
    readonly returned: number;
    readonly inProcess: number;
    readonly deadLetters: number;
    readonly consumers: readonly ConsumerStats[];
    readonly oldestAgeMs: number | undefined;
    readonly own: ChannelCounters & {
        readonly buffered: number;
        readonly held: number;
        readonly lost: number;
    };
}
declare class ConnectionError extends ChannelError {
    readonly name: string;
    readonly code: 'NOT_SERVING';
    constructor(where: string, problem: string, cause: unknown);
}
interface Delivery<T> {
    readonly data: T;
    readonly seq: number;
    readonly deliveries: number;
    ack(): Promise<boolean>;
    nack(options?: NackOptions): Promise<boolean>;
}
type Handler<Incoming, Outgoing> = (data: Incoming, context: HandlerContext) => Outgoing | Promise<Outgoing>;
interface HandlerContext {
    readonly deliveries: number;
    readonly isRequest: boolean;
    readonly signal: AbortSignal;
}
declare class HandlerError extends ChannelError {
    readonly name: string;
    readonly code: 'HANDLER_FAILED';
    readonly remote: HandlerFailure;
    constructor(remote: HandlerFailure);
}
interface HandlerFailure {
    readonly name: string;
    readonly message: string;
    readonly code?: string | undefined;
}
interface MessagesOptions {
    readonly signal?: AbortSignal | undefined;
    readonly prefetch?: number | undefined;
}
type Overflow = 'reject' | 'dropOldest' | 'wait';
declare class PartlySentError extends ChannelError {
    readonly name: string;
    readonly code: 'PARTLY_SENT';
    readonly sent: number;
    readonly maybeExecuted: boolean;
    constructor(sent: number, count: number, cause: unknown);
}
type Peer = 'client' | 'server';
type Received<Incoming, Reliable extends boolean> = Reliable extends true ? Delivery<Incoming> : Incoming;
declare class RedisChannel<Incoming = JsonValue, Outgoing = JsonValue, Reliable extends boolean = false> implements AsyncDisposable, AsyncIterable<Received<Incoming, Reliable>> {
    #private;
    readonly channel: string;
    readonly peer: Peer;
    readonly sendListName: string;
    readonly recvListName: string;
    readonly driver: RedisDriver;
    constructor(address: DriverSource, channel: ChannelName, peer: Peer, options?: ChannelOptions<Incoming, Outgoing, Reliable> | number);
    sendMsg(data: Outgoing, options?: SendOptions): Promise<number>;
    sendMsgs(messages: Iterable<Outgoing>, options?: SendOptions): Promise<number>;
    recvMsg(): Promise<Received<Incoming, Reliable> | undefined>;
    brecvMsg(wait?: number | WaitOptions): Promise<Received<Incoming, Reliable> | undefined>;
    recvMsgs(max: number): Promise<Received<Incoming, Reliable>[]>;
    brecvMsgs(max: number, wait?: number | WaitOptions): Promise<Received<Incoming, Reliable>[]>;
    recvLastMsg(): Promise<Received<Incoming, Reliable> | undefined>;
    brecvLastMsg(wait?: number | WaitOptions): Promise<Received<Incoming, Reliable> | undefined>;
    peekMsg(): Promise<Incoming | undefined>;
    rpeekMsg(): Promise<Incoming | undefined>;
    messages({ signal, prefetch, }?: MessagesOptions): AsyncIterator<Received<Incoming, Reliable>, undefined> & AsyncIterableIterator<Received<Incoming, Reliable>>;
    [Symbol.asyncIterator](): AsyncIterator<Received<Incoming, Reliable>, undefined> & AsyncIterableIterator<Received<Incoming, Reliable>>;
    ack(deliveries: Delivery<Incoming> | readonly Delivery<Incoming>[]): Promise<number>;
    nack(deliveries: Delivery<Incoming> | readonly Delivery<Incoming>[], options?: NackOptions): Promise<number>;
    recover(): Promise<number>;
    deadLetters(options?: {
        readonly offset?: number;
        readonly count?: number;
    }): Promise<DeadLetter<Uint8Array | string>[]>;
    redrive(max: number): Promise<number>;
    request(data: Outgoing, options?: RequestOptions): Promise<Incoming>;
    serve(handler: Handler<Incoming, Outgoing>, options?: ServeOptions): Serving;
    listChannel(prefix: ChannelName): Promise<string[]>;
    channels(prefix: ChannelName, options?: {
        readonly signal?: AbortSignal | undefined;
    }): AsyncGenerator<string, void, undefined>;
    stats(): Promise<ChannelStats>;
    destroyChannel(): Promise<void>;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
interface RequestOptions {
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
}
declare class RequestTimeoutError extends ChannelError {
    readonly name: string;
    readonly code: 'REQUEST_TIMEOUT';
    readonly timeoutMs: number;
    constructor(channel: string, timeoutMs: number);
}
interface SendOptions {
    readonly ttlMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
}
interface ServeOptions {
    readonly concurrency?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly graceMs?: number | undefined;
    readonly onError?: ((error: unknown) => void) | undefined;
}
interface Serving extends AsyncDisposable {
    readonly ended: Promise<void>;
    stop(): Promise<void>;
}
interface SharedClient extends AsyncDisposable {
    readonly client: RedisClient;
    release(): Promise<void>;
}
interface WaitOptions {
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
}
interface WaitServeOptions {
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
}
declare function getClient(address: Address): SharedClient;
declare function waitServe(address: DriverSource, wait?: number | WaitServeOptions): Promise<void>;
export {
  Address,
  ChannelClosedError,
  ChannelCounters,
  ChannelError,
  ChannelErrorCode,
  ChannelFullError,
  ChannelName,
  ChannelOptions,
  ChannelStats,
  ConnectionError,
  Delivery,
  Handler,
  HandlerContext,
  HandlerError,
  HandlerFailure,
  MessagesOptions,
  Overflow,
  PartlySentError,
  Peer,
  Received,
  RedisChannel,
  RequestOptions,
  RequestTimeoutError,
  SendOptions,
  ServeOptions,
  Serving,
  SharedClient,
  WaitOptions,
  WaitServeOptions,
  getClient,
  waitServe,
};
