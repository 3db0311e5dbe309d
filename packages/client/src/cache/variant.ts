import type { CommandArgument } from '@redlane/resp3-core';
import type { CommandSettings } from '../command.js';
import { keyText } from './key-text.js';

/** What tells a read from the others of its key: the command, the form of the reply, and the arguments behind the key. */
export function variantOf(
  name: string,
  args: readonly CommandArgument[],
  { replies, maps }: Pick<CommandSettings, 'replies' | 'maps'>,
): string {
  let variant = name;
  // Bytes come in one form, however maps are wanted.
  if (replies === 'bytes') variant += ' b';
  else if (maps === 'object') variant += ' o';
  for (let i = 2; i < args.length; i++) {
    const text = keyText(args[i] as CommandArgument);
    variant += ` ${text.length}:${text}`;
  }
  return variant;
}
