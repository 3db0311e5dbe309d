import type { Next } from './random-numbers.js';

/** Something that takes input from strangers, and what must be true of it whatever the input is. */
export interface FuzzTarget<Input = unknown> {
  readonly name: string;
  /** Made of nothing but these numbers, so that a seed gives it again. */
  readonly input: (next: Next) => Input;
  /** The kind of outcome, to be counted. Whatever it throws was found. Must be synchronous: a hang is found too. */
  readonly check: (input: Input) => string;
  /** The input, for somebody who looks into a finding. */
  readonly show: (input: Input) => string;
}

/** Lets targets of different inputs stand in one list. */
export function fuzzTarget<Input>(target: FuzzTarget<Input>): FuzzTarget {
  return target as FuzzTarget;
}
