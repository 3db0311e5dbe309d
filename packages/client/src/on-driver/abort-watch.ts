/** Somebody who wants to know of the end of a signal. */
export interface AbortWatcher {
  /** The signal was aborted. It is not watched any more. */
  aborted(): void;
}

const watches = new WeakMap<AbortSignal, Set<AbortWatcher>>();

/**
 * Tells it when this signal, which is not aborted yet, is aborted. However many watch a signal, it has one listener, which
 * stays: many of them would bring a warning of Node, and their removal costs more the more there are.
 */
export function watchAbort(signal: AbortSignal, watcher: AbortWatcher): void {
  let watchers = watches.get(signal);
  if (watchers === undefined) {
    const all = new Set<AbortWatcher>();
    watches.set(signal, all);
    const tell = (): void => {
      for (const one of all) {
        all.delete(one);
        one.aborted();
      }
    };
    signal.addEventListener('abort', tell, { once: true });
    watchers = all;
  }
  watchers.add(watcher);
}

/** Does nothing when it does not watch. */
export function unwatchAbort(signal: AbortSignal, watcher: AbortWatcher): void {
  watches.get(signal)?.delete(watcher);
}
