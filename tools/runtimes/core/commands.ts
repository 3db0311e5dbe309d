import assert from 'node:assert/strict';
import { ReplyError } from '@redlane/client';
import { commandsOf } from '@redlane/client/commands';
import type { Checks } from './bed.js';
import { until } from './until.js';

/** The client's calls: one, many, all or nothing, with state, and until something happens. */
export const commands: Checks = {
  'a call gives its reply, as text and as bytes': async (bed) => {
    await using client = bed.client();
    const key = bed.key('value');
    assert.equal(await client.call('SET', key, Uint8Array.of(0, 255, 13, 10)), 'OK');
    const value = await client.with({ replies: 'bytes' }).call<Uint8Array>('GET', key);
    assert.deepEqual([...value], [0, 255, 13, 10]);
    assert.equal(await client.call('GET', bed.key('nothing')), null);
  },

  'megabytes and many calls of one tick come back in order': async (bed) => {
    await using client = bed.client();
    const large = 'größer '.repeat(300_000);
    const calls = Array.from({ length: 2_000 }, (_, i) => client.call('ECHO', i));
    assert.equal(await client.call('ECHO', large), large);
    assert.deepEqual(
      await Promise.all(calls),
      calls.map((_, i) => String(i)),
    );
  },

  'a pipeline has errors in their places': async (bed) => {
    await using client = bed.client();
    const key = bed.key('list');
    const [length, error, range] = await client.pipeline([
      ['RPUSH', key, 'a', 'b'],
      ['INCR', key],
      ['LRANGE', key, 0, -1],
    ]);
    assert.deepEqual([length, range], [2, ['a', 'b']]);
    assert.ok(error instanceof ReplyError);
    assert.deepEqual([error.code, error.command], ['WRONGTYPE', 'INCR']);
  },

  'a transaction is all or nothing': async (bed) => {
    await using client = bed.client();
    const key = bed.key('counter');
    const done = await client.transaction([
      ['INCR', key],
      ['INCRBY', key, 5],
    ]);
    assert.deepEqual(done, { aborted: false, replies: [1, 6] });
    const aborted = await client.withConnection(async (session) => {
      await session.call('WATCH', key);
      await client.call('SET', key, 100);
      return session.transaction([['INCR', key]]);
    });
    assert.deepEqual(aborted, { aborted: true });
    await client.update([key], async (session) => [['SET', key, Number(await session.call('GET', key)) + 1]]);
    assert.equal(await client.call('GET', key), '101');
  },

  'a script runs, by its digest and without': async (bed) => {
    await using client = bed.client();
    const script = `return {KEYS[1], ARGV[1], '${bed.key('')}'}`;
    for (let i = 0; i < 2; i++) {
      assert.deepEqual(await client.run(script, ['k'], ['v']), ['k', 'v', bed.key('')]);
    }
  },

  'a blocking command holds up nobody': async (bed) => {
    await using client = bed.client();
    const key = bed.key('queue');
    const popped = client.call('BLPOP', key, 10);
    assert.equal(await client.call('PING'), 'PONG');
    await client.call('RPUSH', key, 'x');
    assert.deepEqual(await popped, [key, 'x']);
  },

  'an abort of a blocking command loses nothing': async (bed) => {
    await using client = bed.client();
    await using admin = bed.client();
    const key = bed.key('queue');
    const stop = new AbortController();
    const popped = client.with({ signal: stop.signal }).call('BLPOP', key, 0);
    const name = `cmd=blpop`;
    await until(async () => (await admin.call<string>('CLIENT', 'LIST')).includes(name));
    stop.abort();
    await assert.rejects(popped, { code: 'ABORTED' });
    await admin.call('RPUSH', key, 'x');
    assert.equal(await client.call('LPOP', key), 'x');
  },

  'a deadline ends a wait': async (bed) => {
    await using client = bed.client();
    await using admin = bed.client();
    await admin.call('CLIENT', 'PAUSE', 150, 'ALL');
    await assert.rejects(client.with({ timeoutMs: 20 }).call('GET', 'x'), { code: 'TIMEOUT' });
    assert.equal(await client.call('PING'), 'PONG');
  },

  'every command is a method': async (bed) => {
    await using client = bed.client();
    const { hset, hgetall, zadd, zrange } = commandsOf(client);
    await hset(bed.key('hash'), { name: 'Ann', visits: 1 });
    assert.deepEqual(
      await hgetall(bed.key('hash')),
      new Map([
        ['name', 'Ann'],
        ['visits', '1'],
      ]),
    );
    await zadd(bed.key('scores'), [
      [1.5, 'ann'],
      [2, 'bob'],
    ]);
    assert.deepEqual(await zrange(bed.key('scores'), 0, -1, { withScores: true }), [
      ['ann', 1.5],
      ['bob', 2],
    ]);
  },
};
