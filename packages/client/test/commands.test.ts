import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toDriver } from '../src/client-driver/index.js';
import { type Commands, commandsOf } from '../src/commands/index.js';
import type { RedisDriver } from '../src/driver.js';
import { RedisClient } from '../src/index.js';

let server: RedisServer;
let client: RedisClient;
let commands: Commands;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
});
beforeEach(async () => {
  await server.command('FLUSHALL');
});
afterEach(async () => {
  await client.close();
});

const ways = [
  { name: 'RESP3', options: {} },
  { name: 'RESP2', options: { protocol: 2 } },
  { name: 'RESP3, a client that gives bytes and objects', options: { replies: 'bytes', maps: 'object' } },
  // Shapes of RESP2, and a way of its own to call.
  { name: 'a driver', options: {}, driver: true },
] as const;

describe.each(ways)('commands over $name', ({ options, ...way }) => {
  let driver: RedisDriver | undefined;

  /** What may wait at the server: of a driver, on a lease. */
  let waiting: Commands;

  beforeEach(async () => {
    client = new RedisClient({ host: server.host, port: server.port, ...options });
    driver = 'driver' in way ? toDriver(client) : undefined;
    commands = commandsOf(driver ?? client);
    waiting = driver === undefined ? commands : commandsOf(await driver.lease());
  });
  afterEach(() => driver?.close());

  it('strings', async () => {
    expect(await commands.set('k', 'v', { ex: 10, nx: true })).toBe('OK');
    expect(await commands.set('k', 'w', { nx: true })).toBeUndefined();
    expect(await commands.set('k', 'w', { get: true, keepTtl: true })).toBe('v');
    expect(await commands.ttl('k')).toBe(10);
    expect(await commands.get('k')).toBe('w');
    expect(await commands.get('nothing')).toBeUndefined();
    expect(await commands.set('nothing', 'w', { get: true, xx: true })).toBeUndefined();
    expect(await commands.getex('k', { persist: true })).toBe('w');
    expect(await commands.ttl('k')).toBe(-1);
    expect(await commands.append('k', 'xyz')).toBe(4);
    expect(await commands.strlen('k')).toBe(4);
    expect(await commands.getrange('k', 1, 2)).toBe('xy');
    expect(await commands.getdel('k')).toBe('wxyz');
    expect(await commands.setnx('k', 'v')).toBe(true);
    expect(await commands.setnx('k', 'v')).toBe(false);
    expect(await commands.setex('k', 100, 'v')).toBe('OK');
    expect(await commands.mset({ a: 1, b: 2 })).toBe('OK');
    expect(await commands.msetnx(new Map([['a', 'x']]))).toBe(false);
    expect(await commands.mget('a', 'none', 'b')).toEqual(['1', undefined, '2']);
  });

  it('counters, exactly', async () => {
    expect(await commands.incr('n')).toBe(1);
    expect(await commands.incrby('n', 9_007_199_254_740_993n)).toBe(9_007_199_254_740_994n);
    expect(await commands.decrby('n', 9_007_199_254_740_993n)).toBe(1);
    expect(await commands.decr('n')).toBe(0);
    expect(await commands.incrbyfloat('f', 0.5)).toBe(0.5);
  });

  it('keys', async () => {
    await commands.mset({ a: 1, b: 2, c: 3 });
    expect(await commands.exists('a', 'a', 'none')).toBe(2);
    expect(await commands.expire('a', 100, { nx: true })).toBe(true);
    expect(await commands.expire('a', 100, { nx: true })).toBe(false);
    expect(await commands.pexpire('a', 200_000, { gt: true })).toBe(true);
    expect(await commands.pttl('a')).toBeGreaterThan(100_000);
    expect(await commands.persist('a')).toBe(true);
    expect(await commands.type('a')).toBe('string');
    expect(await commands.type('none')).toBe('none');
    expect(await commands.rename('a', 'z')).toBe('OK');
    expect(await commands.renamenx('z', 'b')).toBe(false);
    expect(await commands.copy('z', 'b')).toBe(false);
    expect(await commands.copy('z', 'b', { replace: true })).toBe(true);
    expect((await commands.keys('*')).sort()).toEqual(['b', 'c', 'z']);
    const found = await commands.scan(0, { match: '[bc]', count: 1000, type: 'string' });
    expect(found).toMatchObject({ cursor: '0' });
    expect(found.items.sort()).toEqual(['b', 'c']);
    expect(await commands.del('b', 'none')).toBe(1);
    expect(await commands.unlink('c', 'z')).toBe(2);
  });

  it('hashes', async () => {
    expect(await commands.hset('h', { a: 1, b: 'two' })).toBe(2);
    expect(await commands.hset('h', new Map([['c', 3]]))).toBe(1);
    expect(await commands.hset('h', 'a', 5)).toBe(0);
    expect(await commands.hsetnx('h', 'a', 6)).toBe(false);
    expect(await commands.hget('h', 'a')).toBe('5');
    expect(await commands.hget('h', 'none')).toBeUndefined();
    expect(await commands.hmget('h', 'a', 'none')).toEqual(['5', undefined]);
    expect(await commands.hgetall('h')).toEqual(
      new Map([
        ['a', '5'],
        ['b', 'two'],
        ['c', '3'],
      ]),
    );
    expect(await commands.hgetall('none')).toEqual(new Map());
    expect(await commands.hincrby('h', 'a', 2)).toBe(7);
    expect(await commands.hincrbyfloat('h', 'a', 0.5)).toBe(7.5);
    expect(await commands.hexists('h', 'b')).toBe(true);
    expect(await commands.hkeys('h')).toEqual(['a', 'b', 'c']);
    expect(await commands.hvals('h')).toEqual(['7.5', 'two', '3']);
    expect(await commands.hscan('h', 0, { match: 'b' })).toEqual({
      cursor: '0',
      items: new Map([['b', 'two']]),
    });
    expect(await commands.hdel('h', 'a', 'none')).toBe(1);
    expect(await commands.hlen('h')).toBe(2);
  });

  it('lists', async () => {
    expect(await commands.rpush('l', 'a', 'b', 'c')).toBe(3);
    expect(await commands.lpush('l', 0)).toBe(4);
    expect(await commands.lrange('l', 0, -1)).toEqual(['0', 'a', 'b', 'c']);
    expect(await commands.llen('l')).toBe(4);
    expect(await commands.lindex('l', 1)).toBe('a');
    expect(await commands.lindex('l', 9)).toBeUndefined();
    expect(await commands.lpos('l', 'b')).toBe(2);
    expect(await commands.lpos('l', 'none')).toBeUndefined();
    expect(await commands.lset('l', 0, 'z')).toBe('OK');
    expect(await commands.linsert('l', 'AFTER', 'z', 'y')).toBe(5);
    expect(await commands.lrem('l', 0, 'y')).toBe(1);
    expect(await commands.ltrim('l', 0, 2)).toBe('OK');
    expect(await commands.lpop('l')).toBe('z');
    expect(await commands.rpop('l', 5)).toEqual(['b', 'a']);
    expect(await commands.lpop('l')).toBeUndefined();
    expect(await commands.lpop('l', 5)).toEqual([]);
    await commands.rpush('l', 'x', 'y');
    expect(await commands.lmove('l', 'm', 'LEFT', 'RIGHT')).toBe('x');
    expect(await waiting.blpop(['none', 'l'], 1)).toEqual(['l', 'y']);
    expect(await waiting.brpop('l', 0.01)).toBeUndefined();
    expect(await waiting.blmove('m', 'l', 'LEFT', 'LEFT', 1)).toBe('x');
  });

  it('sets', async () => {
    expect(await commands.sadd('s', 'a', 'b', 'c')).toBe(3);
    expect(await commands.smembers('s')).toEqual(new Set(['a', 'b', 'c']));
    expect(await commands.smembers('none')).toEqual(new Set());
    expect(await commands.sismember('s', 'a')).toBe(true);
    expect(await commands.smismember('s', 'a', 'none')).toEqual([true, false]);
    expect(await commands.smove('s', 't', 'a')).toBe(true);
    expect(await commands.sinter('s', 't')).toEqual(new Set());
    expect(await commands.sunion('s', 't')).toEqual(new Set(['a', 'b', 'c']));
    expect(await commands.sdiff('s', 't')).toEqual(new Set(['b', 'c']));
    expect((await commands.sscan('t', 0)).items).toEqual(['a']);
    expect(await commands.srem('s', 'b', 'none')).toBe(1);
    expect(await commands.srandmember('s')).toBe('c');
    expect(await commands.scard('s')).toBe(1);
    expect(await commands.spop('s')).toBe('c');
    expect(await commands.spop('s')).toBeUndefined();
  });

  it('sorted sets', async () => {
    expect(
      await commands.zadd('z', [
        [1, 'a'],
        [2.5, 'b'],
        ['inf', 'c'],
      ]),
    ).toBe(3);
    expect(await commands.zadd('z', 2, 'a', { xx: true, ch: true })).toBe(1);
    expect(await commands.zadd('z', [['-inf', 'd']], { nx: true })).toBe(1);
    expect(await commands.zscore('z', 'c')).toBe(Number.POSITIVE_INFINITY);
    expect(await commands.zscore('z', 'none')).toBeUndefined();
    expect(await commands.zmscore('z', 'b', 'none', 'd')).toEqual([2.5, undefined, Number.NEGATIVE_INFINITY]);
    expect(await commands.zincrby('z', 0.25, 'b')).toBe(2.75);
    expect(await commands.zrange('z', 0, -1)).toEqual(['d', 'a', 'b', 'c']);
    expect(
      await commands.zrange('z', '+inf', '(-inf', {
        byScore: true,
        rev: true,
        limit: [1, 5],
        withScores: true,
      }),
    ).toEqual([
      ['b', 2.75],
      ['a', 2],
    ]);
    expect(await commands.zrank('z', 'a')).toBe(1);
    expect(await commands.zrevrank('z', 'a')).toBe(2);
    expect(await commands.zrank('z', 'none')).toBeUndefined();
    expect(await commands.zcount('z', 2, 3)).toBe(2);
    expect((await commands.zscan('z', 0, { match: 'a' })).items).toEqual([['a', 2]]);
    expect(await commands.zpopmin('z')).toEqual([['d', Number.NEGATIVE_INFINITY]]);
    expect(await commands.zpopmax('z', 2)).toEqual([
      ['c', Number.POSITIVE_INFINITY],
      ['b', 2.75],
    ]);
    expect(await commands.zpopmin('none')).toEqual([]);
    expect(await commands.zremrangebyscore('z', 5, 6)).toBe(0);
    expect(await commands.zremrangebyrank('z', 0, 0)).toBe(1);
    expect(await commands.zrem('z', 'a')).toBe(0);
    expect(await commands.zcard('z')).toBe(0);
  });

  it('streams', async () => {
    expect(await commands.xadd('x', '1-1', { a: 1 }, { noMkStream: true })).toBeUndefined();
    expect(await commands.xadd('x', '1-1', { a: 1, b: 2 })).toBe('1-1');
    expect(await commands.xadd('x', '2-1', [['a', 3]], { maxLen: 10, approximate: true, limit: 5 })).toBe(
      '2-1',
    );
    const first = {
      id: '1-1',
      fields: new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
    };
    const second = { id: '2-1', fields: new Map([['a', '3']]) };
    expect(await commands.xrange('x', '-', '+')).toEqual([first, second]);
    expect(await commands.xrevrange('x', '+', '-', { count: 1 })).toEqual([second]);
    expect(await commands.xread({ x: '1-1', y: 0 })).toEqual(new Map([['x', [second]]]));
    expect(await commands.xread({ x: '9' })).toEqual(new Map());
    expect(await waiting.xread({ x: '9' }, { block: 1 })).toEqual(new Map());
    expect(await commands.xgroupCreate('x', 'g', '0', { mkStream: true })).toBe('OK');
    expect(await commands.xreadgroup('g', 'me', { x: '>' }, { count: 1 })).toEqual(new Map([['x', [first]]]));
    expect(await commands.xdel('x', '1-1')).toBe(1);
    expect(await commands.xreadgroup('g', 'me', { x: '0' })).toEqual(
      new Map([['x', [{ id: '1-1', fields: undefined }]]]),
    );
    await commands.xreadgroup('g', 'me', { x: '>' });
    expect(await commands.xautoclaim('x', 'g', 'you', 0, '0', { count: 10 })).toEqual({
      cursor: '0-0',
      entries: [second],
      deleted: ['1-1'],
    });
    expect(await commands.xack('x', 'g', '2-1')).toBe(1);
    expect(await commands.xgroupDestroy('x', 'g')).toBe(true);
    expect(await commands.xtrim('x', { maxLen: 0 })).toBe(1);
    expect(await commands.xlen('x')).toBe(0);
  });

  it('scripts and publish', async () => {
    expect(await commands.eval('return {KEYS[1], ARGV[1]}', ['k'], [5])).toEqual(['k', '5']);
    const sha = await commands.scriptLoad('return 7');
    expect(await commands.evalsha(sha)).toBe(7);
    expect(await commands.scriptExists(sha, 'f'.repeat(40))).toEqual([true, false]);
    await commands.functionLoad("#!lua name=lib\nredis.register_function('f', function() return 9 end)");
    expect(await commands.fcall('f')).toBe(9);
    await commands.functionDelete('lib');
    expect(await commands.publish('channel', 'message')).toBe(0);
    expect(await commands.spublish('channel', 'message')).toBe(0);
  });

  it('any other command, with its words', async () => {
    expect(await commands.ping('hello')).toBe('hello');
    expect(await commands.bitcount('none')).toBe(0);
    expect(await commands.clientGetname()).toBeNull();
    expect(await commands.clientNoEvict('off')).toBe('OK');
    await expect(commands.multi()).rejects.toMatchObject({ code: 'COMMAND_REFUSED' });
    const { setbit, objectEncoding } = commands;
    expect(await setbit<number>('bits', 7, 1)).toBe(0);
    expect(await objectEncoding('bits')).toBe('raw');
  });

  it('refuses unknown options and what excludes each other, before anything is sent', async () => {
    await expect(commands.set('k', 'v', { EX: 5 } as never)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      option: 'EX',
      message: 'EX is not an option of SET; use ex, px, exAt, pxAt, keepTtl, nx, xx, get',
    });
    await expect(commands.xtrim('x', { maxlen: 5 } as never)).rejects.toMatchObject({ option: 'maxlen' });
    await expect(commands.xtrim('x', { maxLen: 5, minId: '1' })).rejects.toMatchObject({ option: 'minId' });
    await expect(commands.xadd('x', '*', { a: 1 }, { limit: 1 })).rejects.toMatchObject({ option: 'limit' });
    expect(await commands.exists('k', 'x')).toBe(0);
  });
});

describe('bytes', () => {
  it('gives bytes where there is text, and text where there are ids and types', async () => {
    client = new RedisClient({ host: server.host, port: server.port });
    const bytes = commandsOf(client, { replies: 'bytes' });
    const binary = new Uint8Array([0xff, 0, 0x80]);
    await bytes.set('k', binary);
    expect(new Uint8Array((await bytes.get('k')) as Uint8Array)).toEqual(binary);
    expect(await bytes.set('k', binary)).toBe('OK');
    expect(await bytes.type('k')).toBe('string');
    expect(await bytes.xadd('x', '1-1', { a: binary })).toBe('1-1');
    expect([...(await bytes.xread({ x: 0 })).keys()]).toEqual(['x']);
    expect(await bytes.zadd('z', 1.5, binary)).toBe(1);
    const [[member, score] = []] = await bytes.zrange('z', 0, 0, { withScores: true });
    expect([new Uint8Array(member as Uint8Array), score]).toEqual([binary, 1.5]);
  });
});

describe('a facade', () => {
  it('passes a signal and a deadline on to its calls', async () => {
    client = new RedisClient({ host: server.host, port: server.port });
    const quits = new AbortController();
    const waiting = commandsOf(client, { signal: quits.signal }).blpop('none', 0);
    await client.call('PING');
    quits.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('works on an exclusive connection', async () => {
    client = new RedisClient({ host: server.host, port: server.port });
    const id = await client.withConnection(async (session) => {
      const own = commandsOf(session);
      await own.watch('k');
      expect(await own.clientSetname('mine')).toBe('OK');
      return own.clientGetname<string>();
    });
    expect(id).toBe('mine');
  });
});
