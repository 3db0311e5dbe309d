import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { onAbort } from './on-abort.js';

it('calls all that have not left, each once, by one listener', () => {
  const stop = new AbortController();
  const called: number[] = [];
  const leave = Array.from({ length: 100 }, (_, i) => onAbort(stop.signal, () => called.push(i)));
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
  for (const i of [0, 2, 3]) leave[i]?.();
  for (let i = 5; i < 100; i++) leave[i]?.();
  stop.abort();
  expect(called).toEqual([1, 4]);
});
