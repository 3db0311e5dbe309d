import type { CommandArgument } from '@redlane/resp3-core';
import { SCAN, type ScanOptions, type ScanPage, scanPage } from './key-commands.js';
import { type OptionTable, optionWords } from './option-words.js';
import {
  count,
  countOrNothing,
  float,
  floatOrNothing,
  floatsOrNothing,
  type Scored,
  scored,
  texts,
} from './reply-shapes.js';
import type { ReplyText, Run } from './run.js';

export interface ZAddOptions {
  /** Only members that are new. */
  readonly nx?: boolean | undefined;
  /** Only members that are there. */
  readonly xx?: boolean | undefined;
  /** Of those that are there, only where the new score is greater. */
  readonly gt?: boolean | undefined;
  /** Of those that are there, only where the new score is less. */
  readonly lt?: boolean | undefined;
  /** Count those that were changed, too. */
  readonly ch?: boolean | undefined;
}

export interface ZRangeOptions {
  /** `start` and `stop` are scores: `5`, `'(5'`, `'-inf'`. */
  readonly byScore?: boolean | undefined;
  /** `start` and `stop` are texts: `'[a'`, `'(b'`, `'-'`, `'+'`. */
  readonly byLex?: boolean | undefined;
  /** From the highest to the lowest; `start` is the highest then. */
  readonly rev?: boolean | undefined;
  /** With `byScore` or `byLex`: how many to pass over, and how many to take at most. */
  readonly limit?: readonly [offset: number, count: number] | undefined;
  /** Give pairs of member and score. */
  readonly withScores?: boolean | undefined;
}

/** What ZADD takes, in the server's order. */
export type ScoresAndMembers = readonly (readonly [score: CommandArgument, member: CommandArgument])[];

const ZADD: OptionTable<ZAddOptions> = { nx: 'NX', xx: 'XX', gt: 'GT', lt: 'LT', ch: 'CH' };
const ZRANGE: OptionTable<ZRangeOptions> = {
  byScore: 'BYSCORE',
  byLex: 'BYLEX',
  rev: 'REV',
  limit: 'LIMIT',
  withScores: 'WITHSCORES',
};

/** Sorted sets. */
export interface SortedSetCommands<Text extends ReplyText> {
  /** @returns how many are new, or with `ch` how many are new or changed */
  zadd(key: CommandArgument, members: ScoresAndMembers, options?: ZAddOptions): Promise<number>;
  /** @returns 1 when it is new, or with `ch` new or changed */
  zadd(
    key: CommandArgument,
    score: CommandArgument,
    member: CommandArgument,
    options?: ZAddOptions,
  ): Promise<number>;
  /** @returns how many there were */
  zrem(key: CommandArgument, ...members: CommandArgument[]): Promise<number>;
  zscore(key: CommandArgument, member: CommandArgument): Promise<number | undefined>;
  zmscore(key: CommandArgument, ...members: CommandArgument[]): Promise<(number | undefined)[]>;
  zincrby(key: CommandArgument, by: number, member: CommandArgument): Promise<number>;
  zcard(key: CommandArgument): Promise<number>;
  zcount(key: CommandArgument, min: CommandArgument, max: CommandArgument): Promise<number>;
  zrange(
    key: CommandArgument,
    start: CommandArgument,
    stop: CommandArgument,
    options: ZRangeOptions & { readonly withScores: true },
  ): Promise<Scored<Text>[]>;
  zrange(
    key: CommandArgument,
    start: CommandArgument,
    stop: CommandArgument,
    options?: ZRangeOptions & { readonly withScores?: false | undefined },
  ): Promise<Text[]>;
  /** @returns 0 for the lowest score */
  zrank(key: CommandArgument, member: CommandArgument): Promise<number | undefined>;
  /** @returns 0 for the highest score */
  zrevrank(key: CommandArgument, member: CommandArgument): Promise<number | undefined>;
  zpopmin(key: CommandArgument, count?: number): Promise<Scored<Text>[]>;
  zpopmax(key: CommandArgument, count?: number): Promise<Scored<Text>[]>;
  /** @returns how many were removed */
  zremrangebyscore(key: CommandArgument, min: CommandArgument, max: CommandArgument): Promise<number>;
  /** @returns how many were removed */
  zremrangebyrank(key: CommandArgument, start: number, stop: number): Promise<number>;
  zscan(
    key: CommandArgument,
    cursor: CommandArgument,
    options?: ScanOptions,
  ): Promise<ScanPage<Scored<Text>[]>>;
}

export function sortedSetCommands<Text extends ReplyText>(run: Run): SortedSetCommands<Text> {
  const popped = (name: string, key: CommandArgument, atMost = 1): Promise<Scored<Text>[]> =>
    run([name, key, atMost], scored<Text>);
  return {
    zadd: async (
      key: CommandArgument,
      first: CommandArgument | ScoresAndMembers,
      second?: CommandArgument | ZAddOptions,
      third: ZAddOptions = {},
    ) => {
      const [members, options] = Array.isArray(first)
        ? [(first as ScoresAndMembers).flat(), (second ?? {}) as ZAddOptions]
        : [[first, second] as CommandArgument[], third];
      return run(['ZADD', key, ...optionWords('ZADD', options, ZADD), ...members], count);
    },
    zrem: (key, ...members) => run(['ZREM', key, ...members], count),
    zscore: (key, member) => run(['ZSCORE', key, member], floatOrNothing),
    zmscore: (key, ...members) => run(['ZMSCORE', key, ...members], floatsOrNothing),
    zincrby: (key, by, member) => run(['ZINCRBY', key, by, member], float),
    zcard: (key) => run(['ZCARD', key], count),
    zcount: (key, min, max) => run(['ZCOUNT', key, min, max], count),
    zrange: async (
      key: CommandArgument,
      start: CommandArgument,
      stop: CommandArgument,
      options: ZRangeOptions = {},
    ) =>
      run(
        ['ZRANGE', key, start, stop, ...optionWords('ZRANGE', options, ZRANGE)],
        // One reader for both forms: TypeScript has no implementation of overloads by an arrow.
        (options.withScores === true ? scored : texts) as (reply: unknown) => never,
      ),
    zrank: (key, member) => run(['ZRANK', key, member], countOrNothing),
    zrevrank: (key, member) => run(['ZREVRANK', key, member], countOrNothing),
    zpopmin: (key, atMost) => popped('ZPOPMIN', key, atMost),
    zpopmax: (key, atMost) => popped('ZPOPMAX', key, atMost),
    zremrangebyscore: (key, min, max) => run(['ZREMRANGEBYSCORE', key, min, max], count),
    zremrangebyrank: (key, start, stop) => run(['ZREMRANGEBYRANK', key, start, stop], count),
    zscan: async (key, cursor, options = {}) =>
      run(['ZSCAN', key, cursor, ...optionWords('ZSCAN', options, SCAN)], scanPage(scored<Text>)),
  };
}
