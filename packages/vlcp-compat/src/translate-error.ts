import type { Delivery, ReplyError } from '@redlane/client';
import {
  type FailureDetails,
  RedisClientShutdown,
  RedisConnectionDown,
  RedisConnectionRestarted,
  RedisReplyException,
} from './errors.js';

/** The errors of the client, by what they have in common; matched by name and code, since there may be two copies of it. */
interface Failure extends Error, Partial<Delivery> {
  readonly code?: string;
  readonly inUse?: number;
  readonly size?: number;
  readonly diagnosis?: { readonly state: string } | undefined;
}

/**
 * An error of the client as VLCP's code expects it. What VLCP has no name for stays as it is: AbortError, TimeoutError,
 * QueueFullError, a full pool, refusals, arguments that cannot be sent.
 *
 * @param locked - the command was meant for one connection, and for none after it
 */
export function translateError(error: unknown, locked = false): unknown {
  if (!(error instanceof Error)) return error;
  if (isReplyError(error)) return replyException(error);
  const { code } = error as Failure;
  if (code === 'ABORTED') return endingOf(error);
  if (code === 'CLOSED' || code === 'POOL_CLOSED') return new RedisClientShutdown(detailsOf(error));
  if (!isDown(error)) return error;
  const Kind = locked && code === 'CONNECTION_LOST' ? RedisConnectionRestarted : RedisConnectionDown;
  return new Kind(error.message, detailsOf(error));
}

/** The errors inside of a reply (of EXEC, of a script) as VLCP has them. */
export function translateReply<T>(reply: T): T {
  if (!Array.isArray(reply) || !reply.some((element) => element instanceof Error)) return reply;
  return reply.map((element) => (element instanceof Error ? replyException(element) : element)) as T;
}

/** An error that the server gave, in whatever place. */
export function replyException(error: Error): RedisReplyException {
  const { command, maybeExecuted = true, phase = 'written' } = error as Partial<ReplyError>;
  return new RedisReplyException(error.message, { command, maybeExecuted, phase, cause: error });
}

export function isReplyError(error: unknown): error is ReplyError {
  return error instanceof Error && error.name === 'ReplyError';
}

/** What was aborted because its connection or client had ended, and not by its caller. */
function endingOf(error: Error): Error {
  const { cause } = error;
  if (cause instanceof RedisClientShutdown) return new RedisClientShutdown(detailsOf(error));
  if (cause instanceof RedisConnectionDown) return new RedisConnectionDown(cause.message, detailsOf(error));
  return error;
}

function detailsOf(error: Error): FailureDetails {
  const { maybeExecuted = false, phase = 'connecting' } = error as Failure;
  return { maybeExecuted, phase, cause: error };
}

/** It failed because there was no connection, whichever deadline found out. */
function isDown(error: Failure): boolean {
  switch (error.code) {
    case 'CONNECTION_LOST':
    case 'CONNECT_FAILED':
    case 'CONNECT_TIMEOUT':
    case 'HANDSHAKE_FAILED':
    case 'AUTH_FAILED':
      return true;
    case 'POOL_TIMEOUT':
      // Otherwise all are in use, and the server is not to blame.
      return (error.inUse ?? 0) < (error.size ?? 0);
    case 'TIMEOUT':
      return error.phase === 'connecting' || /^(connecting|down)$/.test(error.diagnosis?.state ?? '');
    default:
      return false;
  }
}
