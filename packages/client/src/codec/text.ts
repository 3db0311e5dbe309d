import type { SyncCodec } from './codec.js';
import { EncodeError } from './codec-errors.js';
import { textOf } from './utf8.js';

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Strings, as UTF-8. Bytes that are no UTF-8 are refused rather than replaced. */
export const text: SyncCodec<string> = Object.freeze<SyncCodec<string>>({
  replies: 'bytes',
  encode(value) {
    if (typeof value !== 'string') throw new EncodeError(`text takes a string, not ${typeof value}`);
    if (LONE_SURROGATE.test(value)) throw new EncodeError('half of a surrogate pair has no form in UTF-8');
    return value;
  },
  decode: textOf,
});
