import { REFUSED_CODES } from '../refused-codes.js';

/** A connection or the server's state was in the way: the same may succeed a moment later. */
const TRANSIENT: ReadonlySet<unknown> = new Set([
  'CONNECTION_LOST',
  'TIMEOUT',
  'POOL_TIMEOUT',
  'QUEUE_FULL',
  ...REFUSED_CODES,
  'UNBLOCKED',
]);

/**
 * Whether what a client or driver has rejected with may go away by itself: a connection or the server's state was in the
 * way. It says nothing of whether the command was executed: see `maybeExecuted`.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, retryable } = error as { code?: unknown; retryable?: unknown };
  return retryable === true || TRANSIENT.has(code);
}

/** Whether a call that has failed may have been executed all the same. */
export function maybeExecuted(error: unknown): boolean {
  return (error as { maybeExecuted?: unknown }).maybeExecuted !== false;
}
