import { AbortError, TimeoutError } from '@redlane/client';

/** How long somebody waits for a confirmation. */
export interface Wait {
  readonly signal?: AbortSignal | undefined;
  /** In ms; 0 or `Infinity`: for ever. */
  readonly timeoutMs: number;
}

/** @throws AbortError, TimeoutError, or what `ready` rejects with */
export function inTime(ready: Promise<unknown>, { signal, timeoutMs }: Wait): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const abort = (): void => {
      settle();
      reject(
        new AbortError('registering a listener', {
          maybeExecuted: false,
          phase: 'queued',
          cause: signal?.reason,
        }),
      );
    };
    const late = (): void => {
      settle();
      reject(
        new TimeoutError('registering a listener', { maybeExecuted: false, phase: 'connecting', timeoutMs }),
      );
    };
    const timer = timeoutMs > 0 && timeoutMs < 2 ** 31 ? setTimeout(late, timeoutMs) : undefined;
    ready.then(
      () => {
        settle();
        resolve();
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
