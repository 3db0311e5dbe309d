import type { CommandArgument } from '@redlane/resp3-core';

/** About the size of a command on the wire: cheap to know, and near enough for a limit. */
export function sizeOf(args: readonly CommandArgument[]): number {
  let bytes = 16;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as CommandArgument;
    bytes += typeof arg === 'number' || typeof arg === 'bigint' ? 16 : arg.length + 8;
  }
  return bytes;
}
