import type { CommandArgument } from '@redlane/resp3-core';

/** Sends one command and brings its reply into the shape that the caller is promised. */
export type Run = <T>(args: readonly CommandArgument[], read: (reply: unknown) => T) => Promise<T>;

/** Text as it comes with `replies: 'string'`, or with `'bytes'`. */
export type ReplyText = string | Uint8Array;

/** Pairs of arguments: an object, a `Map`, or any iterable of pairs. */
export type Pairs =
  | Readonly<Record<string, CommandArgument>>
  | Iterable<readonly [CommandArgument, CommandArgument]>;

export function entriesOf(pairs: Pairs): (readonly [CommandArgument, CommandArgument])[] {
  return Symbol.iterator in pairs ? [...pairs] : Object.entries(pairs);
}
