// The API of @redlane/client/codec, written by "pnpm api:update".
interface Codec<Sent, Received = Sent> {
    readonly replies: 'string' | 'bytes';
    encode(value: Sent): Encoded | Promise<Encoded>;
    decode(raw: Encoded): Received | Promise<Received>;
}
declare abstract class CodecError extends Error {
    readonly name: string;
    readonly code: CodecErrorCode;
    readonly issues: readonly SchemaIssue[] | undefined;
    constructor(code: CodecErrorCode, message: string, { cause, issues }: Details);
}
type CodecErrorCode = 'ENCODE_FAILED' | 'DECODE_FAILED';
declare class DecodeError extends CodecError {
    #private;
    readonly name: string;
    readonly code: 'DECODE_FAILED';
    constructor(raw: string | Uint8Array, problem: string, details?: Details);
    get raw(): Uint8Array;
}
interface Details {
    readonly cause?: unknown;
    readonly issues?: readonly SchemaIssue[] | undefined;
}
declare class EncodeError extends CodecError {
    readonly name: string;
    readonly code: 'ENCODE_FAILED';
    constructor(problem: string, details?: Details);
}
type Encoded = string | Uint8Array;
interface JsonOptions {
    readonly python?: boolean | undefined;
}
type JsonValue = string | number | boolean | null | readonly JsonValue[] | {
    readonly [key: string]: JsonValue | undefined;
};
type SchemaInput<Schema extends StandardSchema> = Types<Schema>['input'];
interface SchemaIssue {
    readonly message: string;
    readonly path?: readonly (PropertyKey | {
        readonly key: PropertyKey;
    })[] | undefined;
}
type SchemaOutput<Schema extends StandardSchema> = Types<Schema>['output'];
type SchemaResult<Output> = {
    readonly value: Output;
    readonly issues?: undefined;
} | {
    readonly issues: readonly SchemaIssue[];
};
interface StandardSchema<Input = unknown, Output = Input> {
    readonly '~standard': {
        readonly version: 1;
        readonly vendor: string;
        readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
        readonly types?: {
            readonly input: Input;
            readonly output: Output;
        } | undefined;
    };
}
interface SyncCodec<Sent, Received = Sent> extends Codec<Sent, Received> {
    encode(value: Sent): Encoded;
    decode(raw: Encoded): Received;
}
type Types<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>;
declare const bytes: SyncCodec<Uint8Array>;
declare function json<T = JsonValue>({ python }?: JsonOptions): SyncCodec<T>;
declare const text: SyncCodec<string>;
declare function withSchema<Schema extends StandardSchema>(codec: Codec<never, unknown>, schema: Schema): Codec<SchemaInput<Schema>, SchemaOutput<Schema>>;
export {
  Codec,
  CodecError,
  CodecErrorCode,
  DecodeError,
  EncodeError,
  Encoded,
  JsonOptions,
  JsonValue,
  SchemaInput,
  SchemaIssue,
  SchemaOutput,
  SchemaResult,
  StandardSchema,
  SyncCodec,
  bytes,
  json,
  text,
  withSchema,
};
