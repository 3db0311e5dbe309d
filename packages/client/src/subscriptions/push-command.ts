import type { CommandArgument } from '@redlane/resp3-core';
import { Command, type CommandKeeper, type CommandSettings } from '../command.js';
import { PushReplies } from './push-replies.js';

/** A command that the server answers by pushes. Resolves with `undefined` when it has been executed. */
export function pushCommand(
  args: readonly CommandArgument[],
  settings: CommandSettings,
  deadline: number,
  bytes: number,
  resolve: (value: never) => void,
  reject: (error: Error) => void,
  keeper?: CommandKeeper,
): Command {
  const pushes = new PushReplies(args);
  const command = new Command([], pushes.commands, settings, false, deadline, bytes, resolve, reject, keeper);
  command.pushes = pushes;
  return command;
}
