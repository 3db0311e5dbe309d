// The API of @redlane/resp3-core, written by "pnpm api:update".
declare class AttributedReply<T extends RespValue = RespValue> {
    readonly value: T;
    readonly attributes: RespAttributes;
    constructor(value: T, attributes: RespAttributes);
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
type ProtocolErrorCode = 'UNKNOWN_TYPE' | 'INVALID_LENGTH' | 'INVALID_VALUE' | 'INVALID_TERMINATOR' | 'INVALID_STRUCTURE' | 'LIMIT_EXCEEDED' | 'DECODER_FAILED';
declare class RedisError extends Error {
    readonly name: string;
    readonly code: string;
    constructor(message: string, options?: ErrorOptions);
}
type ReplyMode = 'string' | 'bytes';
type RespAttributes = Map<RespValue, RespValue>;
declare class RespDecoder {
    #private;
    replies: ReplyMode;
    maps: MapMode;
    constructor(handlers: RespDecoderHandlers, options?: RespDecoderOptions);
    get offset(): number;
    get pending(): boolean;
    write(chunk: Uint8Array): void;
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
    typed?: boolean;
    limits?: Partial<Limits>;
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
declare const defaultLimits: Readonly<Limits>;
export {
  AttributedReply,
  Limits,
  MapMode,
  ProtocolError,
  ProtocolErrorCode,
  RedisError,
  ReplyMode,
  RespAttributes,
  RespDecoder,
  RespDecoderHandlers,
  RespDecoderOptions,
  RespNode,
  RespPush,
  RespType,
  RespValue,
  VerbatimString,
  defaultLimits,
};
