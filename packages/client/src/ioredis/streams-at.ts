import type { CommandArgument } from '@redlane/resp3-core';
import { word } from '../blocking-timeout.js';

/** Arguments of an option, with its name. What is not here stands alone. */
const LENGTHS: Readonly<Record<string, number>> = { GROUP: 3, COUNT: 2, BLOCK: 2, CLAIM: 2 };

export interface StreamsRead {
  /** Where the names of the streams begin. */
  readonly names: number;
  /** Where their IDs begin. */
  readonly ids: number;
  /** Where the time to wait stands; `undefined` without BLOCK. */
  readonly block: number | undefined;
}

/** The parts of an XREAD or XREADGROUP; `undefined` when it has no STREAMS. Names may be any word, hence no search for one. */
export function streamsAt(args: readonly CommandArgument[]): StreamsRead | undefined {
  let block: number | undefined;
  for (let at = 1; at < args.length; ) {
    const option = word(args[at]);
    if (option === 'STREAMS') {
      return { names: at + 1, ids: at + 1 + Math.floor((args.length - at - 1) / 2), block };
    }
    if (option === 'BLOCK') block = at + 1;
    at += LENGTHS[option] ?? 1;
  }
  return undefined;
}
