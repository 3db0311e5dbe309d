/** What is used of Node's `Buffer`, which Bun, Deno and bundler polyfills have too. */
interface NodeBuffer extends Uint8Array {
  /** Undocumented in Node, but a direct native call where `write` first looks at its arguments. */
  utf8Write?(text: string, offset: number): number;
  write(text: string, offset: number): number;
}

interface NodeBufferConstructor {
  allocUnsafeSlow(bytes: number): NodeBuffer;
  byteLength(text: string): number;
  from(text: string): NodeBuffer;
}

interface Utf8Writer {
  allocate(bytes: number): Uint8Array;
  writeText(target: Uint8Array, text: string, at: number): number;
  encodeText(text: string): Uint8Array;
  textBytes(text: string): number;
}

/** Below this many characters a loop is faster than a native call. */
const SHORT_TEXT = 40;

const { Buffer } = globalThis as { Buffer?: NodeBufferConstructor };

const writer = Buffer === undefined ? webWriter() : bufferWriter(Buffer);

/** A zeroed or uninitialised piece of memory of its own: never hand out more of it than was written. */
export const allocate: (bytes: number) => Uint8Array = writer.allocate;

/**
 * Writes `text` as UTF-8 (lone surrogates as U+FFFD) into `target`, which must come from {@link allocate}, and returns
 * the number of bytes. Where the room ends, the text is cut before the first character that does not fit.
 */
export const writeText: (target: Uint8Array, text: string, at: number) => number = writer.writeText;

/** `text` as UTF-8 in exactly as much memory as it needs. */
export const encodeText: (text: string) => Uint8Array = writer.encodeText;

/** Number of bytes of `text` in UTF-8, with lone surrogates counted as U+FFFD. */
export function utf8Length(text: string): number {
  const length = text.length;
  if (length > SHORT_TEXT) return writer.textBytes(text);
  for (let i = 0; i < length; i++) {
    if (text.charCodeAt(i) > 0x7f) return writer.textBytes(text);
  }
  return length;
}

function bufferWriter(buffers: NodeBufferConstructor): Utf8Writer {
  const native = typeof buffers.allocUnsafeSlow(0).utf8Write === 'function';
  return {
    allocate: (bytes) => buffers.allocUnsafeSlow(bytes),
    writeText: native
      ? (target, text, at) => (target as Required<NodeBuffer>).utf8Write(text, at)
      : (target, text, at) => (target as NodeBuffer).write(text, at),
    encodeText: (text) => buffers.from(text),
    textBytes: (text) => buffers.byteLength(text),
  };
}

function webWriter(): Utf8Writer {
  const encoder = new TextEncoder();
  return {
    allocate: (bytes) => new Uint8Array(bytes),
    writeText: (target, text, at) => encoder.encodeInto(text, target.subarray(at)).written,
    encodeText: (text) => encoder.encode(text),
    textBytes: countUtf8Bytes,
  };
}

function countUtf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else {
      bytes += 2;
      const next = unit >= 0xd800 && unit < 0xdc00 ? text.charCodeAt(i + 1) : 0;
      // A pair is two units and four bytes: both are counted here already.
      if (next >= 0xdc00 && next < 0xe000) i++;
    }
  }
  return bytes;
}
