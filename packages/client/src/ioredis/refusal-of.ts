import { RedisError } from '@redlane/resp3-core';
import type { CallKind, RawReplies } from './call.js';
import { isServerError } from './raw-reply.js';

/** The error that says that nothing of a call was executed, if there is one. Of a plain batch there is none. */
export function refusalOf(kind: CallKind, replies: RawReplies): RedisError | undefined {
  const last = replies.at(-1);
  if (kind === 'plain' || !isServerError(last)) return undefined;
  // Of a transaction, the command's own error says more than EXECABORT.
  const first = kind === 'atomic' ? replies.find(isServerError) : last;
  return new RedisError((first ?? last).message);
}
