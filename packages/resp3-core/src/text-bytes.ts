import { isBytes } from './is-bytes.js';

/** Bytes that can be read as text by range, which Node's and Bun's `Buffer` do natively. */
export interface TextBytes extends Uint8Array {
  /** The text of ASCII bytes from `start` to `end`. */
  latin1Slice(start: number, end: number): string;
  /** The text of UTF-8 bytes from `start` to `end`; malformed ones become U+FFFD. */
  utf8Slice(start: number, end: number): string;
  /** The text of UTF-16 (little endian) bytes from `start` to `end`. */
  ucs2Slice(start: number, end: number): string;
  subarray(start?: number, end?: number): TextBytes;
}

type BufferModule = { isAscii?: (bytes: Uint8Array) => boolean };
type Runtime = {
  Buffer?: {
    from(buffer: ArrayBufferLike, offset: number, length: number): Uint8Array;
    allocUnsafeSlow?(length: number): Uint8Array;
  };
  process?: { getBuiltinModule?: (name: string) => BufferModule | undefined };
};

const runtime = globalThis as unknown as Runtime;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const ucs2 = new TextDecoder('utf-16le', { ignoreBOM: true });

/** What `Buffer` is where there is none: browsers and bare JavaScript engines. */
class PortableBytes extends Uint8Array {
  latin1Slice(start: number, end: number): string {
    return utf8.decode(this.subarray(start, end));
  }

  utf8Slice(start: number, end: number): string {
    return utf8.decode(this.subarray(start, end));
  }

  ucs2Slice(start: number, end: number): string {
    return ucs2.decode(this.subarray(start, end));
  }
}

function isTextBytes(bytes: Uint8Array): bytes is TextBytes {
  return typeof (bytes as Partial<TextBytes>).latin1Slice === 'function';
}

const hasNativeSlices =
  runtime.Buffer !== undefined && isTextBytes(runtime.Buffer.from(new ArrayBuffer(0), 0, 0));

/** The same memory with text access: the argument itself when it is a `Buffer`, else a view of it. */
export function textBytes(bytes: Uint8Array): TextBytes {
  if (isTextBytes(bytes)) return bytes;
  if (!isBytes(bytes)) throw new TypeError(`a chunk must be a Uint8Array, got ${typeof bytes}`);
  const { buffer, byteOffset, byteLength } = bytes;
  if (hasNativeSlices) return runtime.Buffer?.from(buffer, byteOffset, byteLength) as TextBytes;
  return new PortableBytes(buffer as ArrayBuffer, byteOffset, byteLength) as unknown as TextBytes;
}

type ByteViewClass = new (memory: ArrayBufferLike, offset: number, length: number) => TextBytes;

/**
 * Views for values in bytes mode, made in two thirds of the time that `Buffer.subarray` needs. Where there is `Buffer`, they
 * are `Buffer`s to `isBuffer`, to `instanceof` and by their methods; only their prototype is one step further away.
 */
export const ByteView: ByteViewClass = byteViewClass();

function byteViewClass(): ByteViewClass {
  if (!hasNativeSlices) return PortableBytes as unknown as ByteViewClass;
  class BufferView extends Uint8Array {}
  Object.setPrototypeOf(BufferView.prototype, (runtime.Buffer as unknown as { prototype: object }).prototype);
  BufferView.prototype.constructor = runtime.Buffer as unknown as Uint8ArrayConstructor;
  return BufferView as unknown as ByteViewClass;
}

export function allocate(length: number): TextBytes {
  return textBytes(new Uint8Array(length));
}

/** For memory of which every byte is written before anybody sees it. */
export function allocateUnset(length: number): TextBytes {
  const unset = hasNativeSlices ? runtime.Buffer?.allocUnsafeSlow?.(length) : undefined;
  return textBytes(unset ?? new Uint8Array(length));
}

export function copyOf(bytes: TextBytes): TextBytes {
  const copy = allocateUnset(bytes.length);
  copy.set(bytes);
  return copy;
}

/** True when no byte has its high bit set. */
export const isAscii: (bytes: Uint8Array) => boolean =
  runtime.process?.getBuiltinModule?.('node:buffer')?.isAscii ?? isAsciiByWords;

export function isAsciiByWords(bytes: Uint8Array): boolean {
  const { buffer, byteOffset, byteLength } = bytes;
  let at = 0;
  const head = Math.min(byteLength, (4 - (byteOffset & 3)) & 3);
  for (; at < head; at++) if ((bytes[at] as number) > 0x7f) return false;
  if (at === byteLength) return true;
  const words = new Uint32Array(buffer, byteOffset + at, (byteLength - at) >>> 2);
  for (let i = 0; i < words.length; i++) if (((words[i] as number) & 0x80808080) !== 0) return false;
  for (at += words.length * 4; at < byteLength; at++) if ((bytes[at] as number) > 0x7f) return false;
  return true;
}
