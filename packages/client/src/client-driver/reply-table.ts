import type { CommandArgument } from '@redlane/resp3-core';
import { word } from '../blocking-timeout.js';

/**
 * How RESP3's reply to a command differs from RESP2's by more than its types.
 *
 * - `doubles`: every number in it is a double, though it may look like an integer.
 * - `scored`: the same, and pairs of member and score stand flat in RESP2.
 * - `pairs`: pairs of field and value stand flat in RESP2; so do the entries that a map is in bytes mode.
 * - `rank`: a position, or a position and a score.
 * - `places`: coordinates are doubles, but other numbers are not.
 * - `streams`: a map in RESP3 and pairs in RESP2.
 * - `statistics`: a map in which some numbers are doubles.
 */
export type ReplyKind = 'doubles' | 'scored' | 'pairs' | 'rank' | 'places' | 'streams' | 'statistics';

const KINDS: Readonly<Record<Exclude<ReplyKind, 'statistics'>, string>> = {
  doubles: 'ZSCORE ZMSCORE ZINCRBY BZPOPMIN BZPOPMAX ZMPOP BZMPOP GEOPOS VEMB VLINKS',
  scored: `ZRANGE ZREVRANGE ZRANGEBYSCORE ZREVRANGEBYSCORE ZRANDMEMBER ZUNION ZINTER ZDIFF ZPOPMIN ZPOPMAX VSIM`,
  pairs: 'HGETALL HRANDFIELD LCS',
  rank: 'ZRANK ZREVRANK',
  places: 'GEOSEARCH GEORADIUS GEORADIUS_RO GEORADIUSBYMEMBER GEORADIUSBYMEMBER_RO',
  streams: 'XREAD XREADGROUP',
};

/** Maps in maps, or in arrays, which cannot be told from pairs in bytes mode. `*`: every subcommand. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  ACL: 'GETUSER',
  CLIENT: 'TRACKINGINFO',
  CLUSTER: 'LINKS SHARDS SLOTS SLOT-STATS',
  COMMAND: '*',
  CONFIG: 'GET',
  FUNCTION: 'LIST STATS',
  LATENCY: 'HISTOGRAM',
  MEMORY: 'STATS',
  MODULE: 'LIST',
  SENTINEL: '*',
  XINFO: '*',
};

const kinds: ReadonlyMap<string, ReplyKind> = new Map(
  Object.entries(KINDS).flatMap(([kind, names]) =>
    names.split(' ').map((name) => [name, kind as ReplyKind] as const),
  ),
);
const descriptions: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(DESCRIPTIONS).map(([name, subcommands]) => [name, new Set(subcommands.split(' '))]),
);
const ZADD_FLAGS: ReadonlySet<string> = new Set(['NX', 'XX', 'GT', 'LT', 'CH']);

/** `undefined` when the types of a reply are all that RESP2 has otherwise. */
export function replyKind(args: readonly CommandArgument[]): ReplyKind | undefined {
  const name = word(args[0]);
  if (name === 'ZADD') return incrementsScore(args) ? 'doubles' : undefined;
  if (name === 'MEMORY') return word(args[1]) === 'STATS' ? 'statistics' : undefined;
  return kinds.get(name);
}

/** The reply describes something about the server or a key, in nested maps. */
export function isDescription(args: readonly CommandArgument[]): boolean {
  const subcommands = descriptions.get(word(args[0]));
  return subcommands !== undefined && (subcommands.has('*') || subcommands.has(word(args[1])));
}

/** ZADD with INCR gives a score, and a count without. */
function incrementsScore(args: readonly CommandArgument[]): boolean {
  for (let at = 2; at < args.length; at++) {
    const flag = word(args[at]);
    if (flag === 'INCR') return true;
    if (!ZADD_FLAGS.has(flag)) return false;
  }
  return false;
}
