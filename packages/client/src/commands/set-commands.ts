import type { CommandArgument } from '@redlane/resp3-core';
import { SCAN, type ScanOptions, type ScanPage, scanPage } from './key-commands.js';
import { optionWords } from './option-words.js';
import { count, flag, flags, textOrNothing, textSet, texts } from './reply-shapes.js';
import type { ReplyText, Run } from './run.js';

/** Sets. */
export interface SetCommands<Text extends ReplyText> {
  /** @returns how many are new */
  sadd(key: CommandArgument, ...members: CommandArgument[]): Promise<number>;
  /** @returns how many there were */
  srem(key: CommandArgument, ...members: CommandArgument[]): Promise<number>;
  smembers(key: CommandArgument): Promise<Set<Text>>;
  sismember(key: CommandArgument, member: CommandArgument): Promise<boolean>;
  smismember(key: CommandArgument, ...members: CommandArgument[]): Promise<boolean[]>;
  scard(key: CommandArgument): Promise<number>;
  spop(key: CommandArgument): Promise<Text | undefined>;
  srandmember(key: CommandArgument): Promise<Text | undefined>;
  /** @returns whether it was there to be moved */
  smove(from: CommandArgument, to: CommandArgument, member: CommandArgument): Promise<boolean>;
  sinter(...keys: CommandArgument[]): Promise<Set<Text>>;
  sunion(...keys: CommandArgument[]): Promise<Set<Text>>;
  sdiff(...keys: CommandArgument[]): Promise<Set<Text>>;
  sscan(key: CommandArgument, cursor: CommandArgument, options?: ScanOptions): Promise<ScanPage<Text[]>>;
}

export function setCommands<Text extends ReplyText>(run: Run): SetCommands<Text> {
  return {
    sadd: (key, ...members) => run(['SADD', key, ...members], count),
    srem: (key, ...members) => run(['SREM', key, ...members], count),
    smembers: (key) => run(['SMEMBERS', key], textSet<Text>),
    sismember: (key, member) => run(['SISMEMBER', key, member], flag),
    smismember: (key, ...members) => run(['SMISMEMBER', key, ...members], flags),
    scard: (key) => run(['SCARD', key], count),
    spop: (key) => run(['SPOP', key], textOrNothing<Text>),
    srandmember: (key) => run(['SRANDMEMBER', key], textOrNothing<Text>),
    smove: (from, to, member) => run(['SMOVE', from, to, member], flag),
    sinter: (...keys) => run(['SINTER', ...keys], textSet<Text>),
    sunion: (...keys) => run(['SUNION', ...keys], textSet<Text>),
    sdiff: (...keys) => run(['SDIFF', ...keys], textSet<Text>),
    sscan: async (key, cursor, options = {}) =>
      run(['SSCAN', key, cursor, ...optionWords('SSCAN', options, SCAN)], scanPage(texts<Text>)),
  };
}
