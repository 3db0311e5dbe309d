import { RespPush, type RespValue } from '@redlane/resp3-core';
import { textOf } from './text-of.js';

const TYPES: ReadonlySet<unknown> = new Set([
  'message',
  'pmessage',
  'smessage',
  'subscribe',
  'psubscribe',
  'ssubscribe',
  'unsubscribe',
  'punsubscribe',
  'sunsubscribe',
]);

/**
 * What would be a push in RESP3: in RESP2 it is an array among the replies. `undefined` for a reply. Only for connections
 * on which nothing but subscriptions is used: elsewhere a reply may look the same.
 */
export function resp2Push(value: RespValue | Error): RespPush | undefined {
  if (!Array.isArray(value) || value.length < 3) return undefined;
  const type = textOf(value[0]);
  return type !== undefined && TYPES.has(type) ? new RespPush(type, value.slice(1)) : undefined;
}

/** While something is subscribed to, PING is answered by an array. */
export function resp2Pong<Reply>(value: Reply): Reply | RespValue {
  if (!Array.isArray(value) || value.length !== 2 || textOf(value[0]) !== 'pong') return value;
  return textOf(value[1]) === '' ? 'PONG' : (value[1] as RespValue);
}
