import { setTimeout as sleep } from 'node:timers/promises';
import { RedisServerError } from './errors.js';

/** What {@link waitUntil} needs to know. */
export interface WaitOptions {
  /** Ends the sentence "… did not come to pass: ", as in `"the replica is in sync"`. */
  readonly what: string;
  /** @default 15000 */
  readonly timeoutMs?: number | undefined;
  /** @default 20 */
  readonly everyMs?: number;
}

/**
 * Asks again and again until `check` is true. A check that throws counts as false, and its last error becomes the cause.
 *
 * @throws {@link RedisServerError} `NOT_READY`
 */
export async function waitUntil(
  check: (signal: AbortSignal) => boolean | Promise<boolean>,
  { what, timeoutMs = 15_000, everyMs = 20 }: WaitOptions,
): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  let cause: unknown;
  for (;;) {
    try {
      if (await check(signal)) return;
    } catch (error) {
      cause = error;
    }
    if (signal.aborted) {
      throw new RedisServerError('NOT_READY', `after ${timeoutMs} ms it is still not so that ${what}.`, {
        cause,
      });
    }
    await sleep(everyMs);
  }
}
