export {
  type CommandCaller,
  type CommandName,
  type CommandSender,
  type Commands,
  type CommandsOptions,
  commandsOf,
  type OtherCommands,
  type TypedCommands,
} from './commands-of.js';
export type { AnyCommand } from './every-command.js';
export type { HashCommands } from './hash-commands.js';
export type {
  CopyOptions,
  ExpireOptions,
  KeyCommands,
  ScanKeysOptions,
  ScanOptions,
  ScanPage,
} from './key-commands.js';
export type { ListCommands, ListEnd, Popped } from './list-commands.js';
export type { Scored } from './reply-shapes.js';
export type { Pairs, ReplyText } from './run.js';
export type { ScriptCommands } from './script-commands.js';
export type { SetCommands } from './set-commands.js';
export type {
  ScoresAndMembers,
  SortedSetCommands,
  ZAddOptions,
  ZRangeOptions,
} from './sorted-set-commands.js';
export type {
  Claimed,
  GroupEntry,
  StreamCommands,
  StreamEntry,
  TrimOptions,
  XAddOptions,
  XGroupCreateOptions,
  XReadGroupOptions,
  XReadOptions,
} from './stream-commands.js';
export type { ExpiryOptions, GetExOptions, SetOptions, StringCommands } from './string-commands.js';
