import assert from 'node:assert/strict';
import { json, withSchema } from '@redlane/client/codec';
import { toDriver } from '@redlane/client/driver';
import { ListConsumer } from '@redlane/client/list-consumer';
import { StreamLog } from '@redlane/client/stream-log';
import type { Checks } from './bed.js';

/** The seam below the other packages, and the machinery that they share. */
export const driver: Checks = {
  'a driver has RESP2 shapes, whatever the wire': async (bed) => {
    await using client = bed.client();
    const seam = toDriver(client);
    await seam.send(['HSET', bed.key('hash'), 'a', 1]);
    assert.deepEqual(await seam.send(['HGETALL', bed.key('hash')]), ['a', '1']);
    const { aborted } = await seam.batch([['PING'], ['TIME']], { atomic: true });
    assert.equal(aborted, false);
    const keys: string[] = [];
    for await (const key of seam.scan({ match: bed.key('*') })) keys.push(key);
    assert.deepEqual(keys, [bed.key('hash')]);
    await seam.close();
  },

  'a lease can be cancelled and used again': async (bed) => {
    await using client = bed.client();
    const seam = toDriver(client);
    {
      await using lease = await seam.lease();
      const popped = lease.send(['BLPOP', bed.key('queue'), 5]);
      await lease.cancel();
      assert.equal(await popped, null);
      assert.equal(await lease.send(['PING']), 'PONG');
    }
    await seam.close();
  },

  'a log is read from where its reader was': async (bed) => {
    await using client = bed.client();
    const seam = toDriver(client);
    const log = new StreamLog(seam, { keys: `{${bed.key('log')}}`, replies: 'string' });
    const first = await log.append({ n: 'one' });
    await log.append({ n: 'two' });
    const seen: string[] = [];
    for await (const event of log.open(first.position)) {
      if (event.type !== 'entry') continue;
      const { n = '' } = event.data;
      seen.push(n);
      if (seen.length === 1) await log.append({ n: 'three' });
      else break;
    }
    assert.deepEqual(seen, ['two', 'three']);
    await log.remove();
    await log.close();
    await seam.close();
  },

  'a consumer gets again what it gives back': async (bed) => {
    await using client = bed.client();
    const seam = toDriver(client);
    const source = `{${bed.key('jobs')}}`;
    await client.call('RPUSH', source, 'a', 'b', 'c');
    const consumer = new ListConsumer(seam, { source, keys: `${source}:work`, replies: 'string' });
    const [first] = await consumer.claim();
    assert.equal(first?.raw, 'a');
    await consumer.nack(first);
    const again = await consumer.claim({ max: 2, waitMs: 1_000 });
    assert.deepEqual(
      again.map(({ raw, deliveries }) => [raw, deliveries]),
      [
        ['a', 2],
        ['b', 1],
      ],
    );
    await consumer.ack(again);
    await consumer.close();
    await seam.close();
  },

  'codecs check what they read': async () => {
    const even = {
      '~standard': {
        version: 1 as const,
        vendor: 'core',
        validate: (value: unknown) =>
          Number(value) % 2 === 0 ? { value: Number(value) } : { issues: [{ message: 'odd' }] },
      },
    };
    const codec = withSchema(json<number>(), even);
    assert.equal(await codec.decode('4'), 4);
    await assert.rejects(async () => codec.decode('3'), { code: 'DECODE_FAILED' });
    const numbers = json<unknown>({ python: true });
    assert.deepEqual(numbers.decode('[NaN, 12345678901234567890]'), [NaN, 12345678901234567890n]);
  },
};
