export { RespDecoder, type RespDecoderHandlers } from './decoder.js';
export { ProtocolError, type ProtocolErrorCode, RedisError } from './errors.js';
export { defaultLimits, type Limits } from './limits.js';
export type { RespNode, RespType } from './node.js';
export type { MapMode, ReplyMode, RespDecoderOptions } from './options.js';
export { AttributedReply, type RespAttributes, RespPush, type RespValue, VerbatimString } from './values.js';
