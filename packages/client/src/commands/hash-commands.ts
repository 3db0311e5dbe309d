import type { CommandArgument } from '@redlane/resp3-core';
import { SCAN, type ScanOptions, type ScanPage, scanPage } from './key-commands.js';
import { optionWords } from './option-words.js';
import {
  count,
  flag,
  float,
  integer,
  textMap,
  textOrNothing,
  texts,
  textsOrNothing,
} from './reply-shapes.js';
import { entriesOf, type Pairs, type ReplyText, type Run } from './run.js';

/** Hashes. */
export interface HashCommands<Text extends ReplyText> {
  /** @returns how many fields are new */
  hset(key: CommandArgument, fields: Pairs): Promise<number>;
  /** @returns 1 when the field is new */
  hset(key: CommandArgument, field: CommandArgument, value: CommandArgument): Promise<number>;
  /** @returns false when the field exists */
  hsetnx(key: CommandArgument, field: CommandArgument, value: CommandArgument): Promise<boolean>;
  hget(key: CommandArgument, field: CommandArgument): Promise<Text | undefined>;
  hmget(key: CommandArgument, ...fields: CommandArgument[]): Promise<(Text | undefined)[]>;
  /** @returns an empty map when there is no such key */
  hgetall(key: CommandArgument): Promise<Map<Text, Text>>;
  /** @returns how many there were */
  hdel(key: CommandArgument, ...fields: CommandArgument[]): Promise<number>;
  hexists(key: CommandArgument, field: CommandArgument): Promise<boolean>;
  hincrby(key: CommandArgument, field: CommandArgument, by: number | bigint): Promise<number | bigint>;
  hincrbyfloat(key: CommandArgument, field: CommandArgument, by: number): Promise<number>;
  hkeys(key: CommandArgument): Promise<Text[]>;
  hvals(key: CommandArgument): Promise<Text[]>;
  hlen(key: CommandArgument): Promise<number>;
  hscan(
    key: CommandArgument,
    cursor: CommandArgument,
    options?: ScanOptions,
  ): Promise<ScanPage<Map<Text, Text>>>;
}

export function hashCommands<Text extends ReplyText>(run: Run): HashCommands<Text> {
  return {
    hset: async (key: CommandArgument, field: CommandArgument | Pairs, value?: CommandArgument) => {
      const words =
        value === undefined ? entriesOf(field as Pairs).flat() : [field as CommandArgument, value];
      return run(['HSET', key, ...words], count);
    },
    hsetnx: (key, field, value) => run(['HSETNX', key, field, value], flag),
    hget: (key, field) => run(['HGET', key, field], textOrNothing<Text>),
    hmget: (key, ...fields) => run(['HMGET', key, ...fields], textsOrNothing<Text>),
    hgetall: (key) => run(['HGETALL', key], textMap<Text>),
    hdel: (key, ...fields) => run(['HDEL', key, ...fields], count),
    hexists: (key, field) => run(['HEXISTS', key, field], flag),
    hincrby: (key, field, by) => run(['HINCRBY', key, field, by], integer),
    hincrbyfloat: (key, field, by) => run(['HINCRBYFLOAT', key, field, by], float),
    hkeys: (key) => run(['HKEYS', key], texts<Text>),
    hvals: (key) => run(['HVALS', key], texts<Text>),
    hlen: (key) => run(['HLEN', key], count),
    hscan: async (key, cursor, options = {}) =>
      run(['HSCAN', key, cursor, ...optionWords('HSCAN', options, SCAN)], scanPage(textMap<Text>)),
  };
}
