import type { CommandArgument } from '@redlane/resp3-core';

/** `args` is a whole command, its name first. */
export type ReadTimeout = (args: readonly CommandArgument[]) => number | undefined;

const SECOND = 1000;

/** The timeout stands at `index`, in seconds; negative indexes count from the end. */
export function secondsAt(index: number): ReadTimeout {
  return (args) => waiting(args.at(index), SECOND);
}

/** The timeout stands at `index`, in ms. */
export function millisecondsAt(index: number): ReadTimeout {
  return (args) => waiting(args.at(index), 1);
}

/** `BLOCK milliseconds` of XREAD and XREADGROUP, somewhere before STREAMS. */
export const afterBlock: ReadTimeout = (args) => {
  for (let at = 1; at < args.length; ) {
    const option = word(args[at]);
    if (option === 'STREAMS') return undefined;
    if (option === 'BLOCK') return waiting(args[at + 1], 1);
    at += option === 'GROUP' ? 3 : option === 'COUNT' || option === 'CLAIM' ? 2 : 1;
  }
  return undefined;
};

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
