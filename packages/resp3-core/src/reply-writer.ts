import { ByteSink } from './byte-sink.js';
import { RedisError } from './errors.js';
import { isBytes, isDetached } from './is-bytes.js';
import type { ReplyForm, ReplyLevel } from './reply-level.js';
import { ReplyValueError } from './reply-value-error.js';
import { encodeText, utf8Length } from './utf8-writer.js';

interface Frame<T> {
  /** The value as the caller gave it, by which cycles are found. */
  readonly source: T;
  readonly elements: readonly T[];
  readonly streamed: boolean;
  next: number;
}

const FORMAT_BYTES = 3;

/** Writes one reply. Goes from element to element without recursion, so that depth is bounded by memory alone. */
export class ReplyWriter<T> {
  readonly #form: ReplyForm<T>;
  readonly #protocol: 2 | 3;
  readonly #streamedChunkBytes: number;
  readonly #sink = new ByteSink();
  readonly #frames: Frame<T>[] = [];
  readonly #open = new Set<T>();

  constructor(form: ReplyForm<T>, protocol: 2 | 3, streamedChunkBytes: number) {
    this.#form = form;
    this.#protocol = protocol;
    this.#streamedChunkBytes = streamedChunkBytes;
  }

  write(root: T): Uint8Array {
    this.#visit(root);
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      if (frame.next < frame.elements.length) this.#visit(frame.elements[frame.next++]!);
      else this.#leave(frame);
    }
    return this.#sink.toBytes();
  }

  readonly #refuse = (problem: string, advice: string): ReplyValueError =>
    new ReplyValueError(
      problem,
      advice,
      this.#frames.map((frame) => frame.next - 1),
    );

  #visit(item: T): void {
    if (this.#open.has(item))
      throw this.#refuse('a value inside itself', 'replies are trees, break the cycle');
    const level = this.#form.levelOf(item, this.#refuse);
    switch (level.type) {
      case '*':
      case '~':
      case '>':
        if (level.value === null) this.#line('*', '-1');
        else this.#enter(item, level.type, level.value, level.streamed === true);
        break;
      case '%':
      case '|':
        this.#enterPairs(item, level);
        break;
      case '$':
        this.#writeBulkString(level.value, level.streamed === true);
        break;
      default:
        this.#writeScalar(level);
    }
  }

  #enter(source: T, type: '*' | '~' | '>', elements: readonly T[], streamed: boolean): void {
    if (this.#protocol === 2) this.#line('*', String(elements.length));
    else if (streamed) this.#line(type, '?');
    else this.#line(type, String(this.#count(elements)));
    this.#push(source, elements, streamed);
  }

  #enterPairs(source: T, level: Extract<ReplyLevel<T>, { type: '%' | '|' }>): void {
    const pairs = level.type === '%' ? level.value : level.attributes;
    const elements: T[] = [];
    for (const [key, value] of pairs) elements.push(key, value);
    if (this.#count(elements) !== elements.length) {
      throw this.#refuse('a push as key or value', 'put it before or behind the map');
    }
    if (level.type === '%') {
      const streamed = level.streamed === true;
      if (this.#protocol === 2) this.#line('*', String(elements.length));
      else this.#line('%', streamed ? '?' : String(pairs.length));
      this.#push(source, elements, streamed);
      return;
    }
    if (this.#protocol === 2) {
      this.#push(source, [level.value], false);
      return;
    }
    this.#line('|', String(pairs.length));
    elements.push(level.value);
    this.#push(source, elements, false);
  }

  #push(source: T, elements: readonly T[], streamed: boolean): void {
    this.#open.add(source);
    this.#frames.push({ source, elements, streamed: streamed && this.#protocol === 3, next: 0 });
  }

  #leave(frame: Frame<T>): void {
    if (frame.streamed) this.#line('.', '');
    this.#open.delete(frame.source);
    this.#frames.pop();
  }

  #count(elements: readonly T[]): number {
    let count = 0;
    for (const element of elements) if (!this.#form.isPush(element)) count++;
    return count;
  }

  #writeScalar(level: Exclude<ReplyLevel<T>, { type: '$' | '*' | '~' | '>' | '%' | '|' }>): void {
    const resp3 = this.#protocol === 3;
    switch (level.type) {
      case '+':
        this.#checkText(level.value);
        this.#line('+', this.#oneLine(level.value));
        break;
      case '-':
        this.#line('-', this.#oneLine(this.#messageOf(level.value)));
        break;
      case '!': {
        const message = this.#messageOf(level.value);
        if (resp3) this.#bulk('!', message);
        else this.#line('-', message.replace(/[\r\n]/g, ' '));
        break;
      }
      case ':':
        this.#line(':', this.#integerText(level.value));
        break;
      case '_':
        this.#line(resp3 ? '_' : '$', resp3 ? '' : '-1');
        break;
      case '#':
        if (typeof level.value !== 'boolean')
          throw this.#refuse('a # that is no boolean', 'give it true or false');
        this.#line(resp3 ? '#' : ':', resp3 ? (level.value ? 't' : 'f') : level.value ? '1' : '0');
        break;
      case ',':
        if (typeof level.value !== 'number') throw this.#refuse('a , that is no number', 'give it a number');
        this.#lineOrBulk(',', doubleText(level.value));
        break;
      case '(':
        if (typeof level.value !== 'bigint') throw this.#refuse('a ( that is no bigint', 'give it a bigint');
        this.#lineOrBulk('(', String(level.value));
        break;
      case '=':
        this.#writeVerbatim(level.value, level.format);
        break;
    }
  }

  #writeBulkString(value: string | Uint8Array | null, streamed: boolean): void {
    if (value === null) {
      this.#line('$', '-1');
      return;
    }
    this.#checkText(value);
    if (!streamed || this.#protocol === 2) {
      this.#bulk('$', value);
      return;
    }
    const bytes = typeof value === 'string' ? encodeText(value) : value;
    this.#line('$', '?');
    for (let at = 0; at < bytes.length; at += this.#streamedChunkBytes) {
      this.#bulk(';', bytes.subarray(at, at + this.#streamedChunkBytes));
    }
    this.#line(';', '0');
  }

  #writeVerbatim(text: string | Uint8Array, format: string): void {
    this.#checkText(text);
    if (typeof format !== 'string' || format.length !== FORMAT_BYTES || utf8Length(format) !== FORMAT_BYTES) {
      throw this.#refuse(
        'a verbatim string with an impossible format',
        "give it three ASCII characters, 'txt' or 'mkd'",
      );
    }
    if (this.#protocol === 2) this.#bulk('$', text);
    else this.#bulk('=', text, `${format}:`);
  }

  #lineOrBulk(type: string, text: string): void {
    if (this.#protocol === 3) this.#line(type, text);
    else this.#bulk('$', text);
  }

  #line(type: string, text: string | Uint8Array): void {
    this.#sink.text(type);
    this.#content(text);
    this.#sink.crlf();
  }

  #bulk(type: string, content: string | Uint8Array, prefix = ''): void {
    const bytes = typeof content === 'string' ? utf8Length(content) : content.byteLength;
    this.#sink.header(type.charCodeAt(0), prefix.length + bytes);
    this.#sink.text(prefix);
    this.#content(content);
    this.#sink.crlf();
  }

  #content(content: string | Uint8Array): void {
    if (typeof content === 'string') this.#sink.text(content);
    else this.#sink.bytes(content);
  }

  #checkText(value: unknown): void {
    if (typeof value === 'string') return;
    if (!isBytes(value))
      throw this.#refuse('a text that is neither string nor bytes', 'give it a string or a Uint8Array');
    if (isDetached(value)) {
      throw this.#refuse('a detached Uint8Array', 'copy the bytes before their memory is transferred');
    }
  }

  #oneLine<L extends string | Uint8Array>(line: L): L {
    const broken =
      typeof line === 'string' ? /[\r\n]/.test(line) : line.some((byte) => byte === 0x0d || byte === 0x0a);
    if (broken) throw this.#refuse('a simple type with a line break', "use '$' for texts and '!' for errors");
    return line;
  }

  #messageOf(value: unknown): string {
    if (value instanceof RedisError) return value.message;
    throw this.#refuse('an error that is no RedisError', 'give it a RedisError');
  }

  #integerText(value: unknown): string {
    const fits = typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value);
    if (!fits)
      throw this.#refuse(
        'a : that is no safe integer or int64',
        'use a bigint within int64, or another type',
      );
    return String(value);
  }
}

/** Doubles as servers spell them. */
function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
