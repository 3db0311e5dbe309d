/** What was measured at one moment of a run. */
export interface Sample {
  /** Bytes in use after two collections. */
  readonly heap: number;
  /** Sockets, timers, … that keep the process from ending. */
  readonly handles: number;
}

/** Medians of the first and of the last third of a run. */
export interface Growth {
  readonly first: number;
  readonly last: number;
  readonly tolerance: number;
  readonly isTooMuch: boolean;
}

/**
 * What the heap may grow by: code that is optimised, oracles and the logs of a run take some, in a short run as in a long
 * one. Over the thousand reconnects of a run of three minutes, something of 12 kB that each leaves behind is too much.
 */
export const HEAP_TOLERANCE = 8 * 1024 * 1024;

/** Calls and connections under way vary with the faults; what each reconnect of such a run leaves behind is far more. */
export const HANDLE_TOLERANCE = 150;

export function growthOf(values: readonly number[], tolerance: number): Growth {
  const third = Math.max(1, Math.floor(values.length / 3));
  const first = median(values.slice(0, third));
  const last = median(values.slice(-third));
  return { first, last, tolerance, isTooMuch: last - first > tolerance };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
