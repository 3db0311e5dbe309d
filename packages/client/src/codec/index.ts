export { bytes } from './bytes.js';
export type { Codec, Encoded, SyncCodec } from './codec.js';
export { CodecError, type CodecErrorCode, DecodeError, EncodeError } from './codec-errors.js';
export { type JsonOptions, type JsonValue, json } from './json.js';
export type {
  SchemaInput,
  SchemaIssue,
  SchemaOutput,
  SchemaResult,
  StandardSchema,
} from './standard-schema.js';
export { text } from './text.js';
export { withSchema } from './with-schema.js';
