import { RedisServerError } from './errors.js';

/** The way of the bytes: from the client to the server, or back. */
export type Direction = 'toServer' | 'toClient';

/** How a connection ends: in order (FIN), or by a reset (RST). */
export type CutKind = 'FIN' | 'RST';

/** What is done to the bytes of one direction. They are never reordered or changed. */
export interface Faults {
  /** Every byte leaves this many ms after it came. @default 0 */
  readonly delayMs?: number;
  /** Nothing leaves, and nothing is closed: the direction is half-open. The end of the stream does not leave either. @default false */
  readonly stalled?: boolean;
  /** At most so many bytes leave at once, and then none for so many ms. */
  readonly drip?: { readonly bytes: number; readonly everyMs: number };
  /** What comes in leaves in pieces of a random size from 1 to `split`, each written on its own. */
  readonly split?: number;
  /**
   * Exactly so many more bytes leave, then both sides are cut; with 0 as soon as a byte would leave. Counted from the
   * moment it is set, and for later connections from their first byte.
   */
  readonly cutAfter?: { readonly bytes: number; readonly by: CutKind };
}

/** @throws {@link RedisServerError} `INVALID_OPTION` */
export function checkFaults({ delayMs = 0, drip, split, cutAfter }: Faults): void {
  atLeast(0, 'delayMs', delayMs);
  if (drip !== undefined) {
    atLeast(1, 'drip.bytes', drip.bytes);
    atLeast(0, 'drip.everyMs', drip.everyMs);
  }
  if (split !== undefined) atLeast(1, 'split', split);
  if (cutAfter !== undefined) atLeast(0, 'cutAfter.bytes', cutAfter.bytes);
}

function atLeast(least: number, name: string, value: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RedisServerError(
    'INVALID_OPTION',
    `${name} is ${value}, and must be a whole number of at least ${least}.`,
  );
}
