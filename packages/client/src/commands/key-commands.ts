import type { CommandArgument } from '@redlane/resp3-core';
import { type OptionTable, optionWords } from './option-words.js';
import { count, flag, ok, plainText, texts } from './reply-shapes.js';
import type { ReplyText, Run } from './run.js';

/** When an expiry is to be set; give one of them at most. */
export interface ExpireOptions {
  /** Only when the key has no expiry. */
  readonly nx?: boolean | undefined;
  /** Only when it has one. */
  readonly xx?: boolean | undefined;
  /** Only when the new one is later. */
  readonly gt?: boolean | undefined;
  /** Only when the new one is earlier. */
  readonly lt?: boolean | undefined;
}

export interface CopyOptions {
  /** Number of the database to copy to. @default the same */
  readonly db?: number | undefined;
  readonly replace?: boolean | undefined;
}

export interface ScanOptions {
  /** Glob over what is scanned. @default all */
  readonly match?: CommandArgument | undefined;
  /** About how many the server looks at in one step. @default 10 */
  readonly count?: number | undefined;
}

export interface ScanKeysOptions extends ScanOptions {
  /** Only keys of this type: `string`, `list`, `stream`, … */
  readonly type?: string | undefined;
}

/** One step of a scan. The scan is over when `cursor` is `'0'`. */
export interface ScanPage<Items> {
  readonly cursor: string;
  readonly items: Items;
}

const EXPIRE: OptionTable<ExpireOptions> = { nx: 'NX', xx: 'XX', gt: 'GT', lt: 'LT' };
const COPY: OptionTable<CopyOptions> = { db: 'DB', replace: 'REPLACE' };
export const SCAN: OptionTable<ScanOptions> = { match: 'MATCH', count: 'COUNT' };
const SCAN_KEYS: OptionTable<ScanKeysOptions> = { ...SCAN, type: 'TYPE' };

/** Keys, whatever they hold. */
export interface KeyCommands<Text extends ReplyText> {
  /** @returns how many there were */
  del(...keys: CommandArgument[]): Promise<number>;
  /** @returns how many there were */
  unlink(...keys: CommandArgument[]): Promise<number>;
  /** @returns how many there are; a key that is named twice counts twice */
  exists(...keys: CommandArgument[]): Promise<number>;
  /** @returns whether the expiry was set */
  expire(key: CommandArgument, seconds: number, options?: ExpireOptions): Promise<boolean>;
  /** @returns whether the expiry was set */
  pexpire(key: CommandArgument, ms: number, options?: ExpireOptions): Promise<boolean>;
  /** @returns whether the key had an expiry */
  persist(key: CommandArgument): Promise<boolean>;
  /** @returns seconds; -1 when the key does not expire, -2 when there is none */
  ttl(key: CommandArgument): Promise<number>;
  /** @returns milliseconds; -1 when the key does not expire, -2 when there is none */
  pttl(key: CommandArgument): Promise<number>;
  /** @returns `string`, `list`, `set`, `zset`, `hash`, `stream`, a module's type, or `none` */
  type(key: CommandArgument): Promise<string>;
  rename(key: CommandArgument, to: CommandArgument): Promise<'OK'>;
  /** @returns false when `to` exists */
  renamenx(key: CommandArgument, to: CommandArgument): Promise<boolean>;
  /** @returns whether it was copied */
  copy(from: CommandArgument, to: CommandArgument, options?: CopyOptions): Promise<boolean>;
  keys(pattern: CommandArgument): Promise<Text[]>;
  scan(cursor: CommandArgument, options?: ScanKeysOptions): Promise<ScanPage<Text[]>>;
}

export function keyCommands<Text extends ReplyText>(run: Run): KeyCommands<Text> {
  return {
    del: (...keys) => run(['DEL', ...keys], count),
    unlink: (...keys) => run(['UNLINK', ...keys], count),
    exists: (...keys) => run(['EXISTS', ...keys], count),
    expire: async (key, seconds, options = {}) =>
      run(['EXPIRE', key, seconds, ...optionWords('EXPIRE', options, EXPIRE)], flag),
    pexpire: async (key, ms, options = {}) =>
      run(['PEXPIRE', key, ms, ...optionWords('PEXPIRE', options, EXPIRE)], flag),
    persist: (key) => run(['PERSIST', key], flag),
    ttl: (key) => run(['TTL', key], count),
    pttl: (key) => run(['PTTL', key], count),
    type: (key) => run(['TYPE', key], plainText),
    rename: (key, to) => run(['RENAME', key, to], ok),
    renamenx: (key, to) => run(['RENAMENX', key, to], flag),
    copy: async (from, to, options = {}) =>
      run(['COPY', from, to, ...optionWords('COPY', options, COPY)], flag),
    keys: (pattern) => run(['KEYS', pattern], texts<Text>),
    scan: async (cursor, options = {}) =>
      run(['SCAN', cursor, ...optionWords('SCAN', options, SCAN_KEYS)], scanPage(texts<Text>)),
  };
}

/** The reply of SCAN and its kin: the next cursor, and what was found. */
export function scanPage<Items>(read: (reply: unknown) => Items): (reply: unknown) => ScanPage<Items> {
  return (reply) => {
    const [cursor, items] = reply as [unknown, unknown];
    return { cursor: plainText(cursor), items: read(items) };
  };
}
