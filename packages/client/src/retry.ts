import type { Delivery } from './errors.js';
import { REFUSED_CODES } from './refused-codes.js';
import { routeOf } from './routing.js';

/**
 * - `safe`: sends again what the server has provably not executed, and read-only commands.
 * - `never`: sends nothing again that was written once.
 * - `always`: sends everything again whose outcome is unknown: commands may be executed twice.
 */
export type RetryPolicy = 'safe' | 'never' | 'always';

/** What is known about a command without a result. */
export interface RetryFacts {
  readonly policy: RetryPolicy;
  /** At least a part of it was handed to a socket. */
  readonly written: boolean;
  readonly readOnly: boolean;
  /** It may come from the middle of something: EVAL, EVALSHA, FCALL. */
  readonly script?: boolean;
  /** It would have waited at the server. */
  readonly blocking?: boolean;
  /** The code of the error reply; left out when the connection was lost before the reply. */
  readonly replyCode?: string | undefined;
}

const REFUSED: ReadonlySet<string> = new Set(REFUSED_CODES);

/** Turned down before execution, too, but the same again would fare no better. */
const REJECTED: ReadonlySet<string> = new Set([
  'MISCONF',
  'OOM',
  'NOSCRIPT',
  'NOAUTH',
  'NOPERM',
  'WRONGTYPE',
  'EXECABORT',
  'CROSSSLOT',
  'MOVED',
  'ASK',
  'UNBLOCKED',
]);

/** Whether a command may be sent (again) on the next connection. */
export function mayResend(facts: RetryFacts): boolean {
  const { policy, written, readOnly, script = false, blocking = false, replyCode } = facts;
  if (!written) return true;
  if (policy === 'never') return false;
  if (replyCode === undefined) return readOnly || policy === 'always';
  if (replyCode === 'UNBLOCKED') return blocking;
  // Inside of a script the code may come after some writes.
  return REFUSED.has(replyCode) && (!script || readOnly || policy === 'always');
}

/** Whether the code says that this server is the wrong one by now, so that its address must be looked up anew. */
export function forcesNewDial(replyCode: string): boolean {
  return replyCode === 'READONLY' || replyCode === 'MASTERDOWN';
}

/** What an error reply tells about a command's execution. */
export function deliveryOf(replyCode: string, command: string): Delivery {
  const route = routeOf([command]);
  const proof = route?.script ? replyCode === 'NOSCRIPT' : REFUSED.has(replyCode) || REJECTED.has(replyCode);
  return { maybeExecuted: !proof, phase: proof ? 'refused' : 'written' };
}
