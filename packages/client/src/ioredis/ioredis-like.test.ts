import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis5';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { RedisClient } from '../client.js';
import type { RedisDriver } from '../driver.js';
import { ioredisDriver } from './ioredis-driver.js';
import { type IoredisCluster, type IoredisRedis, isCluster, isIoredis } from './ioredis-like.js';

const lazy = { lazyConnect: true };

describe('types', () => {
  it('are those of both versions', () => {
    expectTypeOf<Redis>().toExtend<IoredisRedis>();
    expectTypeOf<Redis<'resp3'>>().toExtend<IoredisRedis>();
    expectTypeOf<Cluster>().toExtend<IoredisCluster>();
    expectTypeOf<Redis5>().toExtend<IoredisRedis>();
    expectTypeOf<Cluster5>().toExtend<IoredisCluster>();
    expectTypeOf(ioredisDriver).parameter(0).toEqualTypeOf<IoredisRedis | IoredisCluster>();
    expectTypeOf(ioredisDriver).returns.toEqualTypeOf<RedisDriver>();
  });

  it('are those of nothing else', () => {
    expectTypeOf<RedisClient>().not.toExtend<IoredisRedis>();
    expectTypeOf<string>().not.toExtend<IoredisRedis>();
    expectTypeOf<{ status: string; options: object }>().not.toExtend<IoredisRedis>();
  });
});

it.each([
  ['Redis of 6', new Redis(lazy), false],
  ['Redis of 5', new Redis5(lazy), false],
  ['Cluster of 6', new Cluster([{ port: 1 }], lazy), true],
  ['Cluster of 5', new Cluster5([{ port: 1 }], lazy), true],
])('knows a %s', (_, instance, cluster) => {
  expect(isIoredis(instance)).toBe(true);
  expect(isCluster(instance)).toBe(cluster);
});

it.each([null, undefined, 'redis://localhost', {}, { status: 'ready', options: {}, duplicate: () => null }])(
  'does not take %j for one',
  (value) => {
    expect(isIoredis(value)).toBe(false);
  },
);

it('does not take a RedisClient for one', async () => {
  await using client = new RedisClient();
  expect(isIoredis(client)).toBe(false);
});
