import type { CommandArgument } from '@redlane/resp3-core';
import { commandName } from '../routing.js';

/**
 * Reads of one key, which is their first argument, whose reply depends on nothing but that key and the other arguments.
 * Left out on purpose: reads of several keys, of time (TTL, XPENDING, …), of chance (SRANDMEMBER, …), and cursors.
 */
const NAMES = [
  'GET',
  'GETBIT',
  'GETRANGE',
  'STRLEN',
  'SUBSTR',
  'BITCOUNT',
  'BITFIELD_RO',
  'BITPOS',
  'EXISTS',
  'EXPIRETIME',
  'PEXPIRETIME',
  'TYPE',
  'HEXISTS',
  'HGET',
  'HGETALL',
  'HKEYS',
  'HLEN',
  'HMGET',
  'HSTRLEN',
  'HVALS',
  'LINDEX',
  'LLEN',
  'LPOS',
  'LRANGE',
  'SCARD',
  'SISMEMBER',
  'SMEMBERS',
  'SMISMEMBER',
  'ZCARD',
  'ZCOUNT',
  'ZLEXCOUNT',
  'ZMSCORE',
  'ZRANGE',
  'ZRANGEBYLEX',
  'ZRANGEBYSCORE',
  'ZRANK',
  'ZREVRANGE',
  'ZREVRANGEBYLEX',
  'ZREVRANGEBYSCORE',
  'ZREVRANK',
  'ZSCORE',
  'GEODIST',
  'GEOHASH',
  'GEOPOS',
  'GEOSEARCH',
  'GEORADIUS_RO',
  'GEORADIUSBYMEMBER_RO',
  'XLEN',
  'XRANGE',
  'XREVRANGE',
  'JSON.ARRINDEX',
  'JSON.ARRLEN',
  'JSON.GET',
  'JSON.OBJKEYS',
  'JSON.OBJLEN',
  'JSON.STRLEN',
  'JSON.TYPE',
] as const;

type Name = (typeof NAMES)[number];

/** What `cached()` takes: reads of one key whose reply changes with that key only. */
export type CacheableCommand = Name | Lowercase<Name>;

/** A command that can be cached. */
interface Cacheable {
  /** In upper case. */
  readonly name: string;
  /** With more words than this it would be a read of several keys. */
  readonly mostWords: number;
}

/** What is known of a command that can be cached; `undefined` for all others. */
export function cacheable(args: readonly CommandArgument[]): Cacheable | undefined {
  const word = args[0];
  const found = typeof word === 'string' ? table.get(word) : undefined;
  const command = found ?? table.get(commandName(word));
  if (command === undefined || args.length < 2 || args.length > command.mostWords) return undefined;
  return command;
}

const table = new Map<string, Cacheable>();
for (const name of NAMES) {
  const command = { name, mostWords: name === 'EXISTS' ? 2 : Number.POSITIVE_INFINITY };
  table.set(name, command);
  table.set(name.toLowerCase(), command);
}
