import type { CommandArgument } from '@redlane/resp3-core';
import type { DriverCallOptions, DriverCommands } from '../driver.js';
import type { COMMAND_WORDS } from './command-words.js';
import { type AnyCommand, EveryCommand } from './every-command.js';
import { type HashCommands, hashCommands } from './hash-commands.js';
import { type KeyCommands, keyCommands } from './key-commands.js';
import { type ListCommands, listCommands } from './list-commands.js';
import type { ReplyText, Run } from './run.js';
import { type ScriptCommands, scriptCommands } from './script-commands.js';
import { type SetCommands, setCommands } from './set-commands.js';
import { type SortedSetCommands, sortedSetCommands } from './sorted-set-commands.js';
import { type StreamCommands, streamCommands } from './stream-commands.js';
import { type StringCommands, stringCommands } from './string-commands.js';

/** The commands that are typed by hand: named options, and replies of one shape over RESP3, RESP2 and drivers. */
export interface TypedCommands<Text extends ReplyText = string>
  extends StringCommands<Text>,
    KeyCommands<Text>,
    HashCommands<Text>,
    ListCommands<Text>,
    SetCommands<Text>,
    SortedSetCommands<Text>,
    StreamCommands<Text>,
    ScriptCommands {}

/** Every name of the command lists of Redis and Valkey, containers with their subcommands: `get`, `clientList`, `evalRo`. */
export type CommandName = keyof typeof COMMAND_WORDS;

/** The commands that are not typed by hand. */
export type OtherCommands = {
  readonly [Name in Exclude<CommandName, keyof TypedCommands>]: AnyCommand;
};

/** All commands as methods; see {@link commandsOf}. */
export interface Commands<Text extends ReplyText = string> extends TypedCommands<Text>, OtherCommands {}

/** A client, a view of it (`with`), or a session: what has `call`. */
export interface CommandCaller {
  call<T>(words: readonly CommandArgument[]): Promise<T>;
  with(options: DriverCallOptions & { readonly maps: 'map' }): CommandCaller;
}

/** A driver or a lease of one: what has `send`. */
export type CommandSender = Pick<DriverCommands, 'send'>;

/** What holds for all calls of a facade; see `CallOptions` and `DriverCallOptions`. */
export interface CommandsOptions extends DriverCallOptions {}

/**
 * Commands as methods, of a client, a view, a session, a driver or a lease. It opens nothing and need not be closed;
 * methods may be taken off it (`const { get } = commandsOf(client)`).
 *
 * The commands of {@link TypedCommands} take their flags as named options, everything else in the server's order, and give
 * the same shapes over RESP3, RESP2 and every driver; where the server has nothing they give `undefined`, or an empty
 * collection. All others take arguments and give the reply as the caller gives it, so that nothing is `null` there.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`, as rejection) for an option that a command does not have; else what the
 * caller's `call` or `send` throws
 * @example
 * const commands = commandsOf(client);
 * await commands.set('k', 'v', { ex: 10, nx: true });
 * await commands.clientList('TYPE', 'normal');
 */
export function commandsOf(
  target: CommandCaller | CommandSender,
  options: CommandsOptions & { readonly replies: 'bytes' },
): Commands<Uint8Array>;
export function commandsOf(
  target: CommandCaller | CommandSender,
  options?: CommandsOptions & { readonly replies?: 'string' | undefined },
): Commands;
export function commandsOf(
  target: CommandCaller | CommandSender,
  options: CommandsOptions = {},
): Commands | Commands<Uint8Array> {
  const run = runOf(target, { replies: 'string', ...options });
  const typed = {
    ...stringCommands(run),
    ...keyCommands(run),
    ...hashCommands(run),
    ...listCommands(run),
    ...setCommands(run),
    ...sortedSetCommands(run),
    ...streamCommands(run),
    ...scriptCommands(run),
  };
  // Defined, not assigned: they take the place of getters.
  return Object.defineProperties(
    new EveryCommand(run),
    Object.getOwnPropertyDescriptors(typed),
  ) as unknown as Commands;
}

function runOf(target: CommandCaller | CommandSender, options: DriverCallOptions): Run {
  if ('call' in target) {
    // The shapes must not depend on how the client was set up.
    const caller = target.with({ ...options, maps: 'map' });
    return async (args, read) => read(await caller.call<unknown>(args));
  }
  return async (args, read) => read(await target.send(args, options));
}
