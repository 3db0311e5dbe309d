import { type Caller, type RespValue, routeOf } from '@redlane/client';
import type { RedisCommand } from './redis-commands.js';
import { isReplyError } from './translate-error.js';

/** It may wait at the server. */
export function isBlocking(command: RedisCommand): boolean {
  return routeOf(command)?.blockingTimeoutMs(command) !== undefined;
}

/**
 * The replies of commands that are called in one go, errors in their places. Between blocking commands, which are calls of
 * their own, the others leave in one write. Blocking commands have a caller of their own, for more may end them.
 */
export async function runBatch(
  caller: Caller,
  commands: readonly RedisCommand[],
  blockingCaller: Caller,
): Promise<(RespValue | Error)[]> {
  const parts: Promise<(RespValue | Error)[]>[] = [];
  let run: RedisCommand[] = [];
  const flush = (): void => {
    if (run.length > 0) parts.push(caller.pipeline(run));
    run = [];
  };
  for (const command of commands) {
    if (!isBlocking(command)) run.push(command);
    else {
      flush();
      parts.push(one(blockingCaller, command));
    }
  }
  flush();
  return (await Promise.all(parts)).flat();
}

async function one(caller: Caller, command: RedisCommand): Promise<(RespValue | Error)[]> {
  try {
    return [await caller.call(command)];
  } catch (error) {
    if (isReplyError(error)) return [error];
    throw error;
  }
}
