import { AbortError } from '@redlane/client';

/** The end of what was given up by this signal: before anything of it was sent, or with `written` nobody knows. */
export function abortion(what: string, signal: AbortSignal | undefined, written = false): AbortError {
  const phase = written ? 'written' : 'queued';
  return new AbortError(what, { maybeExecuted: written, phase, cause: signal?.reason });
}
