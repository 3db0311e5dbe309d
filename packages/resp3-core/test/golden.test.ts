import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  encodeNode,
  RedisError,
  Resp3Reader,
  RespPush,
  type RespValue,
  VerbatimString,
} from '../src/index.js';
import { BYTE_BY_BYTE, decode, event, WHOLE } from './decode.js';

interface Entry {
  name: string;
  protocol: 2 | 3;
  hex: string;
}

const file = new URL('golden/redis-7.0.15.json', import.meta.url);
const { entries } = JSON.parse(readFileSync(file, 'utf8')) as { entries: Entry[] };
const bytesOf = ({ hex }: Entry): Buffer => Buffer.from(hex, 'hex');

const map = (...pairs: [RespValue, RespValue][]): Map<RespValue, RespValue> => new Map(pairs);
const reply = (value: unknown, attributes?: unknown): string => event('reply', value, attributes);
const error = (message: string): string => event('error', new RedisError(message));
const push = (type: string, ...data: RespValue[]): string => event('push', new RespPush(type, data));
const QUEUED = reply('QUEUED');
const OK = reply('OK');
const wrongType = 'WRONGTYPE Operation against a key holding the wrong kind of value';

const expected: Record<string, string[]> = {
  'HELLO 3': [
    reply(
      map(
        ['server', 'redis'],
        ['version', '7.0.15'],
        ['proto', 3],
        ['id', 6],
        ['mode', 'standalone'],
        ['role', 'master'],
        ['modules', []],
      ),
    ),
  ],
  'missing string': [reply(null)],
  'binary-safe string': [reply('a\r\nb\0c — ü\r\n')],
  XRANGE: [
    reply([
      ['1-1', ['a', '1', 'b', '2']],
      ['2-1', ['c', '3']],
      ['3-1', ['d', '4']],
    ]),
  ],
  HGETALL: [reply(map(['f1', 'v1'], ['f2', 'v2']))],
  'HGETALL of a missing key': [reply(map())],
  SMEMBERS: [reply(new Set(['1', '2', '3']))],
  'ZRANGE WITHSCORES': [
    reply([
      ['a', -Infinity],
      ['b', 0.1],
      ['c', 1],
      ['d', 1e300],
      ['e', Infinity],
    ]),
  ],
  ZSCORE: [reply(1.5), reply(null)],
  'large integer': [reply(9007199254740993n), reply(9223372036854775807n)],
  INFO: [reply(new VerbatimString('# Cluster\r\ncluster_enabled:0\r\n', 'txt'))],
  message: [push('message', 'a', 'hello'), reply(1)],
  pmessage: [push('pmessage', 'a*', 'abc', 'hello'), reply(1)],
  smessage: [push('smessage', 'a', 'hello'), reply(1)],
  invalidate: [reply('1'), OK, push('invalidate', ['k']), reply('2')],
  'invalidate everything': [OK, push('invalidate', null)],
  'invalidate BCAST': [OK, OK, OK, push('invalidate', ['user:1', 'user:2', 'user:3'])],
  'MULTI with errors': [
    ...[OK, QUEUED, QUEUED, QUEUED],
    reply(['OK', new RedisError(wrongType), map(['f', 'v'])]),
  ],
  'MULTI with a push inside': [
    ...[OK, QUEUED, QUEUED, QUEUED],
    push('message', 'a', 'x'),
    reply(['PONG', 1, 'PONG']),
  ],
  'MULTI that publishes last': [OK, QUEUED, QUEUED, push('message', 'a', 'x'), reply(['PONG', 1])],
  'script negative zero': [reply(-0)],
  'script not a number': [reply(Number.NaN)],
  'script big number': [reply(3492890328409238509324850943850943825024385n)],
  'script nested': [reply([1, map(['k', new Set(['m'])]), [2, [3, []]], map(['f', 'v'])])],
  'script error inside': [reply([1, new RedisError(wrongType), 2])],
  'DEBUG PROTOCOL map': [reply(map([0, false], [1, true], [2, false]))],
  'DEBUG PROTOCOL attrib': [
    reply('Some real reply following the attribute', map(['key-popularity', ['key:123', 90]])),
  ],
  'DEBUG PROTOCOL push': [push('server-cpu-usage', 42), reply('Some real reply following the push reply')],
  'RESP2 null string': [reply(null)],
  'RESP2 aborted EXEC': [OK, QUEUED, reply(null)],
  'RESP2 null inside': [reply(['1', null, '2'])],
  'RESP2 errors': [
    error(wrongType),
    error("ERR unknown command 'NOSUCHCOMMAND', with args beginning with: 'a' "),
  ],
};

/** Where bytes come back in another spelling, or pushes from inside of a reply before it. */
const respelled: Record<string, (text: string) => string> = {
  'ZRANGE WITHSCORES': (text) =>
    text.replace(',0.10000000000000001', ',0.1').replace(',1.0000000000000001e+300', ',1e+300'),
  'script not a number': (text) => text.replace(',-nan', ',nan'),
  'MULTI with a push inside': pushFirst,
  'MULTI that publishes last': pushFirst,
};

/**
 * SUBSCRIBE in MULTI: pushes stand for elements that EXEC has counted, so that no rule finds the end of its reply. A
 * client must not send it.
 */
const ENDLESS = 'MULTI with subscriptions';

function pushFirst(text: string): string {
  return text.replace(/(\*\d\r\n\+PONG\r\n)(>3(?:\r\n\$\d\r\n\w+){3}\r\n)/, '$2$1');
}

describe('bytes of a real server', () => {
  test('there are enough of them', () => {
    expect(entries.length).toBeGreaterThan(85);
    expect(Object.keys(expected).filter((name) => !entries.some((entry) => entry.name === name))).toEqual([]);
  });

  test.each(entries)('$name (RESP$protocol)', (entry) => {
    const bytes = bytesOf(entry);
    const whole = decode(bytes, {}, WHOLE);
    expect(whole.end).toBe(entry.name === ENDLESS ? 'more' : 'done');
    expect(whole.events).not.toEqual([]);
    if (expected[entry.name] !== undefined) expect(whole.events).toEqual(expected[entry.name]);
    expect(decode(bytes, {}, BYTE_BY_BYTE)).toEqual(whole);
    for (let cut = 1; cut < bytes.length; cut++)
      expect(decode(bytes, {}, [cut, bytes.length])).toEqual(whole);
  });

  test.each(entries.filter(({ name }) => name !== ENDLESS))(
    '$name (RESP$protocol) comes back from its typed form',
    (entry) => {
      const reader = new Resp3Reader({ typed: true });
      reader.feed(bytesOf(entry));
      const again = Buffer.concat([...reader.objects()].map((node) => encodeNode(node)));
      const text = bytesOf(entry).toString('latin1');
      expect(again.toString('latin1')).toBe(respelled[entry.name]?.(text) ?? text);
    },
  );
});
