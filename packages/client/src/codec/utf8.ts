import { isUtf8 } from 'node:buffer';
import type { Encoded } from './codec.js';
import { DecodeError } from './codec-errors.js';

const REPLACEMENT = '\ufffd';

/** What was received as text. @throws DecodeError for bytes that are no UTF-8, which would be replaced by other characters */
export function textOf(raw: Encoded): string {
  if (typeof raw === 'string') return raw;
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString();
  if (text.includes(REPLACEMENT) && !isUtf8(raw)) throw new DecodeError(raw, 'it is no UTF-8');
  return text;
}
