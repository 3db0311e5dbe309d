import {
  ARRAY,
  ATTRIBUTES,
  type Attributes,
  CHUNKS,
  type Frame,
  MAP,
  mergeAttributes,
  NO_ITEMS,
  newFrame,
  PUSH,
  TOP,
  TYPE_OF_KIND,
} from './aggregate.js';
import { BrokenBulk } from './broken-bulk.js';
import { ProtocolError, RedisError } from './errors.js';
import { LineCarry } from './line-carry.js';
import { MessagePush } from './message-push.js';
import { DoubleReader, doubleOf, exactInteger } from './number.js';
import {
  type MapMode,
  type ReplyMode,
  type ResolvedDecoderOptions,
  type RespDecoderOptions,
  resolveDecoderOptions,
} from './options.js';
import { ReplyBuilder, replyError, tooLong } from './reply-builder.js';
import { StreamGuard } from './stream-guard.js';
import { CACHED_STRING_BYTES, StringCache } from './string-cache.js';
import { allocate, ByteView, copyOf, type TextBytes, textBytes } from './text-bytes.js';
import { TextGroup } from './text-group.js';
import {
  BANG,
  BAR,
  COLON,
  COMMA,
  CR,
  DOLLAR,
  EQUALS,
  GREATER,
  HASH,
  LF,
  MINUS,
  PAREN,
  PERCENT,
  PLUS,
  QUESTION,
  SEMICOLON,
  STAR,
  TILDE,
  UNDERSCORE,
} from './type-bytes.js';
import { type RespAttributes, RespPush, type RespValue } from './values.js';

/** Where a decoder's output goes. Called from inside `write`, in the order of the bytes. */
export interface RespDecoderHandlers {
  onReply(value: RespValue, attributes?: RespAttributes): void;
  /** A reply that is an error. Errors inside of replies are values. */
  onErrorReply(error: RedisError, attributes?: RespAttributes): void;
  /** An out-of-band message, also one that stands inside of a reply. */
  onPush(push: RespPush, attributes?: RespAttributes): void;
}

const EMPTY = allocate(0);

/** With so many bytes left, a header's digits and CRLF are read without looking for the end of the chunk. */
const SAFE_HEADER_BYTES = 24;
/** A number of up to so many digits is exact, and ends within the safe bytes. */
const SAFE_DIGITS = 15;
const SMALL_DIGITS = 9;
/** Array slots that the headers of one reply may reserve before any element has come: 1 MiB. */
const RESERVED_SLOTS = 128 * 1024;

// What a chunk has broken off.
const NOTHING = 0;
const LINE = 1;
const BULK = 2;

/**
 * Push-style RESP3 and RESP2 decoder: `write` bytes as they come, cut anywhere, and the handlers get whole values. It
 * keeps its place between chunks and never reads a byte twice, does not recurse, and holds on to chunks only while a
 * value in bytes mode refers to them.
 *
 * A handler that throws does not disturb the others: the rest of the chunk is decoded first, then `write` throws what the
 * handler threw.
 *
 * @example
 * const decoder = new RespDecoder({ onReply: console.log, onErrorReply: console.error, onPush: console.info });
 * socket.on('data', (chunk) => decoder.write(chunk));
 */
export class RespDecoder {
  /** Strings as text or bytes. A change holds from the next whole reply on. */
  replies: ReplyMode;
  /** Shape of maps in string mode. A change holds from the next whole reply on. */
  maps: MapMode;

  readonly #handlers: RespDecoderHandlers;
  readonly #options: ResolvedDecoderOptions;
  readonly #guard: StreamGuard;
  readonly #builder: ReplyBuilder;
  readonly #group: TextGroup = new TextGroup();
  readonly #names: StringCache = new StringCache();
  readonly #message: MessagePush = new MessagePush();
  readonly #doubles: DoubleReader = new DoubleReader();
  readonly #line: LineCarry = new LineCarry();

  #writing = false;
  #failed = false;
  /** A handler called `reset()`: what is left of the chunk is not ours. */
  #dropped = false;
  /** What handlers threw while the current chunk was decoded. */
  #thrown: unknown[] = [];

  // The place in the stream between two chunks.
  #broken: number = NOTHING;
  #depth = 0;
  /** Aggregates that wait for elements, the outermost first; number 0 stands for none. */
  readonly #frames: Frame[] = [newFrame()];
  /** Attributes whose value has not come. */
  #attributes: Attributes | null = null;
  /** Where the reply began whose shape is fixed. */
  #begunAt = -1;
  #reserved = 0;
  /** Bytes so far of the streamed string that is under way. */
  #streamedBytes = 0;
  readonly #bulk: BrokenBulk = new BrokenBulk();

  constructor(handlers: RespDecoderHandlers, options?: RespDecoderOptions) {
    this.#handlers = handlers;
    this.#options = resolveDecoderOptions(options);
    this.#guard = new StreamGuard(this.#options.limits);
    this.#builder = new ReplyBuilder(this.#options);
    this.replies = this.#options.replies;
    this.maps = this.#options.maps;
  }

  /**
   * Bytes of the chunks taken since the start, or since `reset()`; a handler sees those before its own chunk. After a
   * protocol error it is the offset of the fault.
   */
  get offset(): number {
    return this.#guard.base;
  }

  /** True when a reply or push has begun and its end has not come. */
  get pending(): boolean {
    return !this.#failed && (this.#broken !== NOTHING || this.#depth > 0 || this.#attributes !== null);
  }

  /**
   * Decodes what the chunk completes. The chunk's memory must not be changed afterwards: a long bulk, and every value in
   * bytes mode, refers to it. With `transient` it may: a chunk that something would refer to is copied first.
   *
   * @throws ProtocolError when the bytes are not RESP or exceed a limit; then every later `write` throws `DECODER_FAILED`
   * until `reset()`. Otherwise what a handler threw (an `AggregateError` if several did).
   */
  write(chunk: Uint8Array, transient: boolean = false): void {
    if (this.#writing) throw new Error('write() was called by a handler of the same decoder');
    if (this.#failed)
      throw new ProtocolError('DECODER_FAILED', this.#guard.base, 'reset() after the failure before');
    const bytes = textBytes(chunk);
    this.#writing = true;
    this.#dropped = false;
    try {
      const at = this.#broken === LINE ? this.#resumeLine(bytes) : 0;
      if (at < bytes.length) this.#decode(bytes, at, transient);
    } catch (error) {
      this.#failed = true;
      const thrown = this.#takeThrown();
      if (thrown !== undefined && error instanceof Error) error.cause ??= thrown.error;
      throw error;
    } finally {
      this.#writing = false;
      this.#group.close();
      this.#names.close();
      this.#message.close();
    }
    if (!this.#dropped) this.#guard.base += bytes.length;
    if (this.#thrown.length === 0) return;
    throw this.#takeThrown()?.error;
  }

  /** Forgets everything: the next byte is a stream's first. Called by a handler, it drops the rest of the chunk. */
  reset(): void {
    this.#broken = NOTHING;
    this.#depth = 0;
    this.#frames.length = 0;
    this.#frames.push(newFrame());
    this.#attributes = null;
    this.#guard.replyStart = 0;
    this.#begunAt = -1;
    this.#bulk.clear();
    this.#line.clear();
    this.#guard.base = 0;
    this.#failed = false;
    this.#dropped = true;
  }

  #takeThrown(): { error: unknown } | undefined {
    const thrown = this.#thrown;
    if (thrown.length === 0) return undefined;
    this.#thrown = [];
    return { error: thrown.length === 1 ? thrown[0] : new AggregateError(thrown, 'several handlers threw') };
  }

  /** Completes the broken line and decodes it by itself. Returns where the chunk goes on. */
  #resumeLine(bytes: TextBytes): number {
    const line = this.#line;
    const known = line.length;
    const newline = bytes.indexOf(LF);
    const taken = newline === -1 ? bytes.length : newline + 1;
    line.append(bytes, 0, taken);
    const base = this.#guard.base;
    this.#guard.base = base - known;
    if (newline === -1) {
      this.#guard.checkLine(line.bytes, 0, line.length, Math.max(1, known - 1));
    } else {
      this.#decode(line.take(), 0, false);
      if (this.#dropped) return bytes.length;
    }
    this.#guard.base = base;
    return taken;
  }

  // One long function on purpose: most replies begin and end in it, with their state in locals.
  #decode(chunk: TextBytes, from: number, transient: boolean): void {
    const guard: StreamGuard = this.#guard;
    let bytes = chunk;
    const end = bytes.length;
    let memory = bytes.buffer;
    let offset = bytes.byteOffset;
    const { depth: maxDepth, elements: maxElements, bulkBytes: maxBulk, replyBytes: maxReply } = guard.limits;
    const typed = this.#options.typed;
    const group = this.#group;
    const frames = this.#frames;
    const handlers = this.#handlers;

    let depth = this.#depth;
    let frame = frames[depth] as Frame;
    let kind = frame.kind;
    let raw = frame.raw;
    let attributes = this.#attributes;
    let decorated = typed || attributes !== null;
    const message = this.#message;
    group.close();
    this.#names.close();
    message.open(bytes);

    let p = from;
    let type = 0;
    let value: RespValue = null;
    // `ready`: there is a value before anything is read. `closing`: the aggregate ends without one.
    let ready = false;
    let closing = false;
    // The value at hand came in streamed form.
    let streamed = false;

    if (this.#broken === BULK) {
      p = this.#takeBulk(transient && this.#bulk.keepsPieces ? copyOf(bytes) : bytes, p);
      if (p === -1) return;
      type = this.#bulk.type;
      value = this.#bulkValue();
      ready = true;
    } else if (kind === TOP && attributes === null && this.#broken !== LINE) raw = this.replies === 'bytes';
    let replyEnd = guard.replyStart + maxReply - guard.base;
    this.#broken = NOTHING;
    this.#attributes = null;

    scan: for (;;) {
      if (ready) ready = false;
      else {
        if (p >= end) break;
        if (p > replyEnd) guard.failReplyBytes();
        type = bytes[p] as number;
        if ((kind === CHUNKS) !== (type === SEMICOLON)) guard.checkStructure(bytes, p, frame, attributes);
        if (end - p < SAFE_HEADER_BYTES && !hasNewline(bytes, p, end)) break;
        let q = p + 1;
        switch (type) {
          case DOLLAR:
          case EQUALS:
          case BANG:
          case SEMICOLON: {
            let digit = ((bytes[q] as number) - 0x30) >>> 0;
            let length = digit;
            const most = q + SAFE_DIGITS;
            while (digit <= 9 && q < most) {
              digit = ((bytes[++q] as number) - 0x30) >>> 0;
              if (digit > 9) break;
              length = length * 10 + digit;
            }
            if (bytes[q] !== CR || bytes[q + 1] !== LF || q === p + 1) {
              q = guard.shortLineEnd(bytes, p, end);
              if (q === -1) break scan;
              if (bytes[p + 1] === MINUS) {
                value = null;
                p = q + 2;
                break;
              }
              if (bytes[p + 1] === QUESTION) {
                if (depth >= maxDepth) guard.failDepth(bytes, p, q);
                raw = raw && !(kind === PUSH && frame.name === null);
                frame = this.#enter(++depth, CHUNKS, -1, raw, attributes);
                kind = CHUNKS;
                attributes = null;
                decorated = typed;
                this.#streamedBytes = 0;
                p = q + 2;
                continue;
              }
              length = Number(bytes.latin1Slice(p + 1, q));
            }
            q += 2;
            const stop = q + length;
            if (length > maxBulk) guard.failBulkBytes(bytes, p, q);
            if (stop + 2 > replyEnd) guard.failReplyBytes();
            if (type !== DOLLAR) {
              if (type === SEMICOLON) {
                if (length === 0) {
                  closing = true;
                  p = q;
                  break;
                }
                this.#streamedBytes += length;
                if (this.#streamedBytes > maxBulk) guard.failBulkBytes(bytes, p, q);
              } else if (type === EQUALS && length < 4) {
                guard.fail(
                  'INVALID_LENGTH',
                  bytes,
                  p,
                  q,
                  'a format, a colon and a text in a verbatim string',
                );
              }
            }
            const asBytes = raw && !(kind === PUSH && frame.name === null);
            if (transient && (asBytes || type === SEMICOLON)) {
              transient = false;
              bytes = copyOf(bytes);
              memory = bytes.buffer;
              offset = bytes.byteOffset;
            }
            if (stop + 2 > end) {
              this.#bulk.begin(type, length, type === SEMICOLON || (asBytes && type !== BANG));
              this.#takeBulk(bytes, q);
              this.#broken = BULK;
              p = end;
              break scan;
            }
            if (type === EQUALS && bytes[q + 3] !== COLON) {
              guard.fail(
                'INVALID_STRUCTURE',
                bytes,
                0,
                0,
                'a colon after the format of a verbatim string',
                q + 3,
              );
            }
            if (type !== DOLLAR) value = this.#builder.special(type, bytes.subarray(q, stop), asBytes);
            else if (asBytes) value = new ByteView(memory, offset + q, length);
            else if (kind >= MAP && length <= CACHED_STRING_BYTES && isName(kind, frame)) {
              value = length === 0 ? '' : this.#names.get(bytes, q, stop);
            } else if (q >= group.start && stop <= group.end) {
              value = group.current.substring(q - group.start, stop - group.start);
            } else value = group.newText(bytes, q, stop);
            // After the content: reading it has brought these two into the cache.
            if (bytes[stop] !== CR) guard.fail('INVALID_TERMINATOR', bytes, 0, 0, 'CRLF after a bulk', stop);
            if (bytes[stop + 1] !== LF)
              guard.fail('INVALID_TERMINATOR', bytes, 0, 0, 'LF after CR', stop + 1);
            p = stop + 2;
            break;
          }
          case COLON: {
            const negative = bytes[q] === MINUS;
            if (negative) q++;
            const first = q;
            let digit = ((bytes[q] as number) - 0x30) >>> 0;
            // Nine digits fit 32 bits, and few integers have more.
            let small = digit | 0;
            let most = q + SMALL_DIGITS - 1;
            while (digit <= 9 && q < most) {
              digit = ((bytes[++q] as number) - 0x30) >>> 0;
              if (digit > 9) break;
              small = (Math.imul(small, 10) + digit) | 0;
            }
            let number = small;
            if (q === most && digit <= 9) {
              most = first + SAFE_DIGITS;
              while (q < most) {
                digit = ((bytes[++q] as number) - 0x30) >>> 0;
                if (digit > 9) break;
                number = number * 10 + digit;
              }
            }
            if (bytes[q] === CR && bytes[q + 1] === LF && q !== first) {
              value = negative && number !== 0 ? -number : number;
            } else {
              q = guard.shortLineEnd(bytes, p, end);
              if (q === -1) break scan;
              value = exactInteger(bytes.latin1Slice(p + 1, q));
            }
            p = q + 2;
            break;
          }
          case STAR:
          case TILDE:
          case PERCENT:
          case GREATER:
          case BAR: {
            if (type === GREATER && kind === TOP && !decorated && message.find(bytes, p, end)) {
              const next = this.#emitMessages(bytes, p, end, maxBulk, maxReply);
              if (this.#dropped) return;
              if (next !== p) {
                p = next;
                raw = this.replies === 'bytes';
                guard.replyStart = guard.base + p;
                replyEnd = p + maxReply;
                continue;
              }
            }
            let digit = ((bytes[q] as number) - 0x30) >>> 0;
            let length = digit;
            const most = q + SAFE_DIGITS;
            while (digit <= 9 && q < most) {
              digit = ((bytes[++q] as number) - 0x30) >>> 0;
              if (digit > 9) break;
              length = length * 10 + digit;
            }
            if (bytes[q] !== CR || bytes[q + 1] !== LF || q === p + 1) {
              q = guard.shortLineEnd(bytes, p, end);
              if (q === -1) break scan;
              if (bytes[p + 1] === MINUS) {
                value = null;
                p = q + 2;
                break;
              }
              length = bytes[p + 1] === QUESTION ? -1 : Number(bytes.latin1Slice(p + 1, q));
            }
            q += 2;
            if (length > maxElements)
              guard.fail('LIMIT_EXCEEDED', bytes, p, q, `at most ${maxElements} elements`);
            if (depth >= maxDepth) guard.failDepth(bytes, p, q);
            if (depth === 0) {
              frame.raw = raw;
              this.#begin();
            }
            const inner = type === STAR ? ARRAY : this.#builder.kindOf(type, raw);
            if (length === 0) {
              if (inner === PUSH) guard.fail('INVALID_STRUCTURE', bytes, p, q, 'the type of a push');
              p = q;
              value = this.#builder.aggregate(inner, [], raw);
              if (inner !== ATTRIBUTES) break;
              attributes = mergeAttributes(attributes, value as unknown as Attributes);
              decorated = true;
              continue;
            }
            p = q;
            if (inner === PUSH) raw = this.#options.pushReplies === 'bytes';
            else if (inner === ATTRIBUTES) raw = false;
            frame = this.#enter(++depth, inner, length, raw, attributes);
            kind = inner;
            attributes = null;
            decorated = typed;
            continue;
          }
          case PLUS: {
            if (!raw && isOk(bytes, p, end)) {
              if (kind !== TOP || decorated) {
                value = 'OK';
                p += 5;
                break;
              }
              // Writes are answered by runs of these.
              do {
                p += 5;
                try {
                  handlers.onReply('OK');
                } catch (error) {
                  this.#thrown.push(error);
                }
                if (this.#dropped) return;
                raw = this.replies === 'bytes';
              } while (!raw && isOk(bytes, p, end));
              guard.replyStart = guard.base + p;
              replyEnd = p + maxReply;
              continue;
            }
            const stop = guard.longLineEnd(bytes, p, end);
            if (stop === -1) break scan;
            p = stop + 2;
            if (raw && !(kind === PUSH && frame.name === null)) {
              if (transient) {
                transient = false;
                bytes = copyOf(bytes);
                memory = bytes.buffer;
                offset = bytes.byteOffset;
              }
              value = new ByteView(memory, offset + q, stop - q);
            } else if (stop - q <= CACHED_STRING_BYTES && stop > q) value = this.#names.get(bytes, q, stop);
            else value = bytes.utf8Slice(q, stop);
            break;
          }
          case MINUS: {
            const stop = guard.longLineEnd(bytes, p, end);
            if (stop === -1) break scan;
            value = replyError(bytes.utf8Slice(q, stop));
            p = stop + 2;
            break;
          }
          case PAREN: {
            const stop = guard.longLineEnd(bytes, p, end);
            if (stop === -1) break scan;
            value = BigInt(
              q >= group.start && stop <= group.end
                ? group.current.substring(q - group.start, stop - group.start)
                : bytes.latin1Slice(q, stop),
            );
            p = stop + 2;
            break;
          }
          case UNDERSCORE:
            if (bytes[q] !== CR || bytes[q + 1] !== LF) guard.failLine(bytes, p, end);
            value = null;
            p += 3;
            break;
          case HASH:
            value = bytes[q] === 0x74;
            if ((!value && bytes[q] !== 0x66) || bytes[q + 1] !== CR || bytes[q + 2] !== LF) {
              guard.failLine(bytes, p, end);
            }
            p += 4;
            break;
          case COMMA: {
            value = this.#doubles.read(bytes, q);
            let stop = this.#doubles.end;
            if (stop === -1) {
              stop = guard.shortLineEnd(bytes, p, end);
              if (stop === -1) break scan;
              value = doubleOf(bytes.latin1Slice(q, stop));
            }
            p = stop + 2;
            break;
          }
          default:
            guard.checkStructure(bytes, p, frame, attributes);
            // What is left is a dot, the end of a streamed aggregate.
            if (bytes[q] !== CR || bytes[q + 1] !== LF) guard.failLine(bytes, p, end);
            closing = true;
            p += 3;
        }
      }

      for (;;) {
        if (kind === TOP) {
          if (p > replyEnd) guard.failReplyBytes();
          guard.replyStart = guard.base + p;
          replyEnd = p + maxReply;
          if (decorated) {
            const beside = attributes;
            attributes = null;
            decorated = typed;
            this.#emitDecorated(type, value, beside, streamed);
            streamed = false;
          } else {
            try {
              if (canBeError(type, raw) && value instanceof RedisError) handlers.onErrorReply(value);
              else handlers.onReply(value);
            } catch (error) {
              this.#thrown.push(error);
            }
          }
          if (this.#dropped) return;
          raw = this.replies === 'bytes';
          break;
        }
        if (closing) {
          closing = false;
          frame.items.length = frame.index;
        } else {
          if (decorated && kind !== CHUNKS) {
            value = this.#builder.decorate(type, value, attributes, streamed);
            attributes = null;
            decorated = typed;
            streamed = false;
          }
          if (kind === PUSH && frame.name === null) {
            const name = this.#builder.pushType(value);
            if (name === undefined) {
              guard.fail('INVALID_STRUCTURE', EMPTY, 0, 0, 'a push that begins with its type', p);
            }
            frame.name = typed ? value : name;
            raw = frame.raw = this.#builder.isPushRaw(name);
            if (frame.size > 0) break;
          } else {
            const index = frame.index;
            frame.items[index] = value;
            frame.index = index + 1;
            if (index + 1 !== frame.room) break;
          }
          if (frame.room < frame.size) {
            this.#grow(frame);
            break;
          }
          if (frame.streamed) guard.fail('LIMIT_EXCEEDED', bytes, p, p, `at most ${maxElements} elements`);
        }

        // The aggregate is whole: it becomes a value of the one around it.
        const { name } = frame;
        const whole = this.#builder.aggregate(kind, frame.items, raw);
        type = TYPE_OF_KIND[kind] as number;
        streamed = frame.streamed;
        attributes = frame.attributes;
        decorated = typed || attributes !== null;
        frame.items = NO_ITEMS;
        frame.attributes = null;
        this.#depth = --depth;
        frame = frames[depth] as Frame;
        kind = frame.kind;
        raw = frame.raw;
        if (type === BAR) {
          attributes = mergeAttributes(attributes, whole as unknown as Attributes);
          decorated = true;
          streamed = false;
          break;
        }
        if (type === GREATER) {
          if (kind === TOP) {
            if (p > replyEnd) guard.failReplyBytes();
            guard.replyStart = guard.base + p;
            replyEnd = p + maxReply;
          }
          const beside = attributes;
          attributes = null;
          decorated = typed;
          streamed = false;
          this.#emitPush(name, whole as RespValue[], beside);
          if (this.#dropped) return;
          if (kind === TOP) raw = this.replies === 'bytes';
          break;
        }
        value = whole;
      }
    }

    if (p < end) {
      guard.checkStructure(bytes, p, frame, attributes);
      guard.checkLine(bytes, p, end, p + 1);
      if (kind === TOP) this.#begin();
      this.#line.append(bytes, p, end);
      this.#broken = LINE;
    }
    this.#attributes = attributes;
    frame.raw = raw;
  }

  /** The shape of the reply that begins is fixed here, whatever changes until it ends. */
  #begin(): void {
    if (this.#begunAt === this.#guard.replyStart) return;
    this.#begunAt = this.#guard.replyStart;
    this.#reserved = 0;
    this.#builder.begin(this.maps);
  }

  /** Opens an aggregate of so many elements or pairs, -1 for a streamed one. */
  #enter(depth: number, kind: number, length: number, raw: boolean, attributes: Attributes | null): Frame {
    if (depth === this.#frames.length) this.#frames.push(newFrame());
    const frame = this.#frames[depth] as Frame;
    const elements =
      length === -1 ? (kind === CHUNKS ? Number.MAX_SAFE_INTEGER : this.#guard.limits.elements + 1) : length;
    // The type of a push is kept apart.
    const size = kind === PUSH ? elements - 1 : kind >= MAP ? elements * 2 : elements;
    const room = Math.min(size, length === -1 ? 16 : Math.max(16, RESERVED_SLOTS - this.#reserved));
    this.#reserved += room;
    frame.kind = kind;
    frame.items = new Array<RespValue>(room);
    frame.index = 0;
    frame.room = room;
    frame.size = size;
    frame.streamed = length === -1;
    frame.raw = raw;
    frame.attributes = attributes;
    frame.name = null;
    this.#depth = depth;
    return frame;
  }

  /** More room, in proportion to the elements that have really come. */
  #grow(frame: Frame): void {
    frame.room = Math.min(frame.size, frame.room * 8);
    frame.items.length = frame.room;
  }

  #emitPush(name: RespValue, data: RespValue[], attributes: Attributes | null): void {
    try {
      if (this.#options.typed) {
        this.#handlers.onReply(this.#builder.decorate(GREATER, [name, ...data], attributes, false));
      } else if (attributes === null) this.#handlers.onPush(new RespPush(name as string, data));
      else this.#handlers.onPush(new RespPush(name as string, data), attributes as RespAttributes);
    } catch (error) {
      this.#thrown.push(error);
    }
  }

  /**
   * Emits the message that was found, and those behind it: without frames, in which their parts would wait for each other.
   * Returns where it has stopped.
   */
  #emitMessages(bytes: TextBytes, from: number, end: number, maxBulk: number, maxReply: number): number {
    const message = this.#message;
    const group = this.#group;
    let p = from;
    do {
      const { channelStart, channelEnd, payloadStart, payloadEnd } = message;
      if (Math.max(channelEnd - channelStart, payloadEnd - payloadStart) > maxBulk) return p;
      if (payloadEnd + 2 - p > maxReply || this.#builder.isPushRaw('message')) return p;
      const isName = channelEnd > channelStart && channelEnd - channelStart <= CACHED_STRING_BYTES;
      const channel = isName
        ? this.#names.get(bytes, channelStart, channelEnd)
        : group.text(bytes, channelStart, channelEnd);
      const payload = group.text(bytes, payloadStart, payloadEnd);
      p = payloadEnd + 2;
      try {
        this.#handlers.onPush(new RespPush('message', [channel, payload]));
      } catch (error) {
        this.#thrown.push(error);
      }
    } while (!this.#dropped && message.find(bytes, p, end));
    return p;
  }

  #emitDecorated(type: number, value: RespValue, attributes: Attributes | null, streamed: boolean): void {
    const { typed, attributes: placing } = this.#options;
    const beside = attributes as RespAttributes;
    try {
      if (!typed && value instanceof RedisError) this.#handlers.onErrorReply(value, beside);
      else if (!typed && placing === 'beside') this.#handlers.onReply(value, beside);
      else this.#handlers.onReply(this.#builder.decorate(type, value, attributes, streamed));
    } catch (error) {
      this.#thrown.push(error);
    }
  }

  #takeBulk(bytes: TextBytes, from: number): number {
    const at = this.#bulk.take(bytes, from);
    const { fault } = this.#bulk;
    if (fault === undefined) return at;
    const code = fault.expected.startsWith('a colon') ? 'INVALID_STRUCTURE' : 'INVALID_TERMINATOR';
    return this.#guard.fail(code, bytes, 0, 0, fault.expected, fault.at);
  }

  #bulkValue(): RespValue {
    const { type, length } = this.#bulk;
    const value = this.#bulk.finish();
    if (value instanceof Error) return tooLong(length, value);
    if (type === DOLLAR || type === SEMICOLON) return value;
    if (type === BANG) return replyError(value as string);
    return this.#builder.verbatim(value, this.#bulk.format);
  }
}

function hasNewline(bytes: TextBytes, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === LF) return true;
  return false;
}

function isOk(bytes: TextBytes, at: number, end: number): boolean {
  return (
    at + 5 <= end &&
    bytes[at] === PLUS &&
    bytes[at + 1] === 0x4f &&
    bytes[at + 2] === 0x4b &&
    bytes[at + 3] === CR &&
    bytes[at + 4] === LF
  );
}

/** Which replies are errors, or are one instead of a string that is too long. */
function canBeError(type: number, raw: boolean): boolean {
  return type === MINUS || type === BANG || (!raw && (type === DOLLAR || type === EQUALS));
}

/** True for keys of maps, and for the type of a push and what follows it, a channel mostly. */
function isName(kind: number, { name, index }: Frame): boolean {
  return kind === PUSH ? index === 0 || name === null : (index & 1) === 0;
}
