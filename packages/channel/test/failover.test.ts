import { RedisChannel } from '@redlane/channel';
import { type DriverSource, RedisClient } from '@redlane/client';
import { type SentinelGroup, startSentinel } from '@redlane/redis-server';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';

interface Way extends AsyncDisposable {
  readonly source: DriverSource;
}

const ways: readonly { readonly name: string; open(group: SentinelGroup): Way }[] = [
  {
    name: 'RedisClient',
    open: (group) => {
      const source = new RedisClient({ sentinels: placesOf(group), name: group.masterName });
      return { source, [Symbol.asyncDispose]: () => source.close() };
    },
  },
  {
    name: 'ioredis',
    open: (group) => {
      const source = new Redis({
        sentinels: placesOf(group),
        name: group.masterName,
        lazyConnect: true,
        sentinelRetryStrategy: () => 50,
        retryStrategy: () => 50,
      });
      source.on('error', () => undefined);
      return { source, [Symbol.asyncDispose]: () => Promise.resolve(source.disconnect()) };
    },
  },
];

function placesOf({ sentinels }: SentinelGroup): { host: string; port: number }[] {
  return sentinels.map(({ host, port }) => ({ host, port }));
}

describe.each(ways)('over $name', ({ open }) => {
  it('a wait goes on over a failover, and gets what is sent to the new master', async () => {
    await using group = await startSentinel();
    await using way = open(group);
    await using plain = new RedisChannel(way.source, '/plain', 'server');
    await using reliable = new RedisChannel(way.source, '/reliable', 'server', { reliable: true });
    const waits = [plain.brecvMsg({ timeoutMs: 60_000 }), reliable.brecvMsg({ timeoutMs: 60_000 })] as const;
    const old = await group.currentMaster();
    await expect.poll(() => old.command('INFO', 'clients')).toContain('blocked_clients:2');
    const master = await group.failover();
    await using c = new RedisChannel(master.port, '/plain', 'client');
    await using r = new RedisChannel(master.port, '/reliable', 'client');
    await c.sendMsg('after');
    await r.sendMsg('after');
    expect(await waits[0]).toBe('after');
    expect((await waits[1])?.data).toBe('after');
  }, 90_000);
});
