import { expect, it } from 'vitest';
import { unwatchAbort, watchAbort } from './abort-watch.js';

it('tells all who watch a signal, by one listener', () => {
  const stop = new AbortController();
  let listeners = 0;
  const { signal } = stop;
  signal.addEventListener = new Proxy(signal.addEventListener, {
    apply: (add, self, args) => {
      listeners++;
      return Reflect.apply(add, self, args);
    },
  });
  const told: number[] = [];
  const watchers = Array.from({ length: 100 }, (_, i) => ({ aborted: () => void told.push(i) }));
  for (const watcher of watchers) watchAbort(signal, watcher);
  for (const watcher of watchers.slice(2)) unwatchAbort(signal, watcher);
  // One that goes while all are told is not told.
  const last = { aborted: () => void told.push(100) };
  watchAbort(signal, { aborted: () => unwatchAbort(signal, last) });
  watchAbort(signal, last);
  stop.abort();
  expect(told).toEqual([0, 1]);
  expect(listeners).toBe(1);
});
