import { type RespValue, VerbatimString } from '@redlane/resp3-core';

/** A copy in memory of its own. Strings and bytes of a reply may be windows into something larger, which they would keep. */
export function kept(value: RespValue): RespValue {
  return copy(value, ownText, ownBytes);
}

/** What a caller gets: the value itself if nobody can change it, else a copy, which is the caller's to change. */
export function handedOut(value: RespValue): RespValue {
  return typeof value !== 'object' || value === null ? value : copy(value, same, ownBytes);
}

/** A string in memory of its own; lone surrogates stay what they are. */
export function ownText(text: string): string {
  const ascii = Buffer.byteLength(text) === text.length;
  return ascii
    ? Buffer.from(text, 'latin1').toString('latin1')
    : Buffer.from(text, 'utf16le').toString('utf16le');
}

type Text = (text: string) => string;
type Bytes = (bytes: Uint8Array) => Uint8Array;

function copy(value: RespValue, text: Text, bytes: Bytes): RespValue {
  if (typeof value === 'string') return text(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return bytes(value);
  const each = (item: RespValue): RespValue => copy(item, text, bytes);
  if (Array.isArray(value)) return value.map(each);
  if (value instanceof Map) return new Map(Array.from(value, ([key, item]) => [each(key), each(item)]));
  if (value instanceof Set) return new Set(Array.from(value, each));
  if (value instanceof VerbatimString) return new VerbatimString(text(value.valueOf()), value.format);
  const object = Object.create(null) as Record<string, RespValue>;
  for (const [key, item] of Object.entries(value)) object[text(key)] = each(item);
  return object;
}

function same(text: string): string {
  return text;
}

/** Not out of Node's pool for small buffers, of which one would keep 8 KiB. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  const own = Buffer.allocUnsafeSlow(bytes.length);
  own.set(bytes);
  return own;
}
