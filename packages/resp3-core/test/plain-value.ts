import type { RespDecoderOptions } from '../src/index.js';
import { AttributedReply, type RespNode, RespPush, type RespValue, VerbatimString } from '../src/index.js';

/** What a decoder with these options must make of a node: the options' documentation as a program. */
export function plainValue(
  node: RespNode,
  options: RespDecoderOptions,
  raw: boolean = options.replies === 'bytes',
): RespValue {
  const value = bareValue(node, options, raw);
  if (node.attributes === undefined || options.attributes !== 'wrap') return value;
  return new AttributedReply(value, attributesOf(node, options)!);
}

/** What stands beside the value of a whole reply. */
export function attributesOf(
  { attributes }: RespNode,
  options: RespDecoderOptions,
): Map<RespValue, RespValue> | undefined {
  if (attributes === undefined) return undefined;
  return new Map(
    attributes.map(([key, value]) => [plainValue(key, options, false), plainValue(value, options, false)]),
  );
}

export function pushOf(node: RespNode, options: RespDecoderOptions): RespPush {
  const [first, ...data] = node.value as RespNode[];
  const pushType = String((first as RespNode).value);
  const { pushReplies = 'string' } = options;
  const raw = (typeof pushReplies === 'string' ? pushReplies : pushReplies(pushType)) === 'bytes';
  return new RespPush(
    pushType,
    data.map((element) => plainValue(element, options, raw)),
  );
}

export function bareValue(node: RespNode, options: RespDecoderOptions, raw: boolean): RespValue {
  const inner = (element: RespNode): RespValue => plainValue(element, options, raw);
  switch (node.type) {
    case '+':
    case '$':
      return raw && typeof node.value === 'string' ? Buffer.from(node.value) : node.value;
    case '=':
      if (raw) return Buffer.from(node.value);
      return options.verbatim === 'text' ? node.value : new VerbatimString(String(node.value), node.format);
    case '*':
      return node.value === null ? null : node.value.map(inner);
    case '~': {
      const members = node.value.map(inner);
      return raw || options.sets === 'array' ? members : new Set(members);
    }
    case '%': {
      const entries = node.value.map(([key, value]): [RespValue, RespValue] => [inner(key), inner(value)]);
      return mapOf(entries, raw ? 'entries' : options.maps);
    }
    case '>':
      throw new Error('a push is no value');
    default:
      return node.value;
  }
}

function mapOf(entries: [RespValue, RespValue][], shape: RespDecoderOptions['maps']): RespValue {
  if (shape === 'entries') return entries;
  if (shape !== 'object' || entries.some(([key]) => typeof key !== 'string')) return new Map(entries);
  const object = Object.create(null) as { [key: string]: RespValue };
  for (const [key, value] of entries) object[key as string] = value;
  return object;
}
