import type { CommandArgument } from '@redlane/client';

/** The name of a command, which may be bytes, in upper case. */
export function commandName(argument: CommandArgument | undefined): string {
  if (argument instanceof Uint8Array) {
    return Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength)
      .toString('latin1')
      .toUpperCase();
  }
  return String(argument ?? '').toUpperCase();
}
