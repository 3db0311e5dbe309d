import { type CommandArgument, RedisError } from '@redlane/resp3-core';
import { replyKind } from '../client-driver/reply-table.js';
import type { DriverReply } from '../driver.js';
import { ReplyError } from '../reply-error.js';

type AnyReply = DriverReply | DriverReply<Uint8Array>;

/** How servers begin their errors, and neither ioredis nor Node. */
const CODE = /^[A-Z][A-Z0-9_]+( |$)/;

/**
 * An error that came as a reply; every other error of ioredis says that there was none. Its class tells, unless a bundler
 * has renamed that.
 */
export function isServerError(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'ReplyError' || CODE.test(error.message));
}

export function serverError(error: Error, command: string): ReplyError {
  return new ReplyError(new RedisError(error.message), command);
}

/**
 * A reply of ioredis's `callBuffer` in the driver's shape: strings come as `Buffer`, integers as text (`stringNumbers`) or
 * as numbers.
 */
export function driverReply(raw: unknown, command: string, bytes: boolean): AnyReply {
  if (raw === null || raw === undefined) return null;
  if (Buffer.isBuffer(raw)) return bytes ? raw : raw.toString();
  if (Array.isArray(raw)) return raw.map((element) => driverReply(element, command, bytes)) as AnyReply;
  if (typeof raw === 'string') return integer(raw, bytes);
  if (typeof raw === 'boolean') return raw ? 1 : 0;
  // Errors in arrays, which scripts and a bare EXEC give, are values.
  return (isServerError(raw) ? serverError(raw, command) : raw) as AnyReply;
}

/** Undoes what RESP3 changes beyond its types, for an instance that is shared and speaks it. */
export function flattened(command: readonly CommandArgument[], raw: unknown): unknown {
  if (!Array.isArray(raw)) return raw;
  switch (replyKind(command)) {
    case 'scored':
    case 'pairs':
      return raw.length > 0 && raw.every(Array.isArray) ? raw.flat() : raw;
    case 'streams':
      return raw.length > 0 && Array.isArray(raw[0]) ? raw : pairs(raw);
    default:
      return raw;
  }
}

function pairs(flat: readonly unknown[]): unknown[] {
  const result: unknown[] = [];
  for (let at = 0; at < flat.length; at += 2) result.push([flat[at], flat[at + 1]]);
  return result;
}

function integer(text: string, bytes: boolean): AnyReply {
  if (!/^[+-]?\d+$/.test(text)) return (bytes ? Buffer.from(text) : text) as AnyReply;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  const exact = BigInt(text);
  if (BigInt.asIntN(64, exact) === exact) return exact;
  // A big number, which only RESP3 has.
  return (bytes ? Buffer.from(text) : text) as AnyReply;
}
