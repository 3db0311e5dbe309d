import { toDriver } from '@redlane/client/driver';
import { type Cluster, startCluster } from '@redlane/redis-server';
import { Cluster as IoredisCluster } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Message, RedisSSEChannelRepository, SSEChannel } from '../src/index.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

it('channels in any slots of a cluster, with queues, and their deletion', async () => {
  const redis = new IoredisCluster(cluster.nodes.map(({ host, port }) => ({ host, port })));
  const driver = toDriver(redis);
  try {
    // Who still follows a log that is removed begins a new one.
    const repository = new RedisSSEChannelRepository(driver, { log: { lingerMs: 0 } });
    const { connectionsRepository } = repository;
    const ids = ['one', 'two', 'a}b', '{x}', 'three:four', 'é'];
    for (const channelId of ids) {
      const channel = new SSEChannel({ channelId, connectionsRepository });
      const popping = new SSEChannel({ channelId, connectionsRepository, delivery: 'pop' });
      await repository.persist(channel);
      const [bob, ann] = [await channel.addListener(), await channel.addListener()];
      for (const listener of [bob, ann]) listener.start();
      const events = channel.messageStream(bob);
      const first = events.next();
      await channel.dispatch(bob.id, new Message('m', 'only you'));
      await channel.broadcast(new Message('m', 'all'), { exclude: ann.id });
      expect((await first).value).toMatchObject({ data: 'only you' });
      expect((await events.next()).value).toMatchObject({ data: 'all' });
      expect(await channel.presence()).toEqual([bob.id]);
      await popping.broadcast(new Message('m', 'popped'));
      await popping.loadPersistedData();
      popping.getListener(ann.id).start();
      expect((await popping.deliverNext(ann.id)).payload).toBe('popped');
      await events.return?.();
      await channel.close();
      await popping.close();
    }
    const loaded: string[] = [];
    for await (const channel of repository.load()) loaded.push(channel.id);
    expect(loaded).toEqual([...ids].sort());
    for (const id of ids) await repository.delete(id);
    const left: string[] = [];
    for await (const key of driver.scan()) left.push(key);
    expect(left).toEqual([]);
  } finally {
    await driver.close();
    redis.disconnect();
  }
});
