import { type CommandArgument, encodeCommand } from '@redlane/resp3-core';
import type { Word } from './ioredis-like.js';

/** A command as it is handed to ioredis. */
export interface Words {
  /** In upper case: ioredis changes arguments and replies of commands whose names it knows, and it knows lower case. */
  readonly name: string;
  readonly args: readonly Word[];
}

export function wordsOf(command: readonly CommandArgument[]): Words {
  const [name = '', ...args] = command.map(wordOf);
  return { name: name.toString().toUpperCase(), args };
}

function wordOf(argument: CommandArgument): Word {
  switch (typeof argument) {
    case 'string':
      return argument;
    case 'bigint':
      return argument.toString();
    case 'number':
      return decimal(argument);
    default:
      return Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength);
  }
}

/** As resp3-core writes numbers: without an exponent, and infinities as the server reads them. */
function decimal(value: number): string {
  if (Number.isSafeInteger(value)) return String(value === 0 ? 0 : value);
  const [, , , , text = ''] = Buffer.from(encodeCommand(['ECHO', value]))
    .toString('latin1')
    .split('\r\n');
  return text;
}
