/** Calls a user's function. What it throws, or rejects with, becomes a process warning with this code and hurts nobody. */
export function callIsolated<T>(callback: (value: T) => unknown, value: T, code: string): void {
  try {
    const outcome = callback(value);
    if (outcome !== undefined && isThenable(outcome)) {
      outcome.then(undefined, (error: unknown) => warn(error, code));
    }
  } catch (error) {
    warn(error, code);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}

function warn(error: unknown, code: string): void {
  if (!(error instanceof Error)) process.emitWarning(String(error), { code });
  // The error itself would go without the code.
  else process.emitWarning(error.message, { code, detail: error.stack ?? '' });
}
