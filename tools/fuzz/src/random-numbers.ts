/** `next(n)` is one of 0 … n-1. The same seed gives the same numbers. */
export type Next = (below: number) => number;

export function randomNumbers(seed: number): Next {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export function pick<T>(next: Next, choices: readonly T[]): T {
  return choices[next(choices.length)] as T;
}

/** `make` called 0 … most times. */
export function several<T>(next: Next, most: number, make: () => T): T[] {
  return Array.from({ length: next(most + 1) }, make);
}
