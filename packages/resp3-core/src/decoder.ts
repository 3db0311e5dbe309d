import * as frame from './aggregate.js';
import {
  ARRAY,
  ATTRIBUTES,
  type Attributes,
  CHUNKS,
  ENTRIES,
  MAP,
  OBJECT,
  PUSH,
  SET,
  TOP,
} from './aggregate.js';
import { concat } from './concat.js';
import { ProtocolError, type ProtocolErrorCode, RedisError } from './errors.js';
import { excerptOf } from './excerpt.js';
import { type LargeBulk, LargeBytes, LargeText } from './large-bulk.js';
import { lineFault } from './line.js';
import { LineCarry } from './line-carry.js';
import { doubleOf, exactInteger } from './number.js';
import {
  type MapMode,
  type ReplyMode,
  type ResolvedDecoderOptions,
  type RespDecoderOptions,
  resolveDecoderOptions,
} from './options.js';
import { CACHED_STRING_BYTES, StringCache } from './string-cache.js';
import { type TextBytes, textBytes } from './text-bytes.js';
import { GROUPED_STRING_BYTES, TextGroup } from './text-group.js';
import { AttributedReply, type RespAttributes, RespPush, type RespValue, VerbatimString } from './values.js';

/** Where a decoder's output goes. Called from inside `write`, in the order of the bytes. */
export interface RespDecoderHandlers {
  onReply(value: RespValue, attributes?: RespAttributes): void;
  /** A reply that is an error. Errors inside of replies are values. */
  onErrorReply(error: RedisError, attributes?: RespAttributes): void;
  /** An out-of-band message, also one that stands inside of a reply. */
  onPush(push: RespPush, attributes?: RespAttributes): void;
}

const CR = 0x0d;
const LF = 0x0a;
const PLUS = 0x2b;
const MINUS = 0x2d;
const COLON = 0x3a;
const DOLLAR = 0x24;
const STAR = 0x2a;
const UNDERSCORE = 0x5f;
const HASH = 0x23;
const COMMA = 0x2c;
const PAREN = 0x28;
const BANG = 0x21;
const EQUALS = 0x3d;
const TILDE = 0x7e;
const PERCENT = 0x25;
const GREATER = 0x3e;
const BAR = 0x7c;
const SEMICOLON = 0x3b;
const DOT = 0x2e;
const TYPES = new Set('+-:$*_#,(!=~%>|;.'.split('').map((type) => type.charCodeAt(0)));

/** With so many bytes left, a header's digits and CRLF are read without looking for the end of the chunk. */
const SAFE_HEADER_BYTES = 24;
/** A number of up to so many digits is exact, and ends within the safe bytes. */
const SAFE_DIGITS = 15;
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
  readonly #group: TextGroup = new TextGroup();
  readonly #names: StringCache = new StringCache();
  readonly #line: LineCarry = new LineCarry();

  /** Offset of the current chunk's first byte in the stream. */
  #base = 0;
  #writing = false;
  #failed = false;
  /** A handler called `reset()`: what is left of the chunk is not ours. */
  #dropped = false;
  /** Where the current chunk goes on when a handler throws. */
  #resumeAt = 0;

  // The place in the stream between two chunks.
  #broken: number = NOTHING;
  #depth = 0;
  readonly #frames: frame.Frame[] = [frame.emptyFrame()];
  /** Attributes whose value has not come. */
  #attributes: Attributes | null = null;
  #replyStart = 0;
  #mapKind: number = MAP;
  #reserved = 0;
  /** Bytes so far of the streamed string that is under way. */
  #streamedBytes = 0;
  readonly #largeText: LargeText = new LargeText();
  readonly #largeBytes: LargeBytes = new LargeBytes();
  #bulk: LargeBulk = this.#largeText;
  #bulkType = 0;
  #bulkLength = 0;
  #bulkRead = 0;

  constructor(handlers: RespDecoderHandlers, options?: RespDecoderOptions) {
    this.#handlers = handlers;
    this.#options = resolveDecoderOptions(options);
    this.replies = this.#options.replies;
    this.maps = this.#options.maps;
  }

  /** Bytes taken since the start, or since `reset()`. */
  get offset(): number {
    return this.#base;
  }

  /** True when a reply or push has begun and its end has not come. */
  get pending(): boolean {
    return !this.#failed && (this.#broken !== NOTHING || this.#depth > 0 || this.#attributes !== null);
  }

  /**
   * Decodes what the chunk completes. The chunk's memory must not be changed afterwards: a long bulk, and every value in
   * bytes mode, refers to it.
   *
   * @throws ProtocolError when the bytes are not RESP or exceed a limit; then every later `write` throws `DECODER_FAILED`
   * until `reset()`. Otherwise what a handler threw (an `AggregateError` if several did).
   */
  write(chunk: Uint8Array): void {
    if (this.#writing) throw new Error('write() was called by a handler of the same decoder');
    if (this.#failed)
      throw new ProtocolError('DECODER_FAILED', this.#base, 'reset() after the failure before');
    const bytes = textBytes(chunk);
    const thrown: unknown[] = [];
    this.#writing = true;
    this.#dropped = false;
    try {
      const at = this.#broken === LINE ? this.#resumeLine(bytes, thrown) : 0;
      if (at < bytes.length) this.#decodeAll(bytes, at, thrown);
    } finally {
      this.#writing = false;
      this.#group.close();
    }
    if (!this.#dropped) this.#base += bytes.length;
    if (thrown.length === 1) throw thrown[0];
    if (thrown.length > 1) throw new AggregateError(thrown, 'several handlers threw');
  }

  /** Forgets everything: the next byte is a stream's first. Called by a handler, it drops the rest of the chunk. */
  reset(): void {
    this.#broken = NOTHING;
    this.#depth = 0;
    this.#frames.length = 0;
    this.#frames.push(frame.emptyFrame());
    this.#attributes = null;
    this.#replyStart = 0;
    this.#bulk.begin(0);
    this.#line.clear();
    this.#base = 0;
    this.#failed = false;
    this.#dropped = true;
  }

  /** Goes on after each handler that throws. */
  #decodeAll(bytes: TextBytes, from: number, thrown: unknown[]): void {
    let at = from;
    for (;;) {
      try {
        this.#decode(bytes, at);
        return;
      } catch (error) {
        if (this.#failed) throw error;
        thrown.push(error);
        if (this.#dropped) return;
        at = this.#resumeAt;
      }
    }
  }

  /** Completes the broken line and decodes it by itself. Returns where the chunk goes on. */
  #resumeLine(bytes: TextBytes, thrown: unknown[]): number {
    const line = this.#line;
    const known = line.length;
    const newline = bytes.indexOf(LF);
    const taken = newline === -1 ? bytes.length : newline + 1;
    line.append(bytes, 0, taken);
    const base = this.#base;
    this.#base = base - known;
    if (newline === -1) {
      this.#checkLine(line.bytes, 0, line.length, Math.max(1, known - 1));
    } else {
      this.#broken = NOTHING;
      this.#decodeAll(line.take(), 0, thrown);
      if (this.#dropped) return bytes.length;
    }
    this.#base = base;
    return taken;
  }

  // One long function on purpose: the place in the stream is in locals, which most replies never leave.
  #decode(bytes: TextBytes, from: number): void {
    const end = bytes.length;
    const {
      depth: maxDepth,
      elements: maxElements,
      bulkBytes: maxBulk,
      replyBytes: maxReply,
    } = this.#options.limits;
    const typed = this.#options.typed;
    const group = this.#group;
    const names = this.#names;
    const frames = this.#frames;

    let depth = this.#depth;
    const saved = frames[depth] as frame.Frame;
    let { kind, items, index, size, raw, streamed } = saved;
    let attributes = this.#attributes;
    let decorated = typed || attributes !== null;
    let grouped = false;
    group.close();

    let p = from;
    let type = 0;
    let value: RespValue = null;
    // `ready`: the value is there before the loop begins. `closing`: the aggregate ends, and no value was read.
    let ready = false;
    let closing = false;
    let broken = NOTHING;
    // The value at hand came in streamed form.
    let open = false;

    if (this.#broken === BULK) {
      p = this.#resumeBulk(bytes, p);
      if (p === -1) return;
      type = this.#bulkType;
      value = this.#finishBulk();
      ready = true;
    } else if (kind === TOP) raw = this.replies === 'bytes';
    let replyEnd = this.#replyStart + maxReply - this.#base;
    this.#broken = NOTHING;
    this.#depth = 0;
    this.#attributes = null;
    saved.items = frame.NO_ITEMS;

    scan: for (;;) {
      if (ready) ready = false;
      else {
        if (p >= end) break;
        if (p > replyEnd) this.#failReplyBytes();
        type = bytes[p] as number;
        if (kind === CHUNKS && type !== SEMICOLON)
          this.#checkStructure(bytes, p, kind, streamed, index, attributes);
        if (end - p < SAFE_HEADER_BYTES && !hasNewline(bytes, p, end)) break;
        let q = p + 1;
        switch (type) {
          case DOLLAR:
          case EQUALS:
          case BANG:
          case SEMICOLON: {
            let length = (bytes[q] as number) - 0x30;
            let digit = length;
            const most = q + SAFE_DIGITS;
            while (digit >= 0 && digit <= 9 && q < most) {
              digit = (bytes[++q] as number) - 0x30;
              if (digit >= 0 && digit <= 9) length = length * 10 + digit;
            }
            if (bytes[q] !== CR || bytes[q + 1] !== LF || q === p + 1) {
              const stop = this.#shortLineEnd(bytes, p, end);
              if (stop === -1) break scan;
              q = stop;
              if (bytes[p + 1] === MINUS) {
                value = null;
                p = q + 2;
                break;
              }
              if (bytes[p + 1] === 0x3f) {
                if (depth >= maxDepth)
                  this.#fail('LIMIT_EXCEEDED', bytes, p, p + 1, `at most ${maxDepth} levels`);
                if (kind === TOP) this.#reserved = 0;
                this.#enter(depth++, kind, items, index, size, raw, streamed, attributes);
                kind = CHUNKS;
                items = [];
                index = 0;
                size = Number.POSITIVE_INFINITY;
                streamed = true;
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
            if (length > maxBulk)
              this.#fail('LIMIT_EXCEEDED', bytes, p, q, `a bulk of at most ${maxBulk} bytes`);
            if (stop + 2 > replyEnd) this.#failReplyBytes();
            if (type !== DOLLAR) {
              if (type === SEMICOLON) {
                this.#checkStructure(bytes, p, kind, streamed, index, attributes);
                if (length === 0) {
                  closing = true;
                  p = q;
                  break;
                }
                this.#streamedBytes += length;
                if (this.#streamedBytes > maxBulk) {
                  this.#fail('LIMIT_EXCEEDED', bytes, p, q, `a bulk of at most ${maxBulk} bytes`);
                }
              } else if (type === EQUALS && length < 4) {
                this.#fail(
                  'INVALID_LENGTH',
                  bytes,
                  p,
                  q,
                  'a format, a colon and a text in a verbatim string',
                );
              }
            }
            if (stop + 2 > end) {
              this.#startBulk(
                type,
                length,
                type === SEMICOLON || (raw && type !== BANG && !(kind === PUSH && index === 0)),
              );
              this.#resumeBulk(bytes, q);
              p = end;
              broken = BULK;
              break scan;
            }
            if (type === EQUALS && bytes[q + 3] !== COLON) this.#failVerbatim(q + 3);
            if (bytes[stop] !== CR || bytes[stop + 1] !== LF) this.#failTerminator(bytes, stop);
            p = stop + 2;
            if (type !== DOLLAR) value = this.#special(type, bytes.subarray(q, stop), raw);
            else if (
              kind >= MAP &&
              length <= CACHED_STRING_BYTES &&
              length > 0 &&
              (kind === PUSH ? index === 0 || (index === 1 && !raw) : (index & 1) === 0 && !raw)
            ) {
              value = names.get(bytes, q, stop);
            } else if (raw) value = bytes.subarray(q, stop);
            else if (q >= group.start && stop <= group.end) {
              value = group.text.substring(q - group.start, stop - group.start);
            } else if (length === 0) value = '';
            else {
              if (!grouped) {
                group.open(bytes);
                grouped = true;
              }
              value =
                length <= GROUPED_STRING_BYTES ? group.slice(bytes, q, stop) : this.#longText(bytes, q, stop);
            }
            break;
          }
          case COLON: {
            const negative = bytes[q] === MINUS;
            if (negative) q++;
            const first = q;
            let number = (bytes[q] as number) - 0x30;
            let digit = number;
            const most = q + SAFE_DIGITS;
            while (digit >= 0 && digit <= 9 && q < most) {
              digit = (bytes[++q] as number) - 0x30;
              if (digit >= 0 && digit <= 9) number = number * 10 + digit;
            }
            if (bytes[q] === CR && bytes[q + 1] === LF && q !== first) {
              value = negative && number !== 0 ? -number : number;
            } else {
              q = this.#shortLineEnd(bytes, p, end);
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
            let length = (bytes[q] as number) - 0x30;
            let digit = length;
            const most = q + SAFE_DIGITS;
            while (digit >= 0 && digit <= 9 && q < most) {
              digit = (bytes[++q] as number) - 0x30;
              if (digit >= 0 && digit <= 9) length = length * 10 + digit;
            }
            open = false;
            if (bytes[q] !== CR || bytes[q + 1] !== LF || q === p + 1) {
              q = this.#shortLineEnd(bytes, p, end);
              if (q === -1) break scan;
              if (bytes[p + 1] === MINUS) {
                value = null;
                p = q + 2;
                break;
              }
              open = bytes[p + 1] === 0x3f;
              length = open ? 0 : Number(bytes.latin1Slice(p + 1, q));
            }
            q += 2;
            if (length > maxElements)
              this.#fail('LIMIT_EXCEEDED', bytes, p, q, `at most ${maxElements} elements`);
            if (depth >= maxDepth) this.#fail('LIMIT_EXCEEDED', bytes, p, q, `at most ${maxDepth} levels`);
            if (kind === TOP) {
              this.#reserved = 0;
              this.#mapKind = this.maps === 'map' ? MAP : this.maps === 'object' ? OBJECT : ENTRIES;
            }
            const inner = this.#kindOf(type, raw);
            if (length === 0 && !open) {
              if (inner === PUSH) this.#fail('INVALID_STRUCTURE', bytes, p, q, 'the type of a push');
              p = q;
              if (inner === ATTRIBUTES) continue;
              value = this.#finish(inner, [], raw);
              break;
            }
            p = q;
            this.#enter(depth++, kind, items, index, size, raw, streamed, attributes);
            kind = inner;
            index = 0;
            streamed = open;
            open = false;
            attributes = null;
            decorated = typed;
            size = streamed ? maxElements + 1 : length;
            if (kind >= MAP && kind !== PUSH) size *= 2;
            items = streamed ? [] : this.#reserve(size);
            if (kind === ATTRIBUTES) raw = false;
            else if (kind === PUSH) raw = this.#options.pushReplies === 'bytes';
            continue;
          }
          case PLUS: {
            if (
              !raw &&
              bytes[q] === 0x4f &&
              bytes[q + 1] === 0x4b &&
              bytes[q + 2] === CR &&
              bytes[q + 3] === LF
            ) {
              value = 'OK';
              p += 5;
              break;
            }
            const stop = this.#longLineEnd(bytes, p, end);
            if (stop === -1) break scan;
            value =
              raw && !(kind === PUSH && index === 0) ? bytes.subarray(q, stop) : bytes.utf8Slice(q, stop);
            p = stop + 2;
            break;
          }
          case MINUS: {
            const stop = this.#longLineEnd(bytes, p, end);
            if (stop === -1) break scan;
            value = new RedisError(bytes.utf8Slice(q, stop));
            p = stop + 2;
            break;
          }
          case PAREN: {
            const stop = this.#longLineEnd(bytes, p, end);
            if (stop === -1) break scan;
            value = BigInt(bytes.latin1Slice(q, stop));
            p = stop + 2;
            break;
          }
          case UNDERSCORE:
            if (bytes[q] !== CR || bytes[q + 1] !== LF) this.#failLine(bytes, p, end);
            value = null;
            p += 3;
            break;
          case HASH:
            value = bytes[q] === 0x74;
            if ((!value && bytes[q] !== 0x66) || bytes[q + 1] !== CR || bytes[q + 2] !== LF) {
              this.#failLine(bytes, p, end);
            }
            p += 4;
            break;
          case COMMA: {
            const stop = this.#shortLineEnd(bytes, p, end);
            if (stop === -1) break scan;
            value = doubleOf(bytes.latin1Slice(q, stop));
            p = stop + 2;
            break;
          }
          default:
            this.#checkStructure(bytes, p, kind, streamed, index, attributes);
            // Only a dot gets here: the end of a streamed aggregate.
            if (bytes[q] !== CR || bytes[q + 1] !== LF) this.#failLine(bytes, p, end);
            closing = true;
            p += 3;
        }
      }

      for (;;) {
        if (closing) closing = false;
        else {
          if (kind === TOP) {
            if (p > replyEnd) this.#failReplyBytes();
            this.#resumeAt = p;
            this.#replyStart = this.#base + p;
            replyEnd = p + maxReply;
            if (decorated) {
              const beside = attributes;
              attributes = null;
              decorated = typed;
              this.#emitDecorated(type, value, beside, open);
              open = false;
            } else if (typeof value === 'object' && value instanceof RedisError)
              this.#handlers.onErrorReply(value);
            else this.#handlers.onReply(value);
            if (this.#dropped) return;
            raw = this.replies === 'bytes';
            break;
          }
          if (decorated && kind !== CHUNKS) {
            value = this.#decorate(type, value, attributes, open);
            open = false;
            attributes = null;
            decorated = typed;
          }
          items[index++] = value;
          if (index !== size) {
            if (kind === PUSH && index === 1) raw = this.#pushRaw(items[0] as RespValue);
            break;
          }
          if (streamed) this.#fail('LIMIT_EXCEEDED', bytes, p, p, `at most ${maxElements} elements`);
        }

        // The aggregate is whole: its frame goes, and it becomes a value of the one around it.
        const done = kind;
        const complete = this.#finish(done, items, raw);
        open = streamed;
        const outer = frames[--depth] as frame.Frame;
        ({ kind, items, index, size, raw, streamed, attributes } = outer);
        outer.items = frame.NO_ITEMS;
        outer.attributes = null;
        decorated = typed || attributes !== null;
        if (done === ATTRIBUTES) {
          open = false;
          attributes = frame.mergeAttributes(attributes, complete as unknown as Attributes);
          decorated = true;
          break;
        }
        if (done === PUSH) {
          open = false;
          const beside = attributes;
          attributes = null;
          decorated = typed;
          this.#resumeAt = p;
          if (kind === TOP) {
            if (p > replyEnd) this.#failReplyBytes();
            this.#replyStart = this.#base + p;
            replyEnd = p + maxReply;
          }
          this.#save(depth, kind, items, index, size, raw, streamed, attributes);
          this.#emitPush(complete as RespValue[], beside);
          if (this.#dropped) return;
          this.#depth = 0;
          if (kind === TOP) raw = this.replies === 'bytes';
          break;
        }
        value = complete;
        type = frame.typeOf(done);
      }
    }

    if (p < end) {
      this.#checkStructure(bytes, p, kind, streamed, index, attributes);
      this.#checkLine(bytes, p, end, p + 1);
      this.#line.append(bytes, p, end);
      broken = LINE;
    }
    this.#broken = broken;
    this.#save(depth, kind, items, index, size, raw, streamed, attributes);
  }

  #enter(
    depth: number,
    kind: number,
    items: RespValue[],
    index: number,
    size: number,
    raw: boolean,
    streamed: boolean,
    attributes: Attributes | null,
  ): void {
    const outer = this.#frames[depth] as frame.Frame;
    outer.kind = kind;
    outer.items = items;
    outer.index = index;
    outer.size = size;
    outer.raw = raw;
    outer.streamed = streamed;
    outer.attributes = attributes;
    if (this.#frames.length === depth + 1) this.#frames.push(frame.emptyFrame());
  }

  #save(
    depth: number,
    kind: number,
    items: RespValue[],
    index: number,
    size: number,
    raw: boolean,
    streamed: boolean,
    attributes: Attributes | null,
  ): void {
    this.#enter(depth, kind, items, index, size, raw, streamed, null);
    this.#depth = depth;
    this.#attributes = attributes;
  }

  /** An array for so many elements, as far as a header alone can be trusted. */
  #reserve(size: number): RespValue[] {
    const reserved = this.#reserved;
    const slots = Math.min(size, Math.max(16, RESERVED_SLOTS - reserved));
    this.#reserved = reserved + slots;
    return new Array<RespValue>(slots);
  }

  #kindOf(type: number, raw: boolean): number {
    switch (type) {
      case STAR:
        return ARRAY;
      case TILDE:
        return SET;
      case PERCENT:
        return raw || this.#options.typed ? ENTRIES : this.#mapKind;
      case GREATER:
        return PUSH;
      default:
        return ATTRIBUTES;
    }
  }

  #finish(kind: number, items: RespValue[], raw: boolean): RespValue {
    switch (kind) {
      case MAP:
        return frame.toMap(items);
      case OBJECT:
        return frame.toObject(items);
      case ENTRIES:
        return frame.toEntries(items);
      case ATTRIBUTES:
        return this.#options.typed ? frame.toEntries(items) : frame.toMap(items);
      case SET:
        return raw || this.#options.typed || this.#options.sets === 'array' ? items : new Set(items);
      case CHUNKS: {
        const whole = concat(items as Uint8Array[], this.#streamedBytes);
        return raw ? whole : this.#longText(whole, 0, whole.length);
      }
      default:
        return items;
    }
  }

  #pushRaw(pushType: RespValue): boolean {
    const { pushReplies } = this.#options;
    if (typeof pushReplies === 'string') return pushReplies === 'bytes';
    return typeof pushType === 'string' && pushReplies(pushType) === 'bytes';
  }

  #emitPush(items: RespValue[], attributes: Attributes | null): void {
    if (this.#options.typed) {
      this.#handlers.onReply(this.#decorate(GREATER, items, attributes, false));
      return;
    }
    const pushType = items[0];
    if (typeof pushType !== 'string') {
      this.#failed = true;
      throw new ProtocolError(
        'INVALID_STRUCTURE',
        this.#base + this.#resumeAt,
        'a push whose first element is a string',
      );
    }
    const data = items.length === 3 ? [items[1] as RespValue, items[2] as RespValue] : items.slice(1);
    const push = new RespPush(pushType, data);
    if (attributes === null) this.#handlers.onPush(push);
    else this.#handlers.onPush(push, attributes as RespAttributes);
  }

  #emitDecorated(type: number, value: RespValue, attributes: Attributes | null, streamed: boolean): void {
    if (this.#options.typed) this.#handlers.onReply(this.#decorate(type, value, attributes, streamed));
    else if (value instanceof RedisError) this.#handlers.onErrorReply(value, attributes as RespAttributes);
    else if (this.#options.attributes === 'wrap') {
      this.#handlers.onReply(new AttributedReply(value, attributes as RespAttributes));
    } else this.#handlers.onReply(value, attributes as RespAttributes);
  }

  #decorate(type: number, value: RespValue, attributes: Attributes | null, streamed: boolean): RespValue {
    if (this.#options.typed) {
      const node: Record<string, unknown> =
        type === EQUALS ? (value as Record<string, unknown>) : { type: String.fromCharCode(type), value };
      if (attributes !== null) node['attributes'] = attributes;
      if (streamed) node['streamed'] = true;
      return node as RespValue;
    }
    if (attributes === null || this.#options.attributes !== 'wrap') return value;
    return new AttributedReply(value, attributes as RespAttributes);
  }

  #startBulk(type: number, length: number, asBytes: boolean): void {
    this.#bulk = asBytes ? this.#largeBytes : this.#largeText;
    this.#bulk.begin(length);
    this.#bulkType = type;
    this.#bulkLength = length;
    this.#bulkRead = 0;
  }

  /** Takes what the chunk has of the bulk and its CRLF. Returns where the chunk goes on, or -1 when it is used up. */
  #resumeBulk(bytes: TextBytes, from: number): number {
    const end = bytes.length;
    const length = this.#bulkLength;
    let read = this.#bulkRead;
    let p = from;
    if (read < length && p < end) {
      const taken = Math.min(length - read, end - p);
      const mark = p + 3 - read;
      if (this.#bulkType === EQUALS && mark >= p && mark < p + taken && bytes[mark] !== COLON)
        this.#failVerbatim(mark);
      this.#bulk.append(bytes.subarray(p, p + taken));
      p += taken;
      read += taken;
    }
    for (; read >= length && read < length + 2 && p < end; p++, read++) {
      if (bytes[p] !== (read === length ? CR : LF)) this.#failTerminator(bytes, p, read - length);
    }
    this.#bulkRead = read;
    return read === length + 2 ? p : -1;
  }

  #finishBulk(): RespValue {
    const value = this.#bulk.finish();
    const type = this.#bulkType;
    if (value instanceof Error) return tooLong(this.#bulkLength, value);
    if (type === DOLLAR || type === SEMICOLON || typeof value === 'object') {
      return type === EQUALS ? this.#verbatim(value as TextBytes, true) : value;
    }
    return type === BANG ? new RedisError(value) : this.#verbatimOf(value.slice(4), value.slice(0, 3));
  }

  /** The value of a whole verbatim string or bulk error, or of a piece of a streamed string. */
  #special(type: number, content: TextBytes, raw: boolean): RespValue {
    if (type === SEMICOLON) return content;
    if (type === BANG) return new RedisError(content.utf8Slice(0, content.length));
    return this.#verbatim(content, raw);
  }

  #verbatim(content: TextBytes, raw: boolean): RespValue {
    const text = raw ? content.subarray(4) : this.#longText(content, 4, content.length);
    return this.#verbatimOf(text, content.latin1Slice(0, 3));
  }

  #verbatimOf(text: RespValue, format: string): RespValue {
    if (this.#options.typed) return { type: '=', value: text, format };
    if (typeof text !== 'string' || this.#options.verbatim === 'text') return text;
    return new VerbatimString(text, format);
  }

  /** Text in memory of its own; an error value when the engine has no string of that length. */
  #longText(bytes: TextBytes, start: number, end: number): RespValue {
    try {
      return this.#group.ascii ? bytes.latin1Slice(start, end) : bytes.utf8Slice(start, end);
    } catch (cause) {
      return tooLong(end - start, cause);
    }
  }

  /** Index of the CR of a short line, -1 when the line is not whole. Fails when it breaks its grammar. */
  #shortLineEnd(bytes: TextBytes, start: number, end: number): number {
    this.#checkLine(bytes, start, end, start + 1);
    const stop = bytes.indexOf(CR, start);
    return stop === -1 || stop + 1 === end ? -1 : stop;
  }

  /** The same for `+`, `-` and `(`, whose lines may be long. */
  #longLineEnd(bytes: TextBytes, start: number, end: number): number {
    const { lineBytes, bigNumberBytes } = this.#options.limits;
    const most = bytes[start] === PAREN ? bigNumberBytes : lineBytes;
    let stop = start + 1;
    while (stop < end && bytes[stop] !== CR && bytes[stop] !== LF) stop++;
    if (stop + 1 >= end) return -1;
    if (bytes[stop + 1] !== LF || bytes[stop] !== CR || stop - start - 1 > most || bytes[start] === PAREN) {
      this.#checkLine(bytes, start, end, start + 1);
    }
    return stop;
  }

  #checkLine(bytes: TextBytes, start: number, end: number, from: number): void {
    const fault = lineFault(bytes, start, end, this.#options.limits, from);
    if (fault !== undefined)
      this.#fail(fault.code, bytes, start, start + fault.index + 1, fault.expected, start + fault.index);
  }

  #failLine(bytes: TextBytes, start: number, end: number): never {
    this.#checkLine(bytes, start, end, start + 1);
    throw new Error('a line was refused that has no fault');
  }

  /** A value must be able to begin with this byte here. */
  #checkStructure(
    bytes: TextBytes,
    at: number,
    kind: number,
    streamed: boolean,
    index: number,
    attributes: Attributes | null,
  ): void {
    const type = bytes[at] as number;
    if (!TYPES.has(type)) this.#fail('UNKNOWN_TYPE', bytes, at, at + 1, 'the type of a value');
    const inPieces = kind === CHUNKS;
    if (inPieces !== (type === SEMICOLON)) {
      const expected = inPieces
        ? 'the next piece of a streamed string'
        : 'a value, not a piece of a streamed string';
      this.#fail('INVALID_STRUCTURE', bytes, at, at + 1, expected);
    }
    if (type !== DOT) return;
    if (!streamed)
      this.#fail('INVALID_STRUCTURE', bytes, at, at + 1, 'a value, not the end of a streamed one');
    if (attributes !== null)
      this.#fail('INVALID_STRUCTURE', bytes, at, at + 1, 'a value after its attributes');
    if (kind >= MAP && kind !== PUSH && (index & 1) === 1) {
      this.#fail('INVALID_STRUCTURE', bytes, at, at + 1, 'a value for the last key');
    }
  }

  #failTerminator(bytes: TextBytes, at: number, index?: number): never {
    const second = index === 1 || (index === undefined && bytes[at] === CR);
    const offset = index === undefined && second ? at + 1 : at;
    return this.#fail(
      'INVALID_TERMINATOR',
      bytes,
      0,
      0,
      second ? 'LF after CR' : 'CRLF after a bulk',
      offset,
    );
  }

  #failVerbatim(at: number): never {
    return this.#fail(
      'INVALID_STRUCTURE',
      undefined,
      0,
      0,
      'a colon after the format of a verbatim string',
      at,
    );
  }

  #failReplyBytes(): never {
    const most = this.#options.limits.replyBytes;
    const at = this.#replyStart + most - this.#base;
    return this.#fail('LIMIT_EXCEEDED', undefined, 0, 0, `the end of a reply of at most ${most} bytes`, at);
  }

  #fail(
    code: ProtocolErrorCode,
    bytes: TextBytes | undefined,
    start: number,
    end: number,
    expected: string,
    at: number = start,
  ): never {
    this.#failed = true;
    const excerpt = bytes === undefined ? '' : excerptOf(bytes, start, end);
    throw new ProtocolError(code, this.#base + at, expected, excerpt);
  }
}

function hasNewline(bytes: TextBytes, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === LF) return true;
  return false;
}

function tooLong(length: number, cause: unknown): RedisError {
  return new RedisError(
    `STRINGTOOLONG a string of ${length} bytes is more than this engine can hold, ask for bytes`,
    {
      cause,
    },
  );
}

/**
 * V8 drops a hidden class when its last object is collected, and with it the code optimised for it. One of each that a
 * program may never hold between two collections keeps the decoder fast.
 */
export const KEPT_SHAPES: readonly unknown[] = [new RespPush('', []), new VerbatimString('', 'txt'), new RedisError('')];
