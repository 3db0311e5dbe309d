import { RedisError } from './errors.js';
import { isBytes } from './is-bytes.js';
import type { RespNode } from './node.js';
import type { Refuse, ReplyForm, ReplyLevel } from './reply-level.js';
import { AttributedReply, RespPush, type RespValue, VerbatimString } from './values.js';

/** What `encodeReply` takes: decoded values, and pushes. */
export type Reply = RespValue | RespPush;

/** Plain JavaScript values: the RESP type follows from the value. */
export const plainReply: ReplyForm<Reply> = {
  levelOf(value, refuse) {
    switch (typeof value) {
      case 'string':
        return { type: '$', value };
      case 'boolean':
        return { type: '#', value };
      case 'number':
        return { type: Number.isSafeInteger(value) && !Object.is(value, -0) ? ':' : ',', value };
      case 'bigint':
        return { type: BigInt.asIntN(64, value) === value ? ':' : '(', value } as RespNode & {
          type: ':' | '(';
        };
      case 'object':
        return value === null ? { type: '_', value } : levelOfObject(value, refuse);
      default:
        throw refuse(
          typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`,
          'use null for nothing',
        );
    }
  },
  isPush: (value) => value instanceof RespPush,
};

function levelOfObject(value: Exclude<Reply, null> & object, refuse: Refuse): ReplyLevel<Reply> {
  if (isBytes(value)) return { type: '$', value };
  if (Array.isArray(value)) return { type: '*', value };
  if (value instanceof Map) return { type: '%', value: [...value] };
  if (value instanceof Set) return { type: '~', value: [...value] };
  if (value instanceof VerbatimString) return { type: '=', value: value.valueOf(), format: value.format };
  if (value instanceof RedisError) return { type: /[\r\n]/.test(value.message) ? '!' : '-', value };
  if (value instanceof RespPush) {
    if (typeof value.pushType !== 'string')
      throw refuse('a push without a type', 'give it a string as pushType');
    return { type: '>', value: [value.pushType, ...value.data] };
  }
  if (value instanceof AttributedReply) {
    if (plainReply.isPush(value.value)) throw refuse('a push with attributes', 'use encodeNode for it');
    return { type: '|', attributes: [...value.attributes], value: value.value };
  }
  if (!isPlainObject(value)) {
    throw refuse(
      'an instance of a class that RESP does not know',
      'convert it to a string, an array or a plain object',
    );
  }
  return { type: '%', value: Object.entries(value) };
}

function isPlainObject(value: object): value is { [key: string]: RespValue } {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
