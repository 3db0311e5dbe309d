import { type CommandArgument, checkArguments } from '@redlane/resp3-core';
import { CommandRefusedError } from '../errors.js';
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

/**
 * The command's name in upper case.
 *
 * @throws CommandRefusedError for a command that cannot be cached; CommandArgumentError
 */
export function cacheableName(args: readonly CommandArgument[]): string {
  // Texts are always right.
  if (typeof args[0] !== 'string' || args.some((arg) => typeof arg !== 'string')) checkArguments(args);
  const command = cacheable(args);
  if (command !== undefined) return command.name;
  throw new CommandRefusedError(commandName(args[0]), {
    reason: 'only reads of one key whose reply changes with that key alone can be cached',
    instead: 'read each key by itself (calls of one tick leave in one write), or use call()',
  });
}

/** What is known of a command that can be cached; `undefined` for all others. */
function cacheable(args: readonly CommandArgument[]): Cacheable | undefined {
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
