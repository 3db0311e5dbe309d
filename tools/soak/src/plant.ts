import { spawn } from 'node:child_process';
import type { Defect } from './defects.js';

const EVERY_MS = 50;
const HOUR_MS = 3_600_000;
const TIMERS = 10;
const LEAKED_NUMBERS = 32 * 1024;

/** Plants defects that a run has to find in its process; disposal takes them back. */
export function plant(defects: ReadonlySet<Defect>): Disposable {
  const heap: number[][] = [];
  const timers: NodeJS.Timeout[] = [];
  const start = performance.now();
  let grown = 0;
  // As much on a slow machine, whose timers come late.
  const growing = setInterval(() => {
    for (; grown < (performance.now() - start) / EVERY_MS; grown++) {
      if (defects.has('heap')) heap.push(new Array<number>(LEAKED_NUMBERS).fill(0.5));
      for (let i = 0; defects.has('timer') && i < TIMERS; i++)
        timers.push(setTimeout(() => undefined, HOUR_MS));
    }
  }, EVERY_MS).unref();
  if (defects.has('rejection')) void Promise.reject(new Error('a planted rejection'));
  const child = defects.has('process') ? spawn('sleep', ['3600'], { stdio: 'ignore' }) : undefined;
  child?.unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(growing);
      for (const timer of timers) clearTimeout(timer);
      child?.kill();
    },
  };
}
