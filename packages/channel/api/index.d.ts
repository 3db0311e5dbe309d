// The API of @redlane/channel, written by "pnpm api:update".
import { ClientOptions } from '@redlane/client';
import { Codec } from '@redlane/client/codec';
import { ConsumerStats } from '@redlane/client/list-consumer';
import { DeadLetter } from '@redlane/client/list-consumer';
import { DecodeError } from '@redlane/client/codec';
import { DriverSource } from '@redlane/client';
import { Encoded } from '@redlane/client/codec';
import { JsonValue } from '@redlane/client/codec';
import { NackOptions } from '@redlane/client/list-consumer';
import { RedisClient } from '@redlane/client';
import { RedisDriver } from '@redlane/client';
import { StandardSchema } from '@redlane/client/codec';
type Address = number | readonly [
    host: string,
    port: number
] | string | ClientOptions;
type Answer<Outgoing> = {
    readonly data: Outgoing;
} | {
    readonly error: HandlerFailure;
};
declare class ChannelClosedError extends ChannelError {
    readonly name: string;
    readonly code: 'CLOSED';
    constructor(channel: string);
}
interface ChannelCodec<Incoming, Outgoing> {
    readonly replies: 'string' | 'bytes';
    encode(value: Outgoing): Encoded | Promise<Encoded>;
    decode(raw: Encoded): Incoming | Promise<Incoming>;
}
declare abstract class ChannelError extends Error {
    readonly name: string;
    readonly code: ChannelErrorCode;
    constructor(code: ChannelErrorCode, message: string, cause?: unknown);
}
type ChannelErrorCode = 'CLOSED' | 'CHANNEL_FULL' | 'REQUEST_TIMEOUT' | 'HANDLER_FAILED' | 'NOT_SERVING';
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
    readonly own: Readonly<Counters> & {
        readonly buffered: number;
        readonly held: number;
        readonly lost: number;
    };
}
declare class ConnectionError extends ChannelError {
    readonly name: string;
    readonly code: 'NOT_SERVING';
    constructor(problem: string, cause: unknown);
}
interface Counters {
    expired: number;
    undecodable: number;
    dropped: number;
    maybeLost: number;
    lateReplies: number;
}
declare class Delivery<T> {
    #private;
    readonly data: T;
    readonly seq: number;
    readonly deliveries: number;
    constructor(data: T, { seq, deliveries }: {
        seq: number;
        deliveries: number;
    }, settler: Settler);
    ack(): Promise<boolean>;
    nack(options?: NackOptions): Promise<boolean>;
}
declare class ExpiryRenewal {
    #private;
    constructor(driver: RedisDriver, list: string, expireMs: number);
    touch(): void;
}
type Handler<Incoming, Outgoing> = (data: Incoming, context: HandlerContext) => Outgoing | Promise<Outgoing>;
interface HandlerContext {
    readonly deliveries: number;
    readonly isRequest: boolean;
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
interface Header {
    readonly at: number;
    readonly ttl?: number | undefined;
    readonly id?: string | undefined;
    readonly from?: string | undefined;
    readonly re?: string | undefined;
    readonly error?: HandlerFailure | undefined;
}
interface Intake {
    take(options: TakeOptions): Promise<Taken[]>;
    stream(options: StreamOptions): TakenStream;
    putBack(taken: readonly Taken[]): void;
    takeLast(): Promise<Taken | undefined>;
    peek(end: 'oldest' | 'newest'): Promise<Encoded | undefined>;
    discard(taken: Taken): Promise<void>;
    bury(taken: Taken, reason: string): Promise<void>;
    readonly buffered: number;
    close(): Promise<void>;
}
interface MessagesOptions {
    readonly signal?: AbortSignal | undefined;
    readonly prefetch?: number | undefined;
}
interface Opened<Incoming> {
    readonly data: Incoming;
    readonly header: Header | undefined;
}
declare class Opener<Incoming> {
    #private;
    constructor(codec: Pick<ChannelCodec<Incoming, never>, 'decode'>, clock: ServerClock | undefined);
    open(raw: Encoded): Opened<Incoming> | undefined | Promise<Opened<Incoming> | undefined>;
    data(raw: Encoded): Incoming | Promise<Incoming>;
}
interface Opening<Incoming> extends Opened<Incoming> {
    readonly taken: Taken;
}
type Overflow = 'reject' | 'dropOldest' | 'wait';
type Peer = 'client' | 'server';
type Received<Incoming, Reliable extends boolean> = Reliable extends true ? Delivery<Incoming> : Incoming;
declare class Receiver<Incoming, Reliable extends boolean> {
    #private;
    constructor(parts: ReceiverParts<Incoming>);
    one({ waitMs, signal }: Wait): Promise<Received<Incoming, Reliable> | undefined>;
    many(max: number, wait: Wait): Promise<Received<Incoming, Reliable>[]>;
    last({ waitMs, signal }: Wait): Promise<Received<Incoming, Reliable> | undefined>;
    peek(end: 'oldest' | 'newest'): Promise<Incoming | undefined>;
    messages(signal: AbortSignal | undefined, prefetch: number): AsyncIterator<Received<Incoming, Reliable>, undefined> & AsyncIterableIterator<Received<Incoming, Reliable>>;
    open(max: number, { waitMs, signal }: Wait): Promise<Opening<Incoming>[]>;
}
interface ReceiverParts<Incoming> {
    readonly intake: Intake;
    readonly opener: Opener<Incoming>;
    readonly settler: Settler | undefined;
    readonly renewal: ExpiryRenewal | undefined;
    readonly counters: Counters;
    readonly onUndecodable: ((error: DecodeError) => void) | undefined;
}
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
    serve(handler: Handler<Incoming, Outgoing>, options?: ServeOptions): Serving<Incoming, Outgoing>;
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
    readonly onError?: ((error: unknown) => void) | undefined;
}
declare class ServerClock {
    #private;
    constructor(driver: RedisDriver);
    now(): Promise<number>;
}
declare class Serving<Incoming, Outgoing> implements AsyncDisposable {
    #private;
    readonly ended: Promise<void>;
    constructor(parts: ServingParts<Incoming, Outgoing>, handler: Handler<Incoming, Outgoing>, { concurrency, signal, onError }: ServeOptions);
    stop(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
interface ServingParts<Incoming, Outgoing> {
    readonly receiver: Receiver<Incoming, boolean>;
    readonly settler: Settler | undefined;
    readonly reply: (request: Header, answer: Answer<Outgoing>) => Promise<void>;
}
interface Settler {
    ack(entry: {
        readonly seq: number;
    }): Promise<number>;
    nack(entry: {
        readonly seq: number;
    }, options?: NackOptions): Promise<number>;
}
interface SharedClient extends AsyncDisposable {
    readonly client: RedisClient;
    release(): Promise<void>;
}
interface StreamOptions {
    readonly signal: AbortSignal;
    readonly prefetch: number;
}
interface TakeOptions {
    readonly max: number;
    readonly waitMs: number;
    readonly signal: AbortSignal | undefined;
}
interface Taken {
    readonly raw: Encoded;
    readonly seq?: number;
    readonly deliveries?: number;
}
interface TakenStream {
    shift(): Taken | undefined;
    next(): Promise<Taken | undefined>;
}
interface Wait {
    readonly waitMs: number;
    readonly signal: AbortSignal | undefined;
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
  ChannelError,
  ChannelErrorCode,
  ChannelFullError,
  ChannelName,
  ChannelOptions,
  ChannelStats,
  ConnectionError,
  Counters,
  Delivery,
  Handler,
  HandlerContext,
  HandlerError,
  HandlerFailure,
  MessagesOptions,
  Overflow,
  Peer,
  Received,
  RedisChannel,
  RequestOptions,
  RequestTimeoutError,
  SendOptions,
  ServeOptions,
  Serving,
  Settler,
  SharedClient,
  WaitOptions,
  WaitServeOptions,
  getClient,
  waitServe,
};
