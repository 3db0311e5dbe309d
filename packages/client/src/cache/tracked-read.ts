import { type CommandArgument, RedisError, type RespValue } from '@redlane/resp3-core';
import type { BatchReply } from '../command.js';

/** What came of a tracked read. */
export interface TrackedReply {
  /** The reply, or the server's error for the read itself. */
  readonly value: RespValue | RedisError;
  /** How long the key has to live, in ms; `Infinity` without an end. */
  readonly ttlMs: number;
  /** Why the server will not report a change of the key; `undefined` when it will. */
  readonly untracked: RedisError | undefined;
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

/** Reads the replies to {@link trackedRead}. An error when the server has not executed them together. */
export function trackedReply(replies: readonly BatchReply[], optIn: boolean): TrackedReply | RedisError {
  const executed = replies.at(-1);
  if (!Array.isArray(executed) || executed.length !== 2) {
    const errors = replies.filter((reply) => reply instanceof RedisError);
    return errors[0] ?? new RedisError('ERR the reply to EXEC is not what it should be');
  }
  const [ttl, value] = executed as [RespValue, RespValue];
  const [caching] = replies;
  return {
    value,
    // -1: without an end; -2: there is no such key, and its coming is reported.
    ttlMs: typeof ttl !== 'number' ? 0 : ttl < 0 ? Number.POSITIVE_INFINITY : ttl,
    untracked: optIn && caching instanceof RedisError ? caching : undefined,
  };
}
