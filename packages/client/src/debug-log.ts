import { debuglog } from 'node:util';

/** What may be logged: names, numbers and reasons; never the arguments of commands, replies or credentials. */
export type DebugValue = string | number | boolean | undefined;

const write = debuglog('redlane');

/**
 * Writes a line to stderr when `NODE_DEBUG` names `redlane`, and does next to nothing otherwise. `format` has `%s` and `%d`
 * in it, as in `util.format`; only plain values are taken, so that no object is printed with what it holds.
 */
export function debug(format: string, ...values: readonly DebugValue[]): void {
  write(format, ...values);
}
