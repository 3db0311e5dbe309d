import type { CommandArgument } from '@redlane/resp3-core';
import { type OptionTable, optionWords } from './option-words.js';
import {
  count,
  flag,
  float,
  integer,
  ok,
  okOrNothing,
  text,
  textOrNothing,
  textsOrNothing,
} from './reply-shapes.js';
import { entriesOf, type Pairs, type ReplyText, type Run } from './run.js';

/** When a key is to expire; give one of them at most. */
export interface ExpiryOptions {
  /** After so many seconds. */
  readonly ex?: number | undefined;
  /** After so many milliseconds. */
  readonly px?: number | undefined;
  /** At this time, in seconds since 1970. */
  readonly exAt?: number | undefined;
  /** At this time, in milliseconds since 1970. */
  readonly pxAt?: number | undefined;
}

export interface SetOptions extends ExpiryOptions {
  /** Keep the time to live that the key has. */
  readonly keepTtl?: boolean | undefined;
  /** Only when the key does not exist. */
  readonly nx?: boolean | undefined;
  /** Only when the key exists. */
  readonly xx?: boolean | undefined;
  /** Give the value that the key had, instead of `OK`. */
  readonly get?: boolean | undefined;
}

export interface GetExOptions extends ExpiryOptions {
  /** Expire no more. */
  readonly persist?: boolean | undefined;
}

const EXPIRY: OptionTable<ExpiryOptions> = { ex: 'EX', px: 'PX', exAt: 'EXAT', pxAt: 'PXAT' };
const SET: OptionTable<SetOptions> = { ...EXPIRY, keepTtl: 'KEEPTTL', nx: 'NX', xx: 'XX', get: 'GET' };
const GETEX: OptionTable<GetExOptions> = { ...EXPIRY, persist: 'PERSIST' };

/** Strings and counters. */
export interface StringCommands<Text extends ReplyText> {
  /** @returns the value that the key had, `undefined` for none */
  set(
    key: CommandArgument,
    value: CommandArgument,
    options: SetOptions & { readonly get: true },
  ): Promise<Text | undefined>;
  /** @returns `undefined` when `nx` or `xx` was not met */
  set(
    key: CommandArgument,
    value: CommandArgument,
    options?: SetOptions & { readonly get?: false | undefined },
  ): Promise<'OK' | undefined>;
  setnx(key: CommandArgument, value: CommandArgument): Promise<boolean>;
  setex(key: CommandArgument, seconds: number, value: CommandArgument): Promise<'OK'>;
  get(key: CommandArgument): Promise<Text | undefined>;
  getdel(key: CommandArgument): Promise<Text | undefined>;
  getex(key: CommandArgument, options?: GetExOptions): Promise<Text | undefined>;
  getrange(key: CommandArgument, start: number, end: number): Promise<Text>;
  mget(...keys: CommandArgument[]): Promise<(Text | undefined)[]>;
  mset(values: Pairs): Promise<'OK'>;
  msetnx(values: Pairs): Promise<boolean>;
  /** @returns the length afterwards, in bytes */
  append(key: CommandArgument, value: CommandArgument): Promise<number>;
  strlen(key: CommandArgument): Promise<number>;
  /** @returns the sum; a `bigint` beyond 2^53 */
  incr(key: CommandArgument): Promise<number | bigint>;
  incrby(key: CommandArgument, by: number | bigint): Promise<number | bigint>;
  incrbyfloat(key: CommandArgument, by: number): Promise<number>;
  decr(key: CommandArgument): Promise<number | bigint>;
  decrby(key: CommandArgument, by: number | bigint): Promise<number | bigint>;
}

export function stringCommands<Text extends ReplyText>(run: Run): StringCommands<Text> {
  return {
    set: async (key: CommandArgument, value: CommandArgument, options: SetOptions = {}) =>
      run(
        ['SET', key, value, ...optionWords('SET', options, SET)],
        // One reader for both forms: TypeScript has no implementation of overloads by an arrow.
        (options.get === true ? textOrNothing : okOrNothing) as (reply: unknown) => never,
      ),
    setnx: (key, value) => run(['SETNX', key, value], flag),
    setex: (key, seconds, value) => run(['SETEX', key, seconds, value], ok),
    get: (key) => run(['GET', key], textOrNothing<Text>),
    getdel: (key) => run(['GETDEL', key], textOrNothing<Text>),
    getex: async (key, options = {}) =>
      run(['GETEX', key, ...optionWords('GETEX', options, GETEX)], textOrNothing<Text>),
    getrange: (key, start, end) => run(['GETRANGE', key, start, end], text<Text>),
    mget: (...keys) => run(['MGET', ...keys], textsOrNothing<Text>),
    mset: async (values) => run(['MSET', ...entriesOf(values).flat()], ok),
    msetnx: async (values) => run(['MSETNX', ...entriesOf(values).flat()], flag),
    append: (key, value) => run(['APPEND', key, value], count),
    strlen: (key) => run(['STRLEN', key], count),
    incr: (key) => run(['INCR', key], integer),
    incrby: (key, by) => run(['INCRBY', key, by], integer),
    incrbyfloat: (key, by) => run(['INCRBYFLOAT', key, by], float),
    decr: (key) => run(['DECR', key], integer),
    decrby: (key, by) => run(['DECRBY', key, by], integer),
  };
}
