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
  toEntries,
  toMap,
  toObject,
} from './aggregate.js';
import { concat } from './concat.js';
import { RedisError } from './errors.js';
import type { RespNode } from './node.js';
import type { MapMode, ResolvedDecoderOptions } from './options.js';
import type { TextBytes } from './text-bytes.js';
import { BANG, EQUALS, GREATER, PERCENT, SEMICOLON, STAR, TILDE } from './type-bytes.js';
import { AttributedReply, type RespAttributes, RespPush, type RespValue, VerbatimString } from './values.js';

/** Makes the values that are more than one slice of a chunk, in the shapes that the options ask for. */
export class ReplyBuilder {
  /**
   * V8 forgets a hidden class with the last object that has it, and with it the code optimised for it. One of each kind
   * that a program may not hold while garbage is collected keeps the decoder fast.
   */
  static readonly samples: readonly unknown[] = [
    new RespPush('', []),
    new VerbatimString('', 'txt'),
    new RedisError(''),
  ];

  readonly #options: ResolvedDecoderOptions;
  #mapKind: number = MAP;

  constructor(options: ResolvedDecoderOptions) {
    this.#options = options;
  }

  /** Fixes the shape of the maps of the reply that begins. */
  begin(maps: MapMode): void {
    this.#mapKind = maps === 'map' ? MAP : maps === 'object' ? OBJECT : ENTRIES;
  }

  kindOf(type: number, raw: boolean): number {
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

  /** The value of a whole aggregate. */
  aggregate(kind: number, items: RespValue[], raw: boolean): RespValue {
    switch (kind) {
      case MAP:
        return toMap(items);
      case OBJECT:
        return toObject(items);
      case ENTRIES:
        return toEntries(items);
      case ATTRIBUTES:
        return this.#options.typed ? toEntries(items) : toMap(items);
      case SET:
        return raw || this.#options.typed || this.#options.sets === 'array' ? items : new Set(items);
      case CHUNKS: {
        const whole = concat(items as Uint8Array[]);
        return raw ? whole : textOf(whole, 0, whole.length);
      }
      default:
        return items;
    }
  }

  /** The value of a verbatim string or bulk error, or of a piece of a streamed string. */
  special(type: number, content: TextBytes, raw: boolean): RespValue {
    if (type === SEMICOLON) return content;
    if (type === BANG) {
      const message = textOf(content, 0, content.length);
      return typeof message === 'string' ? replyError(message) : message;
    }
    return this.verbatim(raw ? content.subarray(4) : textOf(content, 4, content.length), formatOf(content));
  }

  verbatim(text: RespValue, format: string): RespValue {
    if (this.#options.typed) return { type: '=', value: text, format };
    if (typeof text !== 'string' || this.#options.verbatim === 'text') return text;
    return new VerbatimString(text, format);
  }

  /** The type of the push that begins with this value; `undefined` when it cannot be one. */
  pushType(first: RespValue): string | undefined {
    const item = this.#options.typed ? (first as unknown as RespNode).value : first;
    const text = item instanceof AttributedReply ? item.value : item;
    if (text instanceof VerbatimString) return text.valueOf();
    return typeof text === 'string' ? text : undefined;
  }

  /** Whether the other elements of a push are wanted as bytes. */
  isPushRaw(pushType: string): boolean {
    const { pushReplies } = this.#options;
    return (typeof pushReplies === 'string' ? pushReplies : pushReplies(pushType)) === 'bytes';
  }

  /** A node, or the value with its attributes if those are wanted around it. */
  decorate(type: number, value: RespValue, attributes: Attributes | null, streamed: boolean): RespValue {
    if (!this.#options.typed) {
      const wrap = attributes !== null && this.#options.attributes === 'wrap';
      return wrap ? new AttributedReply(value, attributes as RespAttributes) : value;
    }
    const isNode = type === EQUALS;
    const node = isNode ? (value as { type: string }) : { type: String.fromCharCode(type), value };
    return {
      ...node,
      ...(attributes === null ? {} : { attributes }),
      ...(streamed ? { streamed } : {}),
    } as unknown as RespValue;
  }
}

/** The format of a verbatim string, of which these are the first bytes. */
function formatOf(bytes: Uint8Array): string {
  return String.fromCharCode(bytes[0] as number, bytes[1] as number, bytes[2] as number);
}

/** Text in memory of its own; an error value when the engine has no string of that length. */
export function textOf(bytes: TextBytes, start: number, end: number, ascii = false): RespValue {
  try {
    return ascii ? bytes.latin1Slice(start, end) : bytes.utf8Slice(start, end);
  } catch (cause) {
    return tooLong(end - start, cause);
  }
}

export function tooLong(length: number, cause: unknown): RedisError {
  const message = `STRINGTOOLONG ${length} bytes are more than a string of this engine can hold: ask for bytes`;
  return new RedisError(message, { cause });
}

/** Without the stack: where the decoder stands says nothing, and collecting it costs more than all the rest. */
export function replyError(message: string): RedisError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new RedisError(message);
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}
