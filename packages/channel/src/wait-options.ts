import { InvalidOptionError } from '@redlane/client';
import { checkOptions, checkSignal, durationMs } from './checks.js';

/** How long to wait for a message. */
export interface WaitOptions {
  /** At most so long, in ms; 0: not at all. @default Infinity */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait. What had come by then is returned all the same. */
  readonly signal?: AbortSignal | undefined;
}

export interface Wait {
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
}

/** A number is the seed's argument: seconds, and 0 for ever. @throws InvalidOptionError (`INVALID_OPTION`) */
export function waitOf(wait: number | WaitOptions): Wait {
  if (typeof wait === 'number') {
    const ms = msOfSeconds(wait);
    return { waitMs: ms === 0 ? Number.POSITIVE_INFINITY : ms, signal: undefined };
  }
  checkOptions(wait, 'wait');
  const { timeoutMs = Number.POSITIVE_INFINITY, signal } = wait;
  checkSignal(signal);
  return { waitMs: durationMs(timeoutMs, 'timeoutMs'), signal };
}

/** A time of the seed's, in ms. @throws InvalidOptionError (`INVALID_OPTION`) */
export function msOfSeconds(seconds: number): number {
  if (seconds >= 0) return durationMs(seconds * 1_000, 'timeout');
  throw new InvalidOptionError('timeout', `must be a number of seconds from 0 to Infinity, got ${seconds}`);
}

/** When a wait that begins now is over, in ms of `performance.now()`. */
export function deadlineOf(waitMs: number): number {
  return waitMs === Number.POSITIVE_INFINITY ? waitMs : performance.now() + waitMs;
}

/** What is left of a wait, in ms. One that has begun gives its last look a chance. */
export function leftOf(waitMs: number, deadline: number): number {
  if (waitMs === 0 || deadline === Number.POSITIVE_INFINITY) return waitMs;
  return Math.max(1, deadline - performance.now());
}
