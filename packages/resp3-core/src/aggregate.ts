import type { RespNode } from './node.js';
import type { RespValue } from './values.js';

/** What elements are collected for. From MAP on, some elements are names that come again and again. */
export const TOP = 0;
export const ARRAY = 1;
export const SET = 2;
/** The pieces of a streamed string. */
export const CHUNKS = 3;
export const MAP = 4;
export const OBJECT = 5;
export const ENTRIES = 6;
export const ATTRIBUTES = 7;
export const PUSH = 8;

/** The type byte of each kind. */
export const TYPE_OF_KIND: readonly number[] = Array.from('_*~$%%%|>', (type) => type.charCodeAt(0));

/** A `Map`, or pairs of nodes when decoding to `RespNode`s. */
export type Attributes = Map<RespValue, RespValue> | [RespNode, RespNode][];

/** An aggregate that waits for elements. Those of maps are collected flat: key, value, key, value. */
export interface Frame {
  kind: number;
  items: RespValue[];
  index: number;
  /** Where `items` must grow or the aggregate is whole. */
  room: number;
  /** Elements in all; for a streamed aggregate one more than it may have. */
  size: number;
  streamed: boolean;
  /** Strings inside are bytes. */
  raw: boolean;
  /** The type of a push, `null` before it is known. */
  name: RespValue;
  /** Attributes that stood before the aggregate. */
  attributes: Attributes | null;
}

/** What a frame holds that collects nothing. */
export const NO_ITEMS: RespValue[] = [];

export function newFrame(): Frame {
  return {
    kind: TOP,
    items: NO_ITEMS,
    index: 0,
    room: 0,
    size: 0,
    streamed: false,
    raw: false,
    name: null,
    attributes: null,
  };
}

export function toMap(items: readonly RespValue[]): Map<RespValue, RespValue> {
  const map = new Map<RespValue, RespValue>();
  for (let i = 0; i < items.length; i += 2) map.set(items[i] as RespValue, items[i + 1] as RespValue);
  return map;
}

export function toEntries(items: readonly RespValue[]): [RespValue, RespValue][] {
  const entries: [RespValue, RespValue][] = [];
  for (let i = 0; i < items.length; i += 2) entries.push([items[i] as RespValue, items[i + 1] as RespValue]);
  return entries;
}

/** A null-prototype object, or a `Map` when a key is not a string and would be lost in an object. */
export function toObject(items: readonly RespValue[]): Record<string, RespValue> | Map<RespValue, RespValue> {
  const object = Object.create(null) as Record<string, RespValue>;
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i];
    if (typeof key !== 'string') return toMap(items);
    object[key] = items[i + 1] as RespValue;
  }
  return object;
}

/** Several attributes may stand in a row: the later one wins where they agree. */
export function mergeAttributes(earlier: Attributes | null, later: Attributes): Attributes {
  if (earlier === null) return later;
  if (Array.isArray(earlier)) return earlier.concat(later as [RespNode, RespNode][]);
  for (const [key, value] of later as Map<RespValue, RespValue>) earlier.set(key, value);
  return earlier;
}
