import type { Sample } from './growth.js';

/** How many samples a run has, unless it is short. */
const SAMPLES = 60;
const MIN_INTERVAL_MS = 250;

/** Measures this process again and again. It must run with `--expose-gc`. */
export class Meter implements Disposable {
  readonly samples: Sample[] = [];
  readonly #timer: NodeJS.Timeout;

  /** @throws Error without `--expose-gc` */
  constructor(durationMs: number) {
    if (globalThis.gc === undefined) {
      throw new Error('the heap cannot be measured: run node with --expose-gc, as "npm run test:soak" does');
    }
    this.samples.push(measure());
    this.#timer = setInterval(
      () => this.samples.push(measure()),
      Math.max(MIN_INTERVAL_MS, durationMs / SAMPLES),
    );
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

function measure(): Sample {
  // What the first one finalises is freed by the second.
  globalThis.gc?.();
  globalThis.gc?.();
  return { heap: process.memoryUsage().heapUsed, handles: process.getActiveResourcesInfo().length };
}
