import { AttributedReply, RedisError, RespPush, VerbatimString } from '../src/index.js';

/** Everything that tells one decoded value from another, as text: `-0` from `0`, bytes from text, a `Map` from an object. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : showObject(value);
    default:
      return String(value);
  }
}

function showObject(value: object): string {
  if (value instanceof Uint8Array) return `bytes${JSON.stringify(Buffer.from(value).toString('latin1'))}`;
  if (value instanceof VerbatimString) return `${value.format}:${JSON.stringify(value.valueOf())}`;
  if (value instanceof RedisError) return `${value.code}!${JSON.stringify(value.message)}`;
  if (value instanceof RespPush) return `push(${[value.pushType, ...value.data].map(show).join(' ')})`;
  if (value instanceof AttributedReply) return `${show(value.attributes)}>${show(value.value)}`;
  if (Array.isArray(value)) {
    const holes = value.length - Object.keys(value).length;
    return `[${value.map(show).join(' ')}${holes === 0 ? '' : ` and ${holes} holes`}]`;
  }
  if (value instanceof Set) return `set[${[...value].map(show).join(' ')}]`;
  if (value instanceof Map) return `map{${pairs([...value])}}`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return `object{${pairs(Object.entries(value))}}`;
  if (prototype === Object.prototype) return `node{${pairs(Object.entries(value))}}`;
  throw new Error(`a decoder made a ${value.constructor.name}`);
}

function pairs(entries: readonly (readonly [unknown, unknown])[]): string {
  return entries.map(([key, value]) => `${show(key)}: ${show(value)}`).join(', ');
}
