import { AbortError } from '@redlane/client';

/** What the promise gives, unless the signal is aborted first. @throws AbortError (`ABORTED`) */
export async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  what: string,
): Promise<T> {
  if (signal === undefined) return promise;
  let abort: () => void = ignore;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      const nothing = { maybeExecuted: false, phase: 'queued' } as const;
      reject(new AbortError(what, { ...nothing, cause: signal.reason }));
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function ignore(): void {}
