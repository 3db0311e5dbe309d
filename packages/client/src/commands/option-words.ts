import type { CommandArgument } from '@redlane/resp3-core';
import { InvalidOptionError } from '../errors.js';

/** Which word of the server each option stands for, in the order in which they are sent. */
export type OptionTable<Options> = Readonly<Record<keyof Options & string, string>>;

/**
 * The words for these options: `true` sends the word alone, a value or an array of values follows it, `false` and
 * `undefined` send nothing.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`) for an option that the command does not have
 */
export function optionWords<Options extends object>(
  command: string,
  options: Options,
  table: OptionTable<Options>,
): CommandArgument[] {
  checkOptions(command, options, Object.keys(table));
  const args: CommandArgument[] = [];
  for (const [name, word] of Object.entries<string>(table)) {
    const value = options[name as keyof Options] as
      | boolean
      | CommandArgument
      | readonly CommandArgument[]
      | undefined;
    if (value === undefined || value === false) continue;
    args.push(word);
    if (Array.isArray(value)) args.push(...(value as CommandArgument[]));
    else if (value !== true) args.push(value as CommandArgument);
  }
  return args;
}

/** @throws InvalidOptionError (`INVALID_OPTION`) for an option that the command does not have */
export function checkOptions(command: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new InvalidOptionError(unknown, `is not an option of ${command}; use ${known.join(', ')}`);
}
