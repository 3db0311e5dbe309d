import { startCluster, startSentinel } from '@redlane/redis-server';
import { Cluster, Redis } from 'ioredis';
import { expect, it } from 'vitest';
import type { Gap, RedisDriver } from '../src/index.js';
import { ioredisDriver } from '../src/ioredis/index.js';
import { addReplica, ownerOf } from './support/cluster-slots.js';

const LIST = '{failover}:list';
const SHARD = '{failover}:shard';
const WITHIN = { timeout: 15_000 };

/** Something of everything that a driver does, before and after the loss of the master of `{failover}`. */
async function survives(driver: RedisDriver, loseMaster: () => Promise<unknown>): Promise<void> {
  const gaps: Gap[] = [];
  const heard = new Set<string>();
  const events: string[] = [];
  driver.on('down', () => events.push('down'));
  driver.on('ready', () => events.push('ready'));
  const hear = ({ payload }: { payload: string }): void => void heard.add(payload);
  await driver.subscribe({ shard: SHARD }, hear, { onGap: (gap) => gaps.push(gap) });
  await driver.subscribe({ channel: 'plain' }, hear);
  await driver.subscribe({ pattern: 'pla*' }, hear);
  const script = 'return redis.call("INCR", KEYS[1])';
  expect(await driver.run(script, ['{failover}:n'], [])).toBe(1);
  const held = await driver.lease({ key: LIST });
  const popped = held.send(['BLPOP', LIST, 0]);
  popped.catch(() => undefined);

  await loseMaster();

  await expect(popped).rejects.toMatchObject({ code: 'CONNECTION_LOST', maybeExecuted: true });
  await held[Symbol.asyncDispose]();
  await driver.send(['SET', '{failover}:n', 10], { timeoutMs: 15_000 });
  expect(await driver.run(script, ['{failover}:n'], [])).toBe(11);
  await using next = await driver.lease({ key: LIST, timeoutMs: 15_000 });
  const element = next.send(['BLPOP', LIST, 10]);
  await driver.send(['RPUSH', LIST, 'x']);
  expect(await element).toEqual([LIST, 'x']);
  await expect.poll(() => gaps, WITHIN).toHaveLength(1);
  await expect
    .poll(async () => {
      await driver.send(['SPUBLISH', SHARD, 'to the shard']);
      await driver.send(['PUBLISH', 'plain', 'to all']);
      return [...heard].sort();
    }, WITHIN)
    .toEqual(['to all', 'to the shard']);
  await expect.poll(() => events.at(-1), WITHIN).toBe('ready');
  expect(events).toContain('down');
}

it('goes on with the replica of a cluster’s master that is killed', async () => {
  await using cluster = await startCluster({ nodeTimeoutMs: 500 });
  const master = await ownerOf(cluster, LIST);
  await using _replica = await addReplica(cluster, master);
  const instance = new Cluster(
    cluster.nodes.map(({ host, port }) => ({ host, port })),
    { lazyConnect: true },
  );
  const driver = ioredisDriver(instance, { blockSliceMs: 500, blockingGraceMs: 500 });
  try {
    await survives(driver, () => master.kill());
  } finally {
    await driver.close();
  }
}, 60_000);

it('notices a master that is silent, and asks the sentinels again', async () => {
  await using group = await startSentinel();
  const sentinels = group.sentinels.map(({ host, port }) => ({ host, port }));
  const instance = new Redis({ sentinels, name: group.masterName, lazyConnect: true, connectTimeout: 500 });
  const driver = ioredisDriver(instance, {
    blockSliceMs: 300,
    blockingGraceMs: 300,
    pingIntervalMs: 300,
    silenceTimeoutMs: 300,
  });
  expect(driver.topology).toBe('sentinel');
  const old = await group.currentMaster();
  try {
    await survives(driver, async () => {
      old.pause();
      await expect.poll(() => group.currentMaster(), WITHIN).not.toBe(old);
    });
  } finally {
    old.resume();
    await driver.close();
  }
}, 60_000);
