import { Backoff } from '../backoff.js';
import { pause } from './pause.js';
import { isTransient, maybeExecuted } from './transient.js';

export interface KeepTryingOptions {
  /** No attempt begins after this moment of `performance.now()`. */
  readonly until: number;
  /** Ends the attempts: the last failure is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes attempts until one succeeds, fails for good, or the time is over. For what may be done twice only. An attempt is
 * told whether one before it may have been executed.
 */
export async function keepTrying<T>(
  attempt: (maybeDone: boolean) => Promise<T>,
  { until, signal }: KeepTryingOptions,
): Promise<T> {
  const backoff = new Backoff({ minDelayMs: 20, maxDelayMs: 1_000 });
  let maybeDone = false;
  for (;;) {
    try {
      return await attempt(maybeDone);
    } catch (error) {
      const delayMs = backoff.next();
      if (!isTransient(error) || signal?.aborted || performance.now() + delayMs >= until) throw error;
      maybeDone ||= maybeExecuted(error);
      await pause(delayMs, signal);
    }
  }
}
