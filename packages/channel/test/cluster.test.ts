import { RedisChannel } from '@redlane/channel';
import { startCluster } from '@redlane/redis-server';
import { Cluster } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';

let nodes: Awaited<ReturnType<typeof startCluster>>;
let cluster: Cluster;
beforeAll(async () => {
  nodes = await startCluster();
  cluster = new Cluster(nodes.nodes.map(({ host, port }) => ({ host, port })));
});
afterAll(async () => {
  cluster?.disconnect();
  await nodes?.stop();
});

async function roundTrip(name: string, hashTag: boolean): Promise<void> {
  const options = { hashTag, envelope: true, maxLength: 100, expireMs: 60_000 } as const;
  await using c = new RedisChannel<number, number>(cluster, name, 'client', options);
  await using s = new RedisChannel<number, number, true>(cluster, name, 'server', {
    ...options,
    reliable: true,
  });
  await c.sendMsgs([1, 2, 3]);
  const [one, two] = await s.recvMsgs(2);
  expect([one?.data, two?.data]).toEqual([1, 2]);
  await one?.nack({ requeue: false });
  await two?.ack();
  expect((await s.recvLastMsg())?.data).toBe(3);
  expect(await s.stats()).toMatchObject({ inProcess: 1, deadLetters: 1 });
  s.serve((n) => n + 1);
  expect(await c.request(41)).toBe(42);
  await s.sendMsg(5);
  expect(await c.brecvMsg(5)).toBe(5);
  expect(await c.recvLastMsg()).toBeUndefined();
}

it('works with all keys of a channel in one slot', async () => {
  await roundTrip('/orders/new', true);
  await using c = new RedisChannel(cluster, '/orders/new', 'client');
  expect(c.sendListName).toBe('/{orders/new}/client');
  expect(c.recvListName).toBe('/{orders/new}/server');
  // A tag of one's own stays.
  await using own = new RedisChannel(cluster, '/{eu}/orders', 'client');
  expect(own.sendListName).toBe('/{eu}/orders/client');
});

it('works with the names that Python has', async () => {
  await roundTrip('/plain', false);
  await using c = new RedisChannel(cluster, '/plain', 'client', { hashTag: false });
  expect(c.sendListName).toBe('/plain/client');
});

it('lists the channels of all masters, by the names they were given', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `/list/${i}`);
  for (const [i, name] of names.entries()) {
    await using c = new RedisChannel(cluster, name, 'client', { hashTag: i % 2 === 0 });
    await c.sendMsg(i);
  }
  await using c = new RedisChannel(cluster, '/list/0', 'client');
  expect(await c.listChannel('/list/')).toEqual(names.toSorted());
  expect(await c.listChannel('/')).toEqual(expect.arrayContaining(names));
  await c.destroyChannel();
  expect(await c.listChannel('/list/')).toHaveLength(19);
});
