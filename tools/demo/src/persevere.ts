import { setTimeout as delay } from 'node:timers/promises';
import { isTransient } from '@redlane/client';

const PAUSE_MS = 25;

/** What the packages report when a connection, a server or a peer was away. Everything else is a mistake of ours. */
const PASSING: ReadonlySet<unknown> = new Set([
  'CONNECTION_DOWN',
  'CONNECTION_RESTARTED',
  'REQUEST_TIMEOUT',
  'HANDLER_FAILED',
]);

/**
 * Does something until it succeeds, while only connections are in the way. It may be done more than once: whatever is passed
 * here must bear that.
 *
 * @throws what it failed with, when that does not pass, or when `signal` is aborted meanwhile
 */
export async function persevere<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await task();
    } catch (error) {
      if (signal?.aborted || !isPassing(error)) throw error;
      await delay(PAUSE_MS, undefined, { signal });
    }
  }
}

export function isPassing(error: unknown): boolean {
  if (isTransient(error)) return true;
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return PASSING.has(code) || (code === 'REPOSITORY_ERROR' && isPassing(cause));
}
