import { type RedisServer, type SentinelGroup, seededRandom, startSentinel } from '@redlane/redis-server';
import { expect, it } from 'vitest';
import { RedisClient } from '../src/index.js';
import { checkFailover } from './support/failover-load.js';
import { withSeed } from './support/seed.js';

/** The old master dies. */
const kill = (group: SentinelGroup): Promise<RedisServer> => group.failover();

/** It goes on as a replica. A sentinel gives such a failover up when another one interferes: then it is asked again. */
const plan = async (group: SentinelGroup): Promise<RedisServer> => {
  const old = await group.currentMaster();
  const [sentinel] = group.sentinels as [RedisServer];
  const ask = async () => {
    const state = ((await sentinel.command('SENTINEL', 'MASTER', group.masterName)) as string[]).join();
    if (!state.includes(`,port,${old.port},`)) return true;
    if (state.includes('failover_in_progress')) return false;
    await sentinel.command('SENTINEL', 'FAILOVER', group.masterName);
    return false;
  };
  await expect.poll(ask, { timeout: 60_000 }).toBe(true);
  return promoted(group, old);
};

/** It says nothing any more, and keeps its connections. */
const silence = async (group: SentinelGroup): Promise<RedisServer> => {
  const old = await group.currentMaster();
  old.pause();
  return promoted(group, old);
};

/** The new master, when every sentinel names it and it knows itself. */
async function promoted(group: SentinelGroup, old: RedisServer): Promise<RedisServer> {
  const next = [group.master, ...group.replicas].find((server) => server !== old) as RedisServer;
  const ask = ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', group.masterName];
  const agreed = async () => {
    const replies = await Promise.all(group.sentinels.map((sentinel) => sentinel.command(...ask)));
    const [role] = (await next.command('ROLE')) as string[];
    return role === 'master' && replies.every((reply) => String(reply) === `${next.host},${next.port}`);
  };
  await expect.poll(agreed, { timeout: 60_000 }).toBe(true);
  return next;
}

/** Brings the old master back as a replica, and waits until the next failover is possible. */
async function restore(group: SentinelGroup): Promise<void> {
  const master = await group.currentMaster();
  for (const server of [group.master, ...group.replicas]) {
    if (server.pid === undefined) await server.start();
    else server.resume();
    if (server === master) continue;
    const link = async () => (await server.command('INFO', 'replication'))?.toString();
    await expect.poll(link, { timeout: 60_000 }).toMatch(/role:slave[\s\S]*master_link_status:up/);
    for (const sentinel of group.sentinels) {
      const known = async () =>
        (await sentinel.command('SENTINEL', 'REPLICAS', group.masterName))?.toString();
      await expect.poll(known, { timeout: 60_000 }).toMatch(/,flags,slave,[\s\S]*,master-link-status,ok,/);
    }
  }
}

it('a client under load follows its master through twelve failovers of three kinds', async () => {
  await using group = await startSentinel();
  await withSeed(async (seed) => {
    const random = seededRandom(seed);
    const kinds = [kill, plan, silence, kill, plan, silence, kill, plan, silence, kill, plan, silence];
    for (const kind of kinds.toSorted(() => random() - 0.5)) {
      await checkFailover(group, () => kind(group));
      await restore(group);
    }
  });
});

it('with TLS and logins everywhere, a client follows its master', async () => {
  await using group = await startSentinel({
    server: { tls: true, password: 'server' },
    sentinel: { password: 'sentinel' },
  });
  const { tls } = group.master;
  await using client = new RedisClient({
    sentinels: group.sentinels.map(({ host, port }) => ({ host, port })),
    tls: { ...tls, servername: 'localhost' },
    password: 'server',
    sentinelTls: { ...tls, servername: 'localhost' },
    sentinelPassword: 'sentinel',
  });
  await client.call('SET', 'before', '1');
  const next = await group.failover();
  await client.call('SET', 'after', '1');
  expect(client.port).toBe(next.port);
  expect(await next.command('GET', 'after')).toBe('1');
});
