const watches = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls it when the signal is aborted, unless the function that is returned was called before. The signal has one listener
 * however many wait: one for each would be warned of from the eleventh on, and searched for at the end of each.
 */
export function onAbort(signal: AbortSignal, call: () => void): () => void {
  const calls = watches.get(signal) ?? watch(signal);
  calls.add(call);
  return () => void calls.delete(call);
}

function watch(signal: AbortSignal): Set<() => void> {
  const calls = new Set<() => void>();
  watches.set(signal, calls);
  const callAll = (): void => {
    for (const call of calls) call();
    calls.clear();
  };
  signal.addEventListener('abort', callAll, { once: true });
  return calls;
}
