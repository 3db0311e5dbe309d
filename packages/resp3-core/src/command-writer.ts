import { type CommandArgument, checkArgument, checkArguments } from './command-argument.js';
import { digitCount, HEADER_ROOM, writeCrlf, writeDigits, writeHeader } from './header-writer.js';
import { plainDecimal } from './plain-decimal.js';
import { allocate, encodeText, writeText } from './utf8-writer.js';

const STAR = 0x2a;
const DOLLAR = 0x24;
const CRLF = 2;
/** Up to here a loop over the characters beats a native call. */
const SHORT_TEXT = 40;
const INLINE_ROOM = HEADER_ROOM + SHORT_TEXT + CRLF;
/** Up to here a loop over the bytes beats a native copy. */
const SHORT_BYTES = 24;
/** Integers below this are written without making a string. */
const SMALL_INTEGER = 1_000_000_000;
/** A text that leaves this free was surely not cut: no character is longer. Holds the CRLF and one more length digit, too. */
const TEXT_MARGIN = 8;
/** Texts beyond this get memory of their own, as bytes beyond `passThroughBytes` keep theirs. */
const LONG_TEXT = 16 * 1024;
/** UTF-8 needs at most this many bytes for a UTF-16 unit. */
const BYTES_PER_UNIT = 3;
const MIN_CHUNK_BYTES = 256;

export interface CommandWriterOptions {
  /** Bytes of the chunks that commands are written into; at least 256. At most two are kept. @default 65_536 (64 KiB) */
  chunkBytes?: number;
  /**
   * From this many bytes on, a `Uint8Array` argument is handed out as it is, not copied: it must not change until it has
   * been sent. `Infinity` copies always. The default is where copying costs about as much as one more write to a socket.
   * @default 16_384 (16 KiB)
   */
  passThroughBytes?: number;
}

/**
 * Writes many commands one after the other into reused memory: `append` commands, `take` their bytes, send these, and
 * `recycle` once nobody reads them any more.
 *
 * @example
 * ```ts
 * const writer = new CommandWriter();
 * writer.append(['SET', 'key', 'value']);
 * writer.append(['GET', 'key']);
 * for (const bytes of writer.take()) socket.write(bytes);
 * if (socket.writableLength === 0) writer.recycle();
 * ```
 */
export class CommandWriter {
  readonly #chunkBytes: number;
  readonly #passThroughBytes: number;
  readonly #longText: number;
  /** What lies before the open segment and has not been taken. */
  #segments: Uint8Array[] = [];
  #segmentBytes = 0;
  /** The open segment: `#chunk` from `#start` to `#end`. What is before `#start` has been handed out or is in `#segments`. */
  #chunk: Uint8Array = allocate(0);
  #start = 0;
  #end = 0;
  /** The last chunk that was filled up. It becomes `#spare` when nobody reads it any more. */
  #filled: Uint8Array | undefined;
  #spare: Uint8Array | undefined;

  /** @throws RangeError for `chunkBytes` below 256, and for sizes that are not numbers of bytes. */
  constructor({ chunkBytes = 64 * 1024, passThroughBytes = 16 * 1024 }: CommandWriterOptions = {}) {
    if (!Number.isSafeInteger(chunkBytes) || chunkBytes < MIN_CHUNK_BYTES) {
      throw new RangeError(
        `chunkBytes must be an integer of at least ${MIN_CHUNK_BYTES}, got ${String(chunkBytes)}`,
      );
    }
    if (!(passThroughBytes >= 0)) {
      throw new RangeError(
        `passThroughBytes must be a number of bytes or Infinity, got ${String(passThroughBytes)}`,
      );
    }
    this.#chunkBytes = chunkBytes;
    this.#passThroughBytes = passThroughBytes;
    this.#longText = Math.min(
      LONG_TEXT,
      Math.floor((chunkBytes - HEADER_ROOM - TEXT_MARGIN) / BYTES_PER_UNIT),
    );
  }

  /** Bytes appended and not taken yet. */
  get pendingBytes(): number {
    return this.#segmentBytes + this.#end - this.#start;
  }

  /**
   * Appends one command and returns its size in bytes. If it throws, nothing was appended.
   *
   * @throws {@link CommandArgumentError} (`INVALID_ARGUMENT`), see {@link CommandArgument}.
   */
  append(args: readonly CommandArgument[]): number {
    checkArguments(args);
    return this.#append(undefined, args);
  }

  /** `append([name, ...args])` without that array. */
  appendCommand(name: string, args: readonly CommandArgument[]): number {
    checkArgument(name, 0);
    checkArguments(args, 1);
    return this.#append(name, args);
  }

  /**
   * Hands out all pending bytes, to be sent in this order. They stay as they are until `recycle()`: later commands go
   * elsewhere. Long byte arguments are among them as the very arrays that were appended.
   */
  take(): Uint8Array[] {
    this.#closeSegment();
    const taken = this.#segments;
    this.#segments = [];
    this.#segmentBytes = 0;
    return taken;
  }

  /**
   * Promises that nobody reads any of the bytes handed out so far, so that their memory can be written again: on a socket,
   * when the kernel took them all (`writableLength === 0`). Never calling it is safe, and costs new memory now and then.
   * Commands appended since the last `take()` make it do nothing.
   */
  recycle(): void {
    if (this.pendingBytes > 0) return;
    this.#start = 0;
    this.#end = 0;
    if (this.#filled === undefined) return;
    this.#spare = this.#filled;
    this.#filled = undefined;
  }

  /** Most commands are short ASCII texts and small integers: these need nothing but the chunk and a place in it. */
  #append(name: string | undefined, args: readonly CommandArgument[]): number {
    const count = args.length;
    const first = name === undefined ? 0 : -1;
    const chunk = this.#chunk;
    if (chunk.length - this.#end < HEADER_ROOM) return this.#appendRest(name, args, first, 0);
    let end = writeHeader(chunk, STAR, count - first, this.#end);
    for (let i = first; i < count; i++) {
      const next = chunk.length - end < INLINE_ROOM ? -1 : writeInline(chunk, i < 0 ? name! : args[i]!, end);
      if (next === -1) return this.#appendRest(name, args, i, end - this.#end);
      end = next;
    }
    const bytes = end - this.#end;
    this.#end = end;
    return bytes;
  }

  /** Goes on at argument `from` (-1: the name) with a command of which `written` bytes stand in the chunk. */
  #appendRest(
    name: string | undefined,
    args: readonly CommandArgument[],
    from: number,
    written: number,
  ): number {
    const before = this.pendingBytes;
    const segments = this.#segments.length;
    const segmentBytes = this.#segmentBytes;
    const chunk = this.#chunk;
    const start = this.#start;
    const end = this.#end;
    const filled = this.#filled;
    const spare = this.#spare;
    try {
      this.#end += written;
      if (written === 0) {
        this.#reserve(HEADER_ROOM);
        this.#end = writeHeader(this.#chunk, STAR, args.length - from, this.#end);
      }
      for (let i = from; i < args.length; i++) this.#writeArgument(i < 0 ? name! : args[i]!);
    } catch (error) {
      // Memory ran out. Half a command would be completed by the next one, so it must go.
      this.#segments.length = segments;
      this.#segmentBytes = segmentBytes;
      this.#chunk = chunk;
      this.#start = start;
      this.#end = end;
      this.#filled = filled;
      this.#spare = spare;
      throw error;
    }
    return this.pendingBytes - before;
  }

  #writeArgument(arg: CommandArgument): void {
    this.#reserve(INLINE_ROOM);
    const end = writeInline(this.#chunk, arg, this.#end);
    if (end !== -1) this.#end = end;
    else if (typeof arg === 'object') this.#writeBytes(arg);
    else this.#writeText(typeof arg === 'number' ? plainDecimal(arg) : String(arg));
  }

  #writeText(text: string): void {
    if (text.length > this.#longText) this.#writeReference(encodeText(text));
    else this.#writeMediumText(text);
  }

  /** The header is written for ASCII and corrected afterwards if need be: nearly all text is, and looking first is slower. */
  #writeMediumText(text: string): void {
    const length = text.length;
    this.#reserve(HEADER_ROOM + length + TEXT_MARGIN);
    let at = writeHeader(this.#chunk, DOLLAR, length, this.#end);
    let bytes = writeText(this.#chunk, text, at);
    if (bytes > this.#chunk.length - at - TEXT_MARGIN) {
      this.#reserve(HEADER_ROOM + length * BYTES_PER_UNIT + TEXT_MARGIN);
      at = writeHeader(this.#chunk, DOLLAR, length, this.#end);
      bytes = writeText(this.#chunk, text, at);
    }
    if (bytes !== length) {
      const shift = digitCount(bytes) - digitCount(length);
      if (shift > 0) this.#chunk.copyWithin(at + shift, at, at + bytes);
      at = writeHeader(this.#chunk, DOLLAR, bytes, this.#end);
    }
    this.#end = writeCrlf(this.#chunk, at + bytes);
  }

  #writeBytes(bytes: Uint8Array): void {
    const length = bytes.byteLength;
    if (length >= this.#passThroughBytes && length > 0) {
      this.#writeReference(bytes);
      return;
    }
    const room = HEADER_ROOM + length + CRLF;
    if (room > this.#chunkBytes) {
      const copy = allocate(length);
      copy.set(bytes);
      this.#writeReference(copy);
      return;
    }
    this.#reserve(room);
    const chunk = this.#chunk;
    const at = writeHeader(chunk, DOLLAR, length, this.#end);
    if (length > SHORT_BYTES) chunk.set(bytes, at);
    else for (let i = 0; i < length; i++) chunk[at + i] = bytes[i]!;
    this.#end = writeCrlf(chunk, at + length);
  }

  #writeReference(bytes: Uint8Array): void {
    this.#reserve(HEADER_ROOM);
    this.#end = writeHeader(this.#chunk, DOLLAR, bytes.byteLength, this.#end);
    this.#closeSegment();
    this.#segments.push(bytes);
    this.#segmentBytes += bytes.byteLength;
    this.#reserve(CRLF);
    this.#end = writeCrlf(this.#chunk, this.#end);
  }

  /** Makes sure that `room` bytes, at most `chunkBytes`, fit behind `#end`. A command may go on in the next chunk. */
  #reserve(room: number): void {
    if (this.#chunk.length - this.#end >= room) return;
    const next = this.#spare ?? allocate(this.#chunkBytes);
    this.#closeSegment();
    if (this.#chunk.length > 0) this.#filled = this.#chunk;
    this.#spare = undefined;
    this.#chunk = next;
    this.#start = 0;
    this.#end = 0;
  }

  #closeSegment(): void {
    if (this.#end === this.#start) return;
    this.#segments.push(this.#chunk.subarray(this.#start, this.#end));
    this.#segmentBytes += this.#end - this.#start;
    this.#start = this.#end;
  }
}

/** Writes a short ASCII text or a small integer; returns the offset behind it, or -1 for all else. */
function writeInline(chunk: Uint8Array, arg: CommandArgument, at: number): number {
  if (typeof arg === 'string') return arg.length > SHORT_TEXT ? -1 : writeShortAscii(chunk, arg, at);
  if (typeof arg !== 'number' || !(arg >= 0 && arg < SMALL_INTEGER) || arg !== Math.floor(arg)) return -1;
  const digits = writeHeader(chunk, DOLLAR, digitCount(arg), at);
  return writeCrlf(chunk, writeDigits(chunk, arg, digits));
}

function writeShortAscii(chunk: Uint8Array, text: string, start: number): number {
  const length = text.length;
  const at = writeHeader(chunk, DOLLAR, length, start);
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return -1;
    chunk[at + i] = unit;
  }
  return writeCrlf(chunk, at + length);
}
