import assert from 'node:assert/strict';
import { RedisClient } from '@redlane/vlcp-compat';
import type { Bed, Checks } from './bed.js';

const open = ({ servers: { url, protocol } }: Bed): RedisClient =>
  new RedisClient({ url, protocol: { protocol } });

export const vlcp: Checks = {
  'commands go over the connections that they belong on': async (bed) => {
    await using client = open(bed);
    await client.executeCommand('SET', bed.key('stock'), 3);
    const blocked = client.executeCommand('BLPOP', bed.key('queue'), 10);
    const [matcher] = await client.subscribe(bed.key('sold'));
    const sold = matcher?.wait();
    await client.executeCommand('PUBLISH', bed.key('sold'), 'one');
    assert.equal((await sold)?.message, 'one');
    await client.executeCommand('RPUSH', bed.key('queue'), 'x');
    assert.deepEqual(await blocked, [bed.key('queue'), 'x']);
    assert.equal(await client.executeCommand('GET', bed.key('stock')), '3');
  },

  'an exclusive connection keeps what is watched': async (bed) => {
    await using client = open(bed);
    const key = bed.key('watched');
    await using connection = (await client.getConnection()).context();
    await connection.executeCommand('WATCH', key);
    await client.executeCommand('SET', key, 'other');
    const replies = await connection.batchExecute(['MULTI'], ['SET', key, 'mine'], ['EXEC']);
    assert.equal(replies.at(-1), null);
    assert.equal(await client.executeCommand('GET', key), 'other');
  },

  'scripts are registered': async (bed) => {
    await using client = open(bed);
    const script = await client.registerScript("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    assert.equal(await client.evalRegistered<number>(script, 1, bed.key('counter'), 5), 5);
  },
};
