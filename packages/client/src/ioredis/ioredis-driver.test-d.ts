import type { Cluster, Redis } from 'ioredis';
import type { Cluster as Cluster5, Redis as Redis5 } from 'ioredis5';
import { expectTypeOf, it } from 'vitest';
import type { RedisClient } from '../client.js';
import type { RedisDriver } from '../driver.js';
import { ioredisDriver } from './ioredis-driver.js';
import { type IoredisCluster, type IoredisRedis, isIoredis } from './ioredis-like.js';

it('takes what both versions of ioredis have', () => {
  expectTypeOf<Redis>().toExtend<IoredisRedis>();
  expectTypeOf<Redis<'resp3'>>().toExtend<IoredisRedis>();
  expectTypeOf<Cluster>().toExtend<IoredisCluster>();
  expectTypeOf<Redis5>().toExtend<IoredisRedis>();
  expectTypeOf<Cluster5>().toExtend<IoredisCluster>();
  expectTypeOf(ioredisDriver).parameter(0).toEqualTypeOf<IoredisRedis | IoredisCluster>();
  expectTypeOf(ioredisDriver).returns.toEqualTypeOf<RedisDriver>();
});

it('takes nothing else', () => {
  expectTypeOf<RedisClient>().not.toExtend<IoredisRedis>();
  expectTypeOf<string>().not.toExtend<IoredisRedis>();
  expectTypeOf<{ status: string }>().not.toExtend<IoredisRedis>();
});

it('tells it from other things', () => {
  const given = 'redis://localhost' as string | Redis;
  if (isIoredis(given)) expectTypeOf(given).toExtend<Redis>();
});
