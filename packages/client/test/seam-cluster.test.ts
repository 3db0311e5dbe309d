import { type Cluster as ClusterServers, startCluster } from '@redlane/redis-server';
import { Cluster } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toDriver } from '../src/client-driver/to-driver.js';
import { ListConsumer } from '../src/list-consumer/index.js';
import { StreamLog } from '../src/stream-log/index.js';
import { type OpenDriver, opened } from './support/seam-drivers.js';

describe('in a cluster', () => {
  let servers: ClusterServers;
  let one: OpenDriver;
  beforeAll(async () => {
    servers = await startCluster();
    const cluster = new Cluster(servers.nodes.map(({ host, port }) => ({ host, port })));
    one = opened(toDriver(cluster), () => cluster.disconnect());
  });
  afterAll(async () => {
    await one?.[Symbol.asyncDispose]();
    await servers?.stop();
  });

  // Of different masters.
  it.each(['{a}', '{b}', '{c}'])('a consumer of %s claims, waits, acks, and gives back', async (source) => {
    const { driver } = one;
    await using consumer = new ListConsumer(driver, { source, keys: `${source}:work`, replies: 'string' });
    const waiting = consumer.claim({ waitMs: 20_000 });
    await driver.send(['RPUSH', source, 'a', 'b']);
    const [a] = await waiting;
    expect(a?.raw).toBe('a');
    expect(await consumer.ack(a ?? [])).toBe(1);
    const heir = new ListConsumer(driver, { source, keys: `${source}:work`, replies: 'string' });
    await heir.claim();
    await heir.close();
    expect(await consumer.claim({ waitMs: 20_000 })).toMatchObject([{ raw: 'b', deliveries: 2 }]);
    expect(await consumer.stats()).toMatchObject({ waiting: 0, inProcess: 1 });
  });

  it.each(['channel', 'shard'] as const)('a log is followed and continued over a %s', async (publish) => {
    const { driver } = one;
    for (const tag of ['a', 'b', 'c']) {
      await using log = new StreamLog(driver, { keys: `${publish}:{${tag}}`, publish, replies: 'string' });
      const reader = log.open(undefined, { target: 'x' });
      const { value: open } = await reader.next();
      expect(open?.type).toBe('open');
      await log.append({ text: 'for y' }, { target: 'y' });
      await log.append({ text: 'for x' }, { target: 'x' });
      await log.append({ text: 'for all' }, { idempotencyKey: 'once' });
      for (const each of [reader, log.open(open?.position, { target: 'x' })]) {
        const texts: unknown[] = [];
        for await (const event of each) {
          if (event.type === 'entry') texts.push(event.data);
          if (texts.length === 2) break;
        }
        expect(texts).toEqual([{ text: 'for x' }, { text: 'for all' }]);
      }
      await log.remove();
    }
  });
});
