import { type Cluster, type RedisServer, startServer } from '@redlane/redis-server';
import { expect } from 'vitest';

/** The node that has the slot of a key. */
export async function ownerOf({ nodes }: Cluster, key: string): Promise<RedisServer> {
  for (const node of nodes) {
    const found = await node.command('EXISTS', key).catch(() => undefined);
    if (found !== undefined) return node;
  }
  throw new Error(`no node has the slot of ${key}`);
}

/** The nodes that have not. */
export async function othersOf(cluster: Cluster, key: string): Promise<RedisServer[]> {
  const owner = await ownerOf(cluster, key);
  return cluster.nodes.filter((node) => node !== owner);
}

export interface Migration {
  readonly from: RedisServer;
  readonly to: RedisServer;
  /** Moves these keys. */
  move(...keys: readonly string[]): Promise<void>;
  /** The slot belongs to the new node from now on. */
  finish(): Promise<void>;
}

/** Begins to move the slot of a key to another node: until it is finished, keys that are not there are asked for there. */
export async function migrate(cluster: Cluster, key: string): Promise<Migration> {
  const from = await ownerOf(cluster, key);
  const [to] = await othersOf(cluster, key);
  if (to === undefined) throw new Error('there is no other node');
  const slot = String(await from.command('CLUSTER', 'KEYSLOT', key));
  const [fromId, toId] = await Promise.all(
    [from, to].map(async (node) => String(await node.command('CLUSTER', 'MYID'))),
  );
  await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId as string);
  await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId as string);
  return {
    from,
    to,
    move: async (...keys) => {
      await from.command('MIGRATE', to.host, String(to.port), '', '0', '1000', 'KEYS', ...keys);
    },
    finish: async () => {
      for (const node of [to, from, ...cluster.nodes])
        await node.command('CLUSTER', 'SETSLOT', slot, 'NODE', toId as string);
    },
  };
}

/** A replica of a node, which takes over when that is gone. */
export async function addReplica(cluster: Cluster, master: RedisServer): Promise<RedisServer> {
  const replica = await startServer({ mode: 'cluster', config: ['cluster-node-timeout 500'] });
  // All of them, which is quicker than waiting for gossip.
  for (const { host, port } of cluster.nodes) await replica.command('CLUSTER', 'MEET', host, String(port));
  const id = String(await master.command('CLUSTER', 'MYID'));
  await expect.poll(() => replica.command('CLUSTER', 'NODES'), { timeout: 10_000 }).toContain(id);
  await expect
    .poll(() => replica.command('CLUSTER', 'REPLICATE', id).catch(String), { timeout: 10_000 })
    .toBe('OK');
  await expect
    .poll(() => replica.command('INFO', 'replication'), { timeout: 10_000 })
    .toContain('master_link_status:up');
  // A replica that has never been sent anything is not told of.
  await master.command('FLUSHALL');
  for (const node of cluster.nodes) {
    await expect
      .poll(() => node.command('CLUSTER', 'SLOTS').then(JSON.stringify), { timeout: 10_000 })
      .toContain(`${replica.port}`);
  }
  return replica;
}
