import type { CommandArgument } from '@redlane/resp3-core';
import type { DriverBatch, DriverReply } from '../driver.js';
import type { ReplyError } from '../reply-error.js';
import { commandName } from '../routing.js';
import type { RawReplies } from './call.js';
import { driverReply, flattened, isServerError, serverError } from './raw-reply.js';

type Command = readonly CommandArgument[];
type AnyReply = DriverReply | DriverReply<Uint8Array>;
type AnyBatch = DriverBatch | DriverBatch<Uint8Array>;

/** How replies are to be read. */
export interface Reading {
  readonly bytes: boolean;
  /** They come from an instance that may speak RESP3. */
  readonly resp3: boolean;
}

/** @throws ReplyError */
export function replyOf(command: Command, raw: unknown, reading: Reading): AnyReply {
  const reply = elementOf(command, raw, reading);
  if (isServerError(raw)) throw reply as ReplyError;
  return reply as AnyReply;
}

/** Replies in order, with errors in their places. */
export function batchOf(commands: readonly Command[], replies: RawReplies, reading: Reading): AnyBatch {
  const list = commands.map((command, index) => elementOf(command, replies[index], reading));
  return { aborted: false, replies: list } as AnyBatch;
}

/** What came of MULTI, the commands and EXEC. @throws ReplyError (`EXECABORT`), whose `cause` is the first command's error */
export function transactionOf(commands: readonly Command[], replies: RawReplies, reading: Reading): AnyBatch {
  const outcome = replies.at(-1);
  if (outcome === null) return { aborted: true };
  if (!isServerError(outcome)) return batchOf(commands, outcome as RawReplies, reading);
  const error = serverError(outcome, 'EXEC');
  const first = replies.findIndex(isServerError);
  if (first < replies.length - 1) {
    error.cause = serverError(replies[first] as Error, commandName(commands[first - 1]?.[0]));
  }
  throw error;
}

function elementOf(command: Command, raw: unknown, { bytes, resp3 }: Reading): AnyReply | ReplyError {
  const name = commandName(command[0]);
  if (isServerError(raw)) return serverError(raw, name);
  return driverReply(resp3 ? flattened(command, raw) : raw, name, bytes);
}
