import { runInThisContext } from 'node:vm';
import type { FuzzTarget } from './fuzz-target.js';
import { randomNumbers } from './random-numbers.js';

export interface RunOptions {
  readonly seconds: number;
  /** The first input's; each next one has the next seed. */
  readonly seed: number;
  /** Inputs at most. @default no limit */
  readonly count?: number | undefined;
  /** How long {@link BATCH} inputs may take, in ms. @default 20_000 */
  readonly hangMs?: number | undefined;
  /** How far the process may grow. @default 512 MiB */
  readonly growthBytes?: number | undefined;
  /** Told about twice a minute how many inputs there were. */
  readonly onProgress?: ((inputs: number) => void) | undefined;
}

export interface Finding {
  readonly problem: string;
  /** Gives the input again, with a count of 1. */
  readonly seed: number;
  readonly input: string;
}

export interface RunOutcome {
  readonly inputs: number;
  readonly found: Finding | undefined;
  /** How often each kind of outcome came. */
  readonly kinds: ReadonlyMap<string, number>;
}

const BATCH = 200;
const PROGRESS_MS = 30_000;

/** Checks one input after the other, until something is found or the time is over. */
export function runTarget(
  target: FuzzTarget,
  {
    seconds,
    seed,
    count = Number.POSITIVE_INFINITY,
    hangMs = 20_000,
    growthBytes = 512 * 1024 * 1024,
    onProgress = () => undefined,
  }: RunOptions,
): RunOutcome {
  const kinds = new Map<string, number>();
  const end = seed + count;
  let current = seed;
  const batch = (): void => {
    for (const last = Math.min(current + BATCH, end); current < last; current++) {
      const kind = target.check(target.input(randomNumbers(current)));
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
  };
  const outcome = (problem?: string): RunOutcome => ({
    inputs: current - seed,
    found: problem === undefined ? undefined : findingOf(target, current, problem),
    kinds,
  });

  const memory = process.memoryUsage().rss;
  const until = performance.now() + seconds * 1000;
  let toldAt = performance.now();
  while (performance.now() < until && current < end) {
    try {
      stopped(batch, hangMs);
    } catch (error) {
      return outcome(problemOf(error, hangMs));
    }
    const growth = process.memoryUsage().rss - memory;
    if (growth > growthBytes) return outcome(`memory grew by ${Math.round(growth / 1024 / 1024)} MiB`);
    if (performance.now() - toldAt < PROGRESS_MS) continue;
    toldAt = performance.now();
    onProgress(current - seed);
  }
  return outcome();
}

/** A synchronous loop without end can be stopped by `vm` alone. */
function stopped(work: () => void, timeout: number): void {
  const holder = globalThis as { redlaneFuzz?: () => void };
  holder.redlaneFuzz = work;
  try {
    runInThisContext('redlaneFuzz()', { timeout, displayErrors: false });
  } finally {
    delete holder.redlaneFuzz;
  }
}

function problemOf(error: unknown, hangMs: number): string {
  if (!(error instanceof Error)) return `throws ${String(error)}`;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return `takes longer than ${hangMs} ms`;
  return `throws ${error.stack ?? String(error)}`;
}

function findingOf(target: FuzzTarget, seed: number, problem: string): Finding {
  return { problem, seed, input: target.show(target.input(randomNumbers(seed))) };
}
