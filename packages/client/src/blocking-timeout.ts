import type { CommandArgument } from '@redlane/resp3-core';

type Args = readonly CommandArgument[];

/** `args` is a whole command, its name first. */
export type ReadTimeout = (args: Args) => number | undefined;

const SECOND = 1000;

/** A command's own timeout, wherever it stands among the arguments. */
export class BlockingTimeout {
  readonly #find: (args: Args) => number | undefined;
  readonly #unitMs: number;

  /** `find` gives the timeout's index, `undefined` when there is none; `unitMs` is what it counts in. */
  constructor(find: (args: Args) => number | undefined, unitMs: number) {
    this.#find = find;
    this.#unitMs = unitMs;
  }

  /** How long the server may wait, in ms; `Infinity` for ever, `undefined` when it replies at once. */
  readonly read: ReadTimeout = (args) => {
    const at = this.#find(args);
    return at === undefined ? undefined : waiting(args[at], this.#unitMs);
  };

  /** The same command with another timeout, in ms; never the 0 that means for ever. */
  readonly write = (args: Args, ms: number): Args => {
    const at = this.#find(args);
    if (at === undefined || ms === Number.POSITIVE_INFINITY) return args;
    return args.with(at, Math.max(1, Math.ceil(ms)) / this.#unitMs);
  };
}

/** The timeout stands at `index`, in seconds; negative indexes count from the end. */
export function secondsAt(index: number): BlockingTimeout {
  return new BlockingTimeout(({ length }) => (index < 0 ? length + index : index), SECOND);
}

/** The timeout stands at `index`, in ms. */
export function millisecondsAt(index: number): BlockingTimeout {
  return new BlockingTimeout(() => index, 1);
}

/** `BLOCK milliseconds` of XREAD and XREADGROUP, somewhere before STREAMS. */
export const afterBlock: BlockingTimeout = new BlockingTimeout((args) => {
  for (let at = 1; at < args.length; ) {
    const option = word(args[at]);
    if (option === 'STREAMS') return undefined;
    if (option === 'BLOCK') return at + 1;
    at += option === 'GROUP' ? 3 : option === 'COUNT' || option === 'CLAIM' ? 2 : 1;
  }
  return undefined;
}, 1);

function waiting(argument: CommandArgument | undefined, unitMs: number): number | undefined {
  if (argument === undefined) return undefined;
  const timeout = Number(typeof argument === 'object' ? word(argument) : argument);
  // The server refuses it at once.
  if (timeout < 0) return undefined;
  // What we cannot read, the server may: better to wait for it where nobody else does.
  return timeout > 0 ? timeout * unitMs : Number.POSITIVE_INFINITY;
}

/** An argument as an upper-case word; `''` when it is a number. */
export function word(argument: CommandArgument | undefined): string {
  if (typeof argument === 'string') return argument.toUpperCase();
  if (typeof argument !== 'object') return '';
  return Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength)
    .toString('latin1')
    .toUpperCase();
}
