// The API of @redlane/resp3-core, written by "pnpm api:update".
declare class AttributedReply<T extends RespValue = RespValue> {
    readonly value: T;
    readonly attributes: RespAttributes;
    constructor(value: T, attributes: RespAttributes);
}
type CommandArgument = string | number | bigint | Uint8Array;
declare class CommandArgumentError extends TypeError {
    readonly name = "CommandArgumentError";
    readonly code = "INVALID_ARGUMENT";
    readonly index: number | undefined;
    constructor(problem: string, advice: string, index?: number);
}
declare class CommandWriter {
    #private;
    constructor({ chunkBytes, passThroughBytes }?: CommandWriterOptions);
    get pendingBytes(): number;
    append(args: readonly CommandArgument[]): number;
    appendCommand(name: string, args: readonly CommandArgument[]): number;
    take(): Uint8Array[];
    recycle(): void;
}
interface CommandWriterOptions {
    chunkBytes?: number;
    passThroughBytes?: number;
}
interface EncodeReplyOptions {
    protocol?: 2 | 3;
    streamedChunkBytes?: number;
}
interface Limits {
    depth: number;
    bulkBytes: number;
    elements: number;
    replyBytes: number;
    lineBytes: number;
    bigNumberBytes: number;
}
type MapMode = 'map' | 'object' | 'entries';
declare class ProtocolError extends Error {
    readonly name = "ProtocolError";
    readonly code: ProtocolErrorCode;
    readonly offset: number;
    readonly expected: string;
    readonly excerpt: string;
    constructor(code: ProtocolErrorCode, offset: number, expected: string, excerpt?: string);
}
type ProtocolErrorCode = 'UNKNOWN_TYPE' | 'INVALID_LENGTH' | 'INVALID_VALUE' | 'INVALID_TERMINATOR' | 'INVALID_STRUCTURE' | 'LIMIT_EXCEEDED' | 'TRUNCATED' | 'DECODER_FAILED';
declare class RedisError extends Error {
    readonly name: string;
    readonly code: string;
    constructor(message: string, options?: ErrorOptions);
}
type Reply = RespValue | RespPush;
type ReplyMode = 'string' | 'bytes';
declare class ReplyValueError extends TypeError {
    readonly name = "ReplyValueError";
    readonly code = "INVALID_REPLY_VALUE";
    readonly path: readonly number[];
    constructor(problem: string, advice: string, path?: readonly number[]);
}
type Resp3Object<Typed extends boolean = false> = Typed extends true ? RespNode : RespValue | RespPush;
declare class Resp3Reader<Typed extends boolean = false> {
    #private;
    static readonly sentinel: unique symbol;
    constructor(options?: Resp3ReaderOptions<Typed>);
    get attributes(): RespAttributes | undefined;
    get offset(): number;
    get pending(): boolean;
    feed(chunk: Uint8Array): void;
    getObject(): Resp3Object<Typed> | typeof Resp3Reader.sentinel;
    objects(): Generator<Resp3Object<Typed>, void, undefined>;
    reset(): void;
}
interface Resp3ReaderOptions<Typed extends boolean = boolean> extends RespDecoderOptions {
    typed?: Typed;
}
type RespAttributes = Map<RespValue, RespValue>;
declare class RespDecoder {
    #private;
    replies: ReplyMode;
    maps: MapMode;
    constructor(handlers: RespDecoderHandlers, options?: RespDecoderOptions);
    get offset(): number;
    get pending(): boolean;
    write(chunk: Uint8Array, transient?: boolean): void;
    reset(): void;
}
interface RespDecoderHandlers {
    onReply(value: RespValue, attributes?: RespAttributes): void;
    onErrorReply(error: RedisError, attributes?: RespAttributes): void;
    onPush(push: RespPush, attributes?: RespAttributes): void;
}
interface RespDecoderOptions {
    replies?: ReplyMode;
    pushReplies?: ReplyMode | ((pushType: string) => ReplyMode);
    maps?: MapMode;
    sets?: 'set' | 'array';
    verbatim?: 'verbatim' | 'text';
    attributes?: 'beside' | 'wrap';
    limits?: Partial<Limits>;
}
declare class RespDecoderStream<Typed extends boolean = false> {
    #private;
    readonly readable: ReadableStream<Resp3Object<Typed>>;
    readonly writable: WritableStream<Uint8Array>;
    constructor(options?: Resp3ReaderOptions<Typed>);
}
type RespNode = {
    attributes?: [
        RespNode,
        RespNode
    ][];
    streamed?: true;
} & ({
    type: '+';
    value: string | Uint8Array;
} | {
    type: '-' | '!';
    value: RedisError;
} | {
    type: ':';
    value: number | bigint;
} | {
    type: '$';
    value: string | Uint8Array | null;
} | {
    type: '*';
    value: RespNode[] | null;
} | {
    type: '_';
    value: null;
} | {
    type: '#';
    value: boolean;
} | {
    type: ',';
    value: number;
} | {
    type: '(';
    value: bigint;
} | {
    type: '=';
    value: string | Uint8Array;
    format: string;
} | {
    type: '~' | '>';
    value: RespNode[];
} | {
    type: '%';
    value: [
        RespNode,
        RespNode
    ][];
});
declare class RespPush {
    readonly pushType: string;
    readonly data: RespValue[];
    constructor(pushType: string, data: RespValue[]);
}
type RespType = '+' | '-' | ':' | '$' | '*' | '_' | '#' | ',' | '(' | '!' | '=' | '~' | '%' | '>';
type RespValue = string | Uint8Array | number | bigint | boolean | null | VerbatimString | RedisError | AttributedReply | RespValue[] | Set<RespValue> | Map<RespValue, RespValue> | {
    [key: string]: RespValue;
};
declare class VerbatimString extends String {
    readonly format: string;
    constructor(text: string, format: string);
    toJSON(): string;
}
declare function checkArguments(args: readonly CommandArgument[], offset?: number): void;
declare const defaultLimits: Readonly<Limits>;
declare function encodeCommand(args: readonly CommandArgument[]): Uint8Array;
declare function encodeNode(node: RespNode, options?: EncodeReplyOptions): Uint8Array;
declare function encodeReply(value: Reply, options?: EncodeReplyOptions): Uint8Array;
declare function writeCommand(command: CommandArgument, ...args: CommandArgument[]): Uint8Array;
export {
  AttributedReply,
  CommandArgument,
  CommandArgumentError,
  CommandWriter,
  CommandWriterOptions,
  EncodeReplyOptions,
  Limits,
  MapMode,
  ProtocolError,
  ProtocolErrorCode,
  RedisError,
  Reply,
  ReplyMode,
  ReplyValueError,
  Resp3Object,
  Resp3Reader,
  Resp3ReaderOptions,
  RespAttributes,
  RespDecoder,
  RespDecoderHandlers,
  RespDecoderOptions,
  RespDecoderStream,
  RespNode,
  RespPush,
  RespType,
  RespValue,
  VerbatimString,
  checkArguments,
  defaultLimits,
  encodeCommand,
  encodeNode,
  encodeReply,
  writeCommand,
};
