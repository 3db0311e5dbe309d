/** A command whose reply must be the same over every driver as over RESP2. */
export interface ReplyRow {
  readonly command: readonly string[];
  /** Sent before. */
  readonly setup: readonly (readonly string[])[];
  /** Servers before this version do not know it. */
  readonly since?: string;
  /** The values are others at every call: only types are compared. */
  readonly changes?: true;
  /** The order is up to the server. */
  readonly unordered?: true;
  /** In bytes mode a map is pairs. */
  readonly textOnly?: true;
}

type Extras = Omit<ReplyRow, 'command' | 'setup'>;

const K = '{shapes}';
const words = (line: string): string[] => line.replaceAll('$', K).split(' ');
const row = (command: string, setup: readonly string[] = [], extras: Extras = {}): ReplyRow => ({
  command: words(command),
  setup: setup.map(words),
  ...extras,
});

/** Every key that the table uses. */
export const REPLY_KEYS: readonly string[] = Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => K + letter);

const zset = ['ZADD $z -inf a 0.1 b 1 c 1e300 d 2.5 e'];
const pairOfSets = ['ZADD $z 1 a 2 b 3 c', 'ZADD $y 1.5 b 4 c'];
const hash = ['HSET $h f1 v1 f2 2'];
const set = ['SADD $s a b c', 'SADD $t b c d'];
const stream = ['XADD $x 1-1 a 1 b 2', 'XADD $x 2-1 c 3', 'XADD $w 9-9 f v', 'XGROUP CREATE $x g 0'];
const places = ['GEOADD $g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania'];
const script = (body: string): string[] => ['EVAL', `redis.setresp(3); ${body}`, '1', `${K}k`];

/**
 * Ordinary commands, and all those whose reply RESP3 has in another shape. What is expected is not written down: it is what
 * the server itself answers over RESP2.
 */
export const REPLY_TABLE: readonly ReplyRow[] = [
  row('SET $k v'),
  row('SET $k v GET', ['SET $k before']),
  row('GET $k'),
  row('GET $k', ['SET $k 12']),
  row('GET $k', ['SET $k 1.0']),
  row('MGET $k $m', ['SET $k v']),
  row('INCR $k', ['SET $k 9007199254740992']),
  row('INCRBYFLOAT $k 1.5', ['SET $k 1']),
  row('EXPIRE $k 100', ['SET $k v']),
  row('TTL $m'),
  row('EXISTS $k'),
  row('TYPE $k', ['SET $k v']),
  row('SETNX $k v'),
  row('OBJECT ENCODING $k', ['SET $k v']),
  row('LCS $k $m', ['SET $k ohmytext', 'SET $m mynewtext'], { since: '7.0.0' }),
  row('LCS $k $m LEN', ['SET $k ohmytext', 'SET $m mynewtext'], { since: '7.0.0' }),
  row('LCS $k $m IDX', ['SET $k ohmytext', 'SET $m mynewtext'], { since: '7.0.0' }),
  row('LCS $k $m IDX WITHMATCHLEN', ['SET $k ohmytext', 'SET $m mynewtext'], { since: '7.0.0' }),
  row('BITFIELD $k SET u8 0 255 GET u8 0'),

  row('HGETALL $h', hash),
  row('HGETALL $h'),
  row('HMGET $h f1 none', hash),
  row('HKEYS $h', hash),
  row('HINCRBYFLOAT $h f2 0.5', hash),
  row('HRANDFIELD $h', ['HSET $h f v']),
  row('HRANDFIELD $h 5 WITHVALUES', ['HSET $h f v']),
  row('HRANDFIELD $h 5', ['HSET $h f v']),
  row('HRANDFIELD $m 5 WITHVALUES'),
  row('HSCAN $h 0', hash),

  row('LPOP $l 2', ['RPUSH $l a b c']),
  row('LPOP $m 2'),
  row('LRANGE $l 0 -1', ['RPUSH $l a 1 2.0']),
  row('LMPOP 2 $m $l LEFT COUNT 2', ['RPUSH $l a b c'], { since: '7.0.0' }),
  row('LPOS $l b', ['RPUSH $l a b c']),
  row('SORT $l', ['RPUSH $l 3 1 2']),

  row('SMEMBERS $s', set, { unordered: true }),
  row('SMEMBERS $m'),
  row('SINTER $s $t', set, { unordered: true }),
  row('SUNION $s $t', set, { unordered: true }),
  row('SDIFF $s $t', set, { unordered: true }),
  row('SISMEMBER $s a', set),
  row('SMISMEMBER $s a x', set),
  row('SPOP $s', ['SADD $s a']),
  row('SPOP $s 2', ['SADD $s a b'], { unordered: true }),
  row('SRANDMEMBER $s 5', ['SADD $s a b'], { unordered: true }),
  row('SSCAN $s 0', ['SADD $s a']),

  row('ZADD $z 1 a 2 b'),
  row('ZADD $z INCR 1.5 a', ['ZADD $z 1.5 a']),
  row('ZADD $z XX CH INCR 1 a', ['ZADD $z 1 a']),
  row('ZADD $z NX INCR 1 a', ['ZADD $z 1 a']),
  row('ZSCORE $z c', zset),
  row('ZSCORE $z a', zset),
  row('ZSCORE $z d', zset),
  row('ZSCORE $z none', zset),
  row('ZMSCORE $z a none c', zset),
  row('ZINCRBY $z 1 c', zset),
  row('ZRANK $z b', zset),
  row('ZRANK $z b WITHSCORE', zset, { since: '7.2.0' }),
  row('ZREVRANK $z none WITHSCORE', zset, { since: '7.2.0' }),
  row('ZRANGE $z 0 -1', zset),
  row('ZRANGE $z 0 -1 WITHSCORES', zset),
  row('ZRANGE $z 0 -1 REV WITHSCORES', zset),
  row('ZRANGE $m 0 -1 WITHSCORES'),
  row('ZRANGE $z -inf +inf BYSCORE LIMIT 0 2 WITHSCORES', zset),
  row('ZREVRANGE $z 0 1 WITHSCORES', zset),
  row('ZRANGEBYSCORE $z 0 3 WITHSCORES', zset),
  row('ZREVRANGEBYSCORE $z 3 0 WITHSCORES', zset),
  row('ZRANGEBYLEX $z - +', ['ZADD $z 0 a 0 b']),
  row('ZRANDMEMBER $z', ['ZADD $z 1 a']),
  row('ZRANDMEMBER $z 3', ['ZADD $z 1 a']),
  row('ZRANDMEMBER $z 3 WITHSCORES', ['ZADD $z 1 a']),
  row('ZDIFF 2 $z $y WITHSCORES', pairOfSets),
  row('ZINTER 2 $z $y WITHSCORES', pairOfSets),
  row('ZUNION 2 $z $y WITHSCORES', pairOfSets),
  row('ZUNION 2 $z $y', pairOfSets),
  row('ZPOPMIN $z', zset),
  row('ZPOPMIN $z 2', zset),
  row('ZPOPMAX $z 2', pairOfSets),
  row('ZPOPMIN $m'),
  row('ZPOPMIN $m 2'),
  row('ZMPOP 2 $m $z MIN COUNT 2', pairOfSets, { since: '7.0.0' }),
  row('ZMPOP 1 $m MIN', [], { since: '7.0.0' }),
  row('ZSCAN $z 0', ['ZADD $z 1 a 2.5 b']),
  row('ZCOUNT $z 0 10', pairOfSets),

  row('GEOPOS $g Palermo none', places),
  row('GEODIST $g Palermo Catania', places),
  row('GEOHASH $g Palermo', places),
  row('GEOSEARCH $g FROMLONLAT 15 37 BYRADIUS 200 km ASC', places),
  row('GEOSEARCH $g FROMLONLAT 15 37 BYRADIUS 200 km ASC WITHCOORD WITHDIST WITHHASH', places),
  row('GEORADIUS $g 15 37 200 km WITHCOORD ASC', places),
  row('GEORADIUS $g 0 0 1 km WITHCOORD', ['GEOADD $g 0 0 origin']),

  row('XADD $x 5-5 f v'),
  row('XRANGE $x - +', stream),
  row('XREAD COUNT 10 STREAMS $x $w 0 0', stream),
  row('XREAD STREAMS $x 9-9', stream),
  row('XREADGROUP GROUP g c STREAMS $x >', stream),
  row('XREADGROUP GROUP g c STREAMS $x 0', stream),
  row('XPENDING $x g', stream),
  row('XAUTOCLAIM $x g c 0 0', stream),
  row('XINFO STREAM $x', stream),
  row('XINFO STREAM $x FULL', stream),
  row('XINFO GROUPS $x', stream),
  row('XINFO CONSUMERS $x g', [...stream, 'XGROUP CREATECONSUMER $x g c'], { changes: true }),

  row('PFADD $p a b'),
  row('PFCOUNT $p', ['PFADD $p a b']),
  row('PUBSUB NUMSUB a'),
  row('PUBSUB CHANNELS none*'),
  row('PUBLISH $c x'),
  row('SCRIPT EXISTS 0000000000000000000000000000000000000000'),
  row('CONFIG GET maxmemory*', [], { unordered: true }),
  row('COMMAND INFO get xread nosuchcommand', [], { unordered: true }),
  row('COMMAND DOCS get', [], { since: '7.0.0' }),
  row('COMMAND COUNT'),
  row('COMMAND GETKEYS MSET a b c d'),
  row('ACL GETUSER default'),
  row('ACL WHOAMI'),
  row('MEMORY STATS', [], { changes: true }),
  row('MODULE LIST'),
  row('FUNCTION LIST', [], { since: '7.0.0' }),
  row('FUNCTION STATS', [], { since: '7.0.0' }),
  row('LATENCY HISTOGRAM get', [], { since: '7.0.0', changes: true }),
  row('CLIENT TRACKINGINFO'),
  row('CLIENT GETNAME'),
  row('INFO server', [], { changes: true }),
  row('CLIENT LIST', [], { changes: true }),
  row('TIME', [], { changes: true }),
  row('LOLWUT VERSION 5 1 1 1'),
  row('ROLE', [], { changes: true }),
  row('PING'),
  row('PING hello'),
  row('ECHO 1'),

  { command: script('return {map={a=1}}'), setup: [], textOnly: true },
  { command: script('return {set={a=true}}'), setup: [] },
  { command: script('return {double=0.5}'), setup: [] },
  { command: script('return {true, false}'), setup: [] },
  { command: script("return {big_number='123456789012345678901234567890'}"), setup: [] },
  { command: script("return {verbatim_string={string='x', format='txt'}}"), setup: [] },
  { command: ['EVAL', 'return {1, false, {2, {3}}}', '1', `${K}k`], setup: [] },
  {
    command: ['EVAL', "return redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')", '1', `${K}z`],
    setup: [words('ZADD $z 1 a 2.5 b')],
  },
];
