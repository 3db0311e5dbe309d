import type { CommandArgument } from '@redlane/resp3-core';
import { word } from '../blocking-timeout.js';
import { streamsAt } from './streams-at.js';

/** The same command with another timeout, in ms. */
export type WithTimeout = (timeoutMs: number) => readonly CommandArgument[];

const LAST: ReadonlySet<string> = new Set(['BLPOP', 'BRPOP', 'BZPOPMIN', 'BZPOPMAX', 'BRPOPLPUSH', 'BLMOVE']);
const FIRST: ReadonlySet<string> = new Set(['BLMPOP', 'BZMPOP']);

/**
 * How to send a waiting command in slices: its timeout is replaced, and it is sent again when it ends with nothing. That
 * loses no element, since the server decides about each slice by itself. `undefined` for a command that cannot be sliced:
 * its timeout is not readable, or its reply depends on the moment when it was sent.
 */
export function slicesOf(args: readonly CommandArgument[]): WithTimeout | undefined {
  const name = word(args[0]);
  if (LAST.has(name)) return seconds(args, args.length - 1);
  if (FIRST.has(name)) return seconds(args, 1);
  if (name !== 'XREAD' && name !== 'XREADGROUP') return undefined;
  const read = streamsAt(args);
  const { block } = read ?? {};
  if (read === undefined || block === undefined || !isNumber(args[block])) return undefined;
  // What is added between two slices would be missed.
  if (args.slice(read.ids).some((id) => word(id) === '$')) return undefined;
  return (timeoutMs) => args.with(block, Math.max(1, Math.ceil(timeoutMs)));
}

function seconds(args: readonly CommandArgument[], place: number): WithTimeout | undefined {
  if (!isNumber(args[place])) return undefined;
  // 0 would be for ever.
  return (timeoutMs) => args.with(place, Math.max(0.001, Math.ceil(timeoutMs) / 1000));
}

function isNumber(argument: CommandArgument | undefined): boolean {
  const text = typeof argument === 'object' ? word(argument) : argument;
  return text !== undefined && text !== '' && Number.isFinite(Number(text));
}
