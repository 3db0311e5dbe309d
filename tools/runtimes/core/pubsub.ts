import assert from 'node:assert/strict';
import { ClientType, RedisManager } from '@redlane/pubsub-manager';
import type { Checks } from './bed.js';
import { until } from './until.js';

export const pubsub: Checks = {
  'listeners hear what is published, in order': async (bed) => {
    await using manager = new RedisManager();
    const client = await manager.openRedisClient(ClientType.PUB_SUB, bed.options);
    const heard: string[] = [];
    const listener = await client.registerListener((channel, message) => {
      heard.push(`${channel === bed.key('news')} ${message}`);
    }, bed.key('news'));
    await client.registerPatternListener((_, message) => {
      heard.push(`pattern ${message}`);
    }, bed.key('other*'));
    for (const message of ['1', '2', '3']) await client.publish(bed.key('news'), message);
    await client.publish(bed.key('other'), '4');
    await until(() => heard.length === 4);
    assert.deepEqual(heard, ['true 1', 'true 2', 'true 3', 'pattern 4']);
    await client.unregisterListener(listener);
    assert.equal(await client.publish(bed.key('news'), 'nobody'), 0);
  },

  'a lost connection is a gap, and durable messages fill it': async (bed) => {
    await using manager = new RedisManager();
    await using admin = bed.client();
    const options = { ...bed.options, reconnect: { minDelayMs: 1, maxDelayMs: 50 } };
    const client = await manager.openRedisClient(ClientType.PUB_SUB, options);
    const [heard, gaps]: [string[], string[]] = [[], []];
    client.on('gap', ({ channel }) => gaps.push(channel));
    await client.registerListener((_, message) => heard.push(message), bed.key('durable'), { replay: true });
    await client.publishDurable(bed.key('durable'), 'before');
    await until(() => heard.length === 1);
    await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await until(async () => {
      const pubsubs = await admin.call<string>('CLIENT', 'LIST', 'TYPE', 'pubsub');
      return pubsubs.trim() !== '';
    });
    await client.publishDurable(bed.key('durable'), 'after');
    await until(() => heard.length === 2);
    assert.deepEqual(heard, ['before', 'after']);
  },

  'commands are methods': async (bed) => {
    await using manager = new RedisManager();
    const client = await manager.openRedisClient(ClientType.COMMAND, bed.options);
    const { set, get } = client.getCommands();
    await set(bed.key('k'), 'v', { ex: 60 });
    assert.equal(await get(bed.key('k')), 'v');
  },
};
