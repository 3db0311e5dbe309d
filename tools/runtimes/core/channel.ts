import assert from 'node:assert/strict';
import { RedisChannel } from '@redlane/channel';
import type { Checks } from './bed.js';
import { until } from './until.js';

export const channel: Checks = {
  'messages go both ways, in order': async (bed) => {
    await using driver = bed.client();
    await using client = new RedisChannel<string, { id: number }>(driver, bed.key('orders'), 'client');
    await using server = new RedisChannel<{ id: number }, string>(driver, bed.key('orders'), 'server');
    await client.sendMsg({ id: 1 });
    await client.sendMsgs([{ id: 2 }, { id: 3 }]);
    const seen: number[] = [];
    for await (const { id } of server.messages()) {
      await server.sendMsg(`order ${id}`);
      if (seen.push(id) === 3) break;
    }
    assert.deepEqual(seen, [1, 2, 3]);
    assert.equal(await client.recvLastMsg(), 'order 3');
    assert.equal(await client.recvMsg(), undefined);
  },

  'an aborted wait eats no message': async (bed) => {
    await using driver = bed.client();
    await using admin = bed.client();
    await using client = new RedisChannel(driver, bed.key('waits'), 'client');
    await using server = new RedisChannel(driver, bed.key('waits'), 'server');
    const stop = new AbortController();
    const wait = server.brecvMsg({ signal: stop.signal });
    await until(async () => /blocked_clients:[1-9]/.test(await admin.call<string>('INFO', 'clients')));
    stop.abort();
    await assert.rejects(wait, { code: 'ABORTED' });
    await client.sendMsg('kept');
    assert.equal(await server.brecvMsg({ timeoutMs: 5_000 }), 'kept');
  },

  'a wait goes on over a lost connection': async (bed) => {
    await using driver = bed.client();
    await using admin = bed.client();
    await using client = new RedisChannel(admin, bed.key('lost'), 'client');
    await using server = new RedisChannel(driver, bed.key('lost'), 'server');
    const wait = server.brecvMsg({ timeoutMs: 10_000 });
    await until(async () => /blocked_clients:[1-9]/.test(await admin.call<string>('INFO', 'clients')));
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await client.sendMsg('after');
    assert.equal(await wait, 'after');
  },

  'reliable: what is not acked comes again': async (bed) => {
    await using driver = bed.client();
    await using jobs = new RedisChannel<never, number>(driver, bed.key('jobs'), 'client');
    await using worker = new RedisChannel<number, never, true>(driver, bed.key('jobs'), 'server', {
      reliable: true,
    });
    await jobs.sendMsg(7);
    const first = await worker.brecvMsg(5);
    assert.deepEqual([first?.data, first?.deliveries], [7, 1]);
    await first?.nack();
    const second = await worker.brecvMsg(5);
    assert.deepEqual([second?.data, second?.deliveries], [7, 2]);
    assert.equal(await second?.ack(), true);
    assert.equal(await worker.recvMsg(), undefined);
  },

  'requests are answered, and errors come back': async (bed) => {
    await using driver = bed.client();
    await using client = new RedisChannel<number, number[]>(driver, bed.key('sum'), 'client', {
      envelope: true,
    });
    await using server = new RedisChannel<number[], number>(driver, bed.key('sum'), 'server', {
      envelope: true,
    });
    server.serve((numbers) => {
      if (numbers.length === 0) throw new RangeError('nothing to add');
      return numbers.reduce((sum, n) => sum + n, 0);
    });
    assert.equal(await client.request([1, 2, 3], { timeoutMs: 5_000 }), 6);
    await assert.rejects(client.request([], { timeoutMs: 5_000 }), { message: /nothing to add/ });
  },
};
