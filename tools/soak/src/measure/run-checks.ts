import { type Check, check } from '../check.js';
import type { FaultCounts } from '../faults/fault-counts.js';
import { type Growth, growthOf, HANDLE_TOLERANCE, HEAP_TOLERANCE, type Sample } from './growth.js';

/** A run of three minutes with all scenarios loses a thousand connections at least; others fewer in proportion. */
const RECONNECTS = 1_000;
const FULL_RUN_MS = 180_000;
const FULL_SCENARIOS = 9;

/** How many connections a run loses at least. */
export function leastReconnects(durationMs: number, scenarios: number): number {
  const share = Math.min(1, durationMs / FULL_RUN_MS) * (scenarios / FULL_SCENARIOS);
  return Math.floor(RECONNECTS * share);
}

export function checkReconnects(
  { lost, made }: { readonly lost: number; readonly made: number },
  least: number,
  counts: FaultCounts,
): Check {
  const facts = `${lost} connections lost of ${made}; ${counts.total} faults: ${counts}`;
  return check('reconnects', facts, lost < least ? [`fewer than ${least} connections were lost`] : []);
}

export function checkHeap(samples: readonly Sample[]): Check {
  const growth = growthOf(
    samples.map(({ heap }) => heap),
    HEAP_TOLERANCE,
  );
  const ends = `${megabytes(samples[0]?.heap)} at the start, ${megabytes(samples.at(-1)?.heap)} at the end`;
  return check('heap', `${describe(growth, megabytes)}; ${ends}`, tooMuch(growth, megabytes));
}

export function checkHandles(samples: readonly Sample[]): Check {
  const growth = growthOf(
    samples.map(({ handles }) => handles),
    HANDLE_TOLERANCE,
  );
  return check('handles', describe(growth, String), tooMuch(growth, String));
}

function describe({ first, last, tolerance }: Growth, format: (value: number) => string): string {
  return `${format(first)} in the first third, ${format(last)} in the last; ${format(tolerance)} more would do`;
}

function tooMuch({ isTooMuch, first, last }: Growth, format: (value: number) => string): string[] {
  return isTooMuch ? [`grew by ${format(last - first)}`] : [];
}

function megabytes(bytes = Number.NaN): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
