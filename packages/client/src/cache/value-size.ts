import { type RespValue, VerbatimString } from '@redlane/resp3-core';

// What engines take up for these on 64-bit machines, rather a bit more than less: headers, slots, and room for growth.
const SLOT = 8;
const TEXT = 24;
const NUMBER = 16;
const BYTES = 256;
const ARRAY = 48;
const TABLE = 128;
const SET_ITEM = 40;
const MAP_PAIR = 56;
const OBJECT_PAIR = 96;
const VERBATIM = 64;
/** An entry, its place in the index, and its share of the map that the entries of one key have. */
const ENTRY = 320;

/** What an entry takes up in memory, in bytes; `undefined` when its value is nothing to be kept. */
export function entrySize(key: string, variant: string, value: RespValue): number | undefined {
  const size = valueSize(value);
  return size === undefined ? undefined : ENTRY + textSize(key) + textSize(variant) + size;
}

function valueSize(value: RespValue): number | undefined {
  if (typeof value === 'string') return textSize(value);
  if (typeof value === 'number') return NUMBER;
  if (typeof value === 'bigint') return NUMBER + SLOT;
  if (typeof value !== 'object' || value === null) return SLOT;
  if (value instanceof Uint8Array) return BYTES + value.length;
  if (Array.isArray(value)) return sum(ARRAY, SLOT, value);
  if (value instanceof Map) return sum(TABLE, MAP_PAIR / 2, value.keys(), value.values());
  if (value instanceof Set) return sum(TABLE, SET_ITEM, value);
  if (value instanceof VerbatimString) return VERBATIM + textSize(value.valueOf());
  // An error inside of a reply says nothing lasting, and only objects made of a map have no prototype.
  if (Object.getPrototypeOf(value) !== null) return undefined;
  return sum(TABLE, OBJECT_PAIR / 2, Object.keys(value), Object.values(value));
}

function sum(base: number, each: number, ...groups: Iterable<RespValue>[]): number | undefined {
  let total = base;
  for (const group of groups) {
    for (const item of group) {
      const size = valueSize(item);
      if (size === undefined) return undefined;
      total += each + size;
    }
  }
  return total;
}

function textSize(text: string): number {
  return TEXT + (Buffer.byteLength(text) === text.length ? text.length : 2 * text.length);
}
