import { setTimeout as sleep } from 'node:timers/promises';

/** How long something may take that has to come to an end; slow machines are slow. */
const PATIENCE_MS = 90_000;

/** Endless tasks that end together. */
export class Loops {
  readonly #running: Promise<void>[] = [];
  #over = false;

  get over(): boolean {
    return this.#over;
  }

  /** Does it again and again. What it throws goes to `failed`, and after a moment it goes on. */
  run(turn: () => Promise<unknown>, failed: (error: unknown) => void): void {
    const loop = async (): Promise<void> => {
      while (!this.#over) {
        try {
          await turn();
        } catch (error) {
          failed(error);
          await sleep(20);
        }
      }
    };
    this.#running.push(loop());
  }

  /** No turn begins any more. Resolves when those that have begun are over. */
  async end(): Promise<void> {
    this.#over = true;
    await inTime(Promise.all(this.#running), 'the calls under way end');
  }
}

/** @throws Error when it takes too long */
export async function inTime<T>(promise: Promise<T>, what: string, timeoutMs = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`after ${timeoutMs} ms it is not so that ${what}`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks until it is true. @throws Error when it takes too long */
export async function eventually(
  isSo: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs: number,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`after ${timeoutMs} ms it is not so that ${what}`);
    await sleep(50);
  }
}
