/** What is sent to record one golden entry. */
export interface Capture {
  readonly name: string;
  readonly protocol: 2 | 3;
  /** Sent before, on the same connection; these replies are not recorded. */
  readonly setup: readonly string[][];
  /** What is recorded: the replies to these, and the pushes that come with them. */
  readonly commands: readonly string[][];
}

const words = (line: string): string[] => line.split(' ');

function capture(protocol: 2 | 3, name: string, commands: string[][], setup: string[][] = []): Capture {
  return { name, protocol, setup, commands };
}

/** Runs in a script that answers in RESP3 shapes. */
const script = (body: string): string[][] => [['EVAL', `redis.setresp(3); ${body}`, '0']];

const stream = ['XADD s 1-1 a 1 b 2', 'XADD s 2-1 c 3', 'XADD s 3-1 d 4'].map(words);
const debugTypes = [
  'string',
  'integer',
  'double',
  'null',
  'array',
  'set',
  'map',
  'attrib',
  'push',
  'verbatim',
  'true',
  'false',
  'bignum',
];

const resp3: Capture[] = [
  capture(3, 'SET', [words('SET k v')]),
  capture(3, 'missing string', [words('GET missing')]),
  capture(3, 'empty string', [words('GET k')], [['SET', 'k', '']]),
  capture(3, 'binary-safe string', [words('GET k')], [['SET', 'k', 'a\r\nb\0c — ü\r\n']]),
  capture(3, 'XRANGE', [words('XRANGE s - +')], stream),
  capture(3, 'XREAD', [words('XREAD COUNT 10 STREAMS s t 0 0')], [...stream, words('XADD t 9-9 f v')]),
  capture(3, 'XREAD without news', [words('XREAD STREAMS s $')], stream),
  capture(
    3,
    'XREADGROUP',
    [words('XREADGROUP GROUP g c STREAMS s >')],
    [...stream, words('XGROUP CREATE s g 0')],
  ),
  capture(3, 'HGETALL', [words('HGETALL h')], [words('HSET h f1 v1 f2 v2')]),
  capture(3, 'HGETALL of a missing key', [words('HGETALL missing')]),
  capture(3, 'SMEMBERS', [words('SMEMBERS set')], [words('SADD set 1 2 3')]),
  capture(
    3,
    'ZRANGE WITHSCORES',
    [words('ZRANGE z 0 -1 WITHSCORES')],
    [words('ZADD z -inf a 0.1 b 1 c 1e300 d inf e')],
  ),
  capture(3, 'ZSCORE', [words('ZSCORE z a'), words('ZSCORE z missing')], [words('ZADD z 1.5 a')]),
  capture(3, 'ZPOPMIN', [words('ZPOPMIN z'), words('ZPOPMIN z 2')], [words('ZADD z 1 a 2 b 3 c')]),
  capture(3, 'BLPOP timed out', [words('BLPOP missing 0.01')]),
  capture(
    3,
    'large integer',
    [words('INCR n'), words('INCRBY n 9214364837600034814')],
    [words('SET n 9007199254740992')],
  ),
  capture(3, 'SCAN', [words('SCAN 0 COUNT 100')], [words('SET only 1')]),
  capture(3, 'CONFIG GET', [words('CONFIG GET maxmemory-policy')]),
  capture(3, 'COMMAND INFO', [words('COMMAND INFO get nosuchcommand')]),
  capture(3, 'INFO', [words('INFO cluster')]),
  capture(3, 'LOLWUT', [words('LOLWUT VERSION 5 1 1 1')]),
  capture(
    3,
    'errors',
    [
      words('LPUSH k v'),
      words('NOSUCHCOMMAND a'),
      words('GET'),
      words('EVALSHA 0000000000000000000000000000000000000000 0'),
    ],
    [words('SET k v')],
  ),
  capture(
    3,
    'subscribe confirmations',
    [
      'SUBSCRIBE a b',
      'PSUBSCRIBE p*',
      'SSUBSCRIBE s',
      'UNSUBSCRIBE a',
      'PUNSUBSCRIBE',
      'SUNSUBSCRIBE',
      'UNSUBSCRIBE',
      'UNSUBSCRIBE',
    ].map(words),
  ),
  capture(3, 'message', [words('PUBLISH a hello')], [words('SUBSCRIBE a')]),
  capture(3, 'pmessage', [words('PUBLISH abc hello')], [words('PSUBSCRIBE a*')]),
  capture(3, 'smessage', [words('SPUBLISH a hello')], [words('SSUBSCRIBE a')]),
  capture(
    3,
    'message and pmessage',
    [words('PUBLISH abc hello'), words('PING')],
    [words('SUBSCRIBE abc'), words('PSUBSCRIBE a*')],
  ),
  capture(
    3,
    'invalidate',
    [words('GET k'), words('SET k 2'), words('GET k')],
    [words('SET k 1'), words('CLIENT TRACKING ON')],
  ),
  capture(
    3,
    'invalidate everything',
    [words('FLUSHALL')],
    [words('SET k 1'), words('CLIENT TRACKING ON'), words('GET k')],
  ),
  capture(
    3,
    'invalidate BCAST',
    [words('SET user:1 a'), words('SET other b'), words('MSET user:2 a user:3 b')],
    [words('CLIENT TRACKING ON BCAST PREFIX user:')],
  ),
  capture(
    3,
    'CLIENT TRACKINGINFO',
    [words('CLIENT TRACKINGINFO')],
    [words('CLIENT TRACKING ON BCAST PREFIX user:')],
  ),
  capture(
    3,
    'MULTI with errors',
    [words('MULTI'), words('SET k v'), words('LPUSH k x'), words('HGETALL h'), words('EXEC')],
    [words('HSET h f v')],
  ),
  capture(3, 'MULTI that is refused', [words('MULTI'), words('NOSUCHCOMMAND'), words('EXEC')]),
  capture(
    3,
    'MULTI with a push inside',
    [words('MULTI'), words('PING'), words('PUBLISH a x'), words('PING'), words('EXEC')],
    [words('SUBSCRIBE a')],
  ),
  capture(
    3,
    'MULTI that publishes last',
    [words('MULTI'), words('PING'), words('PUBLISH a x'), words('EXEC')],
    [words('SUBSCRIBE a')],
  ),
  capture(3, 'MULTI with subscriptions', [
    words('MULTI'),
    words('SUBSCRIBE a b'),
    words('PING'),
    words('UNSUBSCRIBE a b'),
    words('EXEC'),
  ]),
  capture(
    3,
    'MULTI with an invalidation',
    [words('MULTI'), words('SET k 2'), words('GET k'), words('EXEC')],
    [words('SET k 1'), words('CLIENT TRACKING ON'), words('GET k')],
  ),
  capture(3, 'script double', script('return {double = 3.25}')),
  capture(3, 'script negative zero', script('return {double = -0.0}')),
  capture(3, 'script not a number', script('return {double = 0/0}')),
  capture(3, 'script infinity', script('return {double = 1/0}')),
  capture(3, 'script negative infinity', script('return {double = -1/0}')),
  capture(3, 'script large double', script('return {double = 1.7976931348623157e308}')),
  capture(
    3,
    'script big number',
    script("return {big_number = '3492890328409238509324850943850943825024385'}"),
  ),
  capture(
    3,
    'script negative big number',
    script("return {big_number = '-3492890328409238509324850943850943825024385'}"),
  ),
  capture(
    3,
    'script verbatim string',
    script("return {verbatim_string = {format = 'txt', string = 'some\\r\\ntext'}}"),
  ),
  capture(3, 'script map', script('return {map = {field = {double = 1.5}}}')),
  capture(3, 'script empty map', script('return {map = {}}')),
  capture(3, 'script set', script('return {set = {member = true}}')),
  capture(3, 'script booleans and null', script('return {true, false, redis.call("GET", "missing"), 1}')),
  capture(
    3,
    'script nested',
    script("return {1, {map = {k = {set = {m = true}}}}, {2, {3, {}}}, redis.call('HGETALL', 'h')}"),
    [words('HSET h f v')],
  ),
  capture(3, 'script error inside', script("return {1, redis.pcall('LPUSH', 'k', 'x'), 2}"), [
    words('SET k v'),
  ]),
  ...debugTypes.map((type) => capture(3, `DEBUG PROTOCOL ${type}`, [['DEBUG', 'PROTOCOL', type]])),
];

const resp2: Capture[] = [
  capture(2, 'RESP2 null string', [words('GET missing')]),
  capture(2, 'RESP2 null array', [words('BLPOP missing 0.01')]),
  capture(
    2,
    'RESP2 aborted EXEC',
    [words('MULTI'), words('GET k'), words('EXEC')],
    [words('WATCH k'), words('SET k 1')],
  ),
  capture(2, 'RESP2 null inside', [words('MGET a missing b')], [words('MSET a 1 b 2')]),
  capture(2, 'RESP2 HGETALL', [words('HGETALL h')], [words('HSET h f1 v1 f2 v2')]),
  capture(
    2,
    'RESP2 ZRANGE WITHSCORES',
    [words('ZRANGE z 0 -1 WITHSCORES')],
    [words('ZADD z -inf a 0.1 b inf c')],
  ),
  capture(2, 'RESP2 XRANGE', [words('XRANGE s - +')], stream),
  capture(2, 'RESP2 INFO', [words('INFO cluster')]),
  capture(2, 'RESP2 large integer', [words('INCR n')], [words('SET n 9007199254740992')]),
  capture(2, 'RESP2 errors', [words('LPUSH k v'), words('NOSUCHCOMMAND a')], [words('SET k v')]),
  capture(
    2,
    'RESP2 EXEC with an error',
    [words('MULTI'), words('LPUSH k x'), words('GET k'), words('EXEC')],
    [words('SET k v')],
  ),
  capture(2, 'RESP2 subscribe and PING', [words('SUBSCRIBE a'), words('PING'), words('UNSUBSCRIBE a')]),
  ...debugTypes
    .filter((type) => type !== 'push')
    .map((type) => capture(2, `RESP2 DEBUG PROTOCOL ${type}`, [['DEBUG', 'PROTOCOL', type]])),
];

/** Every entry of a golden file, in its order. */
export const captures: readonly Capture[] = [
  // First, so that the connection's id in the reply is small; it is the one number that may differ between two runs.
  { name: 'HELLO 3', protocol: 2, setup: [], commands: [words('HELLO 3')] },
  { name: 'HELLO 2', protocol: 2, setup: [], commands: [words('HELLO 2')] },
  ...resp3,
  ...resp2,
];
