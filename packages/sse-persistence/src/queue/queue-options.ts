import { checkInteger } from '../store/checks.js';

/** Options of queues in Redis. */
export interface QueueOptions {
  /** Messages that a queue holds at most; the oldest go first. @default 10_000 */
  readonly maxLength?: number | undefined;
  /** How long a queue is kept after its last message came in, in ms. @default 86_400_000 (a day) */
  readonly ttlMs?: number | undefined;
  /** Elements that are kept when they turn out to be no messages; the oldest go first. @default 1_000 */
  readonly maxDeadLetters?: number | undefined;
}

export type ResolvedQueueOptions = { readonly [Name in keyof QueueOptions]-?: number };

/** @throws InvalidOptionError */
export function resolveQueueOptions({
  maxLength = 10_000,
  ttlMs = 86_400_000,
  maxDeadLetters = 1_000,
}: QueueOptions): ResolvedQueueOptions {
  return {
    maxLength: checkInteger(maxLength, 'maxLength', 1),
    ttlMs: checkInteger(ttlMs, 'ttlMs', 1),
    maxDeadLetters: checkInteger(maxDeadLetters, 'maxDeadLetters', 1),
  };
}
