import { type CommandArgument, RedisError, type RespValue } from '@redlane/resp3-core';
import type { BatchReply } from '../command.js';

/** What came of a tracked read. */
export interface TrackedReply {
  /** The reply, or the server's error for the read itself; `undefined` when the server has not executed the transaction. */
  readonly value: RespValue | RedisError | undefined;
  /** How long the key has to live, in ms; `Infinity` without an end. */
  readonly ttlMs: number;
  /** The server will report a change of the key. */
  readonly tracked: boolean;
  /** Why it will be the same with every other read: the user's rights, or what the server is able to do. */
  readonly refusal: RedisError | undefined;
}

/**
 * The read and the time that its key has to live, of one moment, and all keys of it tracked: CLIENT CACHING holds for the
 * whole transaction behind it.
 */
export function trackedRead(
  args: readonly CommandArgument[],
  optIn: boolean,
): (readonly CommandArgument[])[] {
  const words = [['MULTI'], ['PTTL', args[1] as CommandArgument], args, ['EXEC']];
  return optIn ? [['CLIENT', 'CACHING', 'YES'], ...words] : words;
}

/** Reads the replies to {@link trackedRead}. */
export function trackedReply(replies: readonly BatchReply[], optIn: boolean): TrackedReply {
  // Behind these stand the read, whose errors are its own, and EXEC.
  const refusal = replies.slice(0, -2).find((reply) => reply instanceof RedisError && isLasting(reply));
  const executed = replies.at(-1);
  const whole = Array.isArray(executed) && executed.length === 2;
  const [ttl, value] = (whole ? executed : []) as (RespValue | undefined)[];
  return {
    value,
    // -1: without an end; -2: there is no such key, and its coming is reported.
    ttlMs: typeof ttl !== 'number' ? 0 : ttl < 0 ? Number.POSITIVE_INFINITY : ttl,
    tracked: whole && !(optIn && replies[0] instanceof RedisError),
    refusal: refusal as RedisError | undefined,
  };
}

/** Not for one key only, and not for a moment only. */
function isLasting({ code, message }: RedisError): boolean {
  return code === 'NOPERM' ? !/\bkeys?\b/.test(message) : /unknown (sub)?command/i.test(message);
}
