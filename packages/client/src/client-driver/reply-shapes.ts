import { type CommandArgument, type RespValue, VerbatimString } from '@redlane/resp3-core';
import type { DriverReply } from '../driver.js';
import { type ReplyKind, replyKind } from './reply-table.js';

/** A value in RESP2's shape whose strings may still be text where bytes are wanted. */
type Shape = string | Uint8Array | number | bigint | null | readonly Shape[];

/** Of MEMORY STATS: in RESP3 these are doubles, and all other numbers integers. */
const RATIO = /(?:percentage|ratio|fragmentation)$/;

/**
 * The reply to `args` as a server gives it in RESP2. `reply` is what the decoder gives, for RESP3 or RESP2 alike.
 *
 * Two things cannot be told apart in what a script returns after `redis.setresp(3)`: a double without a fraction comes as a
 * number, and a big number that fits 64 bits as a `bigint`.
 */
export function resp2Reply(args: readonly CommandArgument[], reply: RespValue): DriverReply {
  return shaped(args, reply) as DriverReply;
}

/** The same with every string as bytes. */
export function resp2Bytes(args: readonly CommandArgument[], reply: RespValue): DriverReply<Uint8Array> {
  return bytesOf(shaped(args, reply));
}

function shaped(args: readonly CommandArgument[], reply: RespValue): Shape {
  if (typeof reply === 'string' || reply === null) return reply;
  return convert(reply, replyKind(args));
}

function convert(reply: RespValue, kind: ReplyKind | undefined): Shape {
  switch (kind) {
    case 'scored':
      return flatPairs(plain(reply, true));
    case 'doubles':
      return plain(reply, true);
    case 'pairs':
      return flatPairs(plain(reply, false));
    case 'rank':
      return rank(plain(reply, false));
    case 'places':
      return places(plain(reply, false));
    case 'streams':
      return reply instanceof Map ? Array.from(reply, (pair) => plain(pair, false)) : plain(reply, false);
    case 'statistics':
      return statistics(plain(reply, false));
    default:
      return plain(reply, false);
  }
}

/** RESP3's types as RESP2's. */
function plain(value: RespValue, doubles: boolean): Shape {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return doubles || !Number.isInteger(value) ? double(value) : value;
    case 'boolean':
      return value ? 1 : 0;
    case 'bigint':
      return isInteger64(value) ? value : value.toString();
    default:
      break;
  }
  if (value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((element) => plain(element, doubles));
  if (value instanceof Set) return Array.from(value, (element) => plain(element, doubles));
  if (value instanceof VerbatimString) return value.valueOf();
  if (value instanceof Map) {
    const flat: Shape[] = [];
    for (const [key, element] of value) flat.push(plain(key, doubles), plain(element, doubles));
    return flat;
  }
  // An error inside of an array, which only scripts can give.
  return value as unknown as Shape;
}

/** Integers come as `bigint` from 2^53 on and have 64 bits: all others were big numbers. */
function isInteger64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value && !Number.isSafeInteger(Number(value));
}

function double(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

function flatPairs(value: Shape): Shape {
  return isList(value) && value.every(isList) ? value.flat() : value;
}

function rank(value: Shape): Shape {
  if (!isList(value)) return value;
  const [position = null, score = null] = value;
  return [position, typeof score === 'number' ? double(score) : score];
}

/** Members, or lists of a member and what was asked for, coordinates as a list in them. */
function places(value: Shape): Shape {
  if (!isList(value)) return value;
  return value.map((place) =>
    isList(place) ? place.map((item) => (isList(item) ? item.map(coordinate) : item)) : place,
  );
}

function coordinate(value: Shape): Shape {
  return typeof value === 'number' ? double(value) : value;
}

function statistics(value: Shape): Shape {
  if (!isList(value)) return value;
  return value.map((item, at) => {
    const name = at % 2 === 1 ? value[at - 1] : undefined;
    return typeof item === 'number' && typeof name === 'string' && RATIO.test(name) ? double(item) : item;
  });
}

function bytesOf(value: Shape): DriverReply<Uint8Array> {
  if (typeof value === 'string') return Buffer.from(value);
  return isList(value) ? value.map(bytesOf) : value;
}

// `Array.isArray` does not narrow a readonly array.
function isList(value: Shape): value is readonly Shape[] {
  return Array.isArray(value);
}
