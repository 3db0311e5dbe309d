import { type CommandArgument, RedisError, type RespValue } from '@redlane/resp3-core';
import type { BatchReply } from './command.js';
import { ReplyError } from './reply-error.js';
import { commandName } from './routing.js';

/** What came of a transaction: every command's reply or error, or nothing at all because a watched key had changed. */
export type Transaction =
  | { readonly aborted: false; readonly replies: (RespValue | ReplyError)[] }
  | { readonly aborted: true };

/** Reads the replies of MULTI, the commands and EXEC. */
export function transactionOf(
  commands: readonly (readonly CommandArgument[])[],
  replies: readonly BatchReply[],
): Transaction {
  const outcome = replies.at(-1);
  if (outcome instanceof RedisError) {
    const index = replies.findIndex((reply) => reply instanceof RedisError);
    const error = new ReplyError(outcome, 'EXEC');
    if (index < replies.length - 1)
      error.cause = withCommand(replies[index] as RedisError, commands[index - 1]);
    throw error;
  }
  if (outcome === null) return { aborted: true };
  const results = outcome as RespValue[];
  return {
    aborted: false,
    replies: results.map((reply, index) => withCommand(reply as BatchReply, commands[index])),
  };
}

/** A batch's reply, with an error as one that knows its command. */
export function withCommand(
  reply: BatchReply,
  command: readonly CommandArgument[] | undefined,
): RespValue | ReplyError {
  return reply instanceof RedisError ? new ReplyError(reply, commandName(command?.[0])) : reply;
}
