import type { SyncCodec } from './codec.js';
import { EncodeError } from './codec-errors.js';

/** Bytes as they are. */
export const bytes: SyncCodec<Uint8Array> = Object.freeze<SyncCodec<Uint8Array>>({
  replies: 'bytes',
  encode(value) {
    if (!(value instanceof Uint8Array))
      throw new EncodeError(`bytes takes a Uint8Array, not ${typeof value}`);
    return value;
  },
  decode: (raw) => (typeof raw === 'string' ? Buffer.from(raw) : raw),
});
