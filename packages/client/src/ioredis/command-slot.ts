import type { CommandArgument } from '@redlane/resp3-core';
import { CrossSlotError } from '../errors.js';
import { commandName } from '../routing.js';
import { keysOf } from './command-keys.js';
import { keySlot } from './key-slot.js';
import { wordsOf } from './words.js';

/** The slot of all keys of these commands; `undefined` when they have none. @throws CrossSlotError when there are several */
export function slotOfAll(commands: readonly (readonly CommandArgument[])[]): number | undefined {
  let slot: number | undefined;
  for (const command of commands) {
    for (const key of wordsOf(['', ...keysOf(command)]).args) {
      const other = keySlot(key);
      slot ??= other;
      if (slot !== other) throw new CrossSlotError(commandName(command[0]));
    }
  }
  return slot;
}
