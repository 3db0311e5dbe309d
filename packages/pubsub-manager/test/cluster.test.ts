import { type Cluster as Nodes, startCluster } from '@redlane/redis-server';
import { Cluster } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ClientType, type PubSubGap, RedisManager, type RedisPubSubClient } from '../src/index.js';
import { Heard } from './support/heard.js';

let nodes: Nodes;
beforeAll(async () => {
  nodes = await startCluster();
});
afterAll(() => nodes.stop());

let client: RedisPubSubClient<Cluster>;
beforeEach(async () => {
  const native = new Cluster(
    nodes.nodes.map(({ host, port }) => ({ host, port })),
    { lazyConnect: true },
  );
  const manager = new RedisManager();
  client = await manager.openRedisClient(ClientType.PUB_SUB, native);
  return async () => {
    await manager.close();
    native.disconnect();
  };
});

it('channels and patterns reach over nodes', async () => {
  const heard = new Heard();
  await client.registerListener(heard.listener, 'news');
  await client.registerPatternListener(heard.listener, 'user:*');
  for (const node of nodes.nodes) await node.command('PUBLISH', 'news', 'n');
  for (const node of nodes.nodes) await node.command('PUBLISH', 'user:1', 'u');
  await heard.count(6);
  expect([...heard.messages].sort()).toEqual([...Array(3).fill('news: n'), ...Array(3).fill('user:1: u')]);
});

it('shard channels are where their slots are', async () => {
  const heard = new Heard();
  const channels = Array.from({ length: 12 }, (_, i) => `shard:${i}`);
  const listeners = await Promise.all(
    channels.map((name) => client.registerShardListener(heard.listener, name)),
  );
  for (const name of channels) expect(await client.publishSharded(name, name)).toBe(1);
  await heard.count(channels.length);
  expect([...heard.messages].sort()).toEqual(channels.map((name) => `${name}: ${name}`).sort());
  await Promise.all(listeners.map((listener) => listener.unregister()));
  for (const name of channels) expect(await client.publishSharded(name, name)).toBe(0);
});

it('durable messages of any channel are in one slot each, and come once and in order', async () => {
  const gaps: PubSubGap[] = [];
  client.on('gap', (gap) => gaps.push(gap));
  for (const channel of ['news', '{a}:b', 'a}b{']) {
    const heard = new Heard();
    await client.publishDurable(channel, '1');
    await client.registerListener(heard.listener, channel, { replay: true });
    await client.publishDurable(channel, '2');
    await heard.count(2);
    expect(heard.messages).toEqual([`${channel}: 1`, `${channel}: 2`]);
  }
  expect(gaps).toEqual([]);
});
