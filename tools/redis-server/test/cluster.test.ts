import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../src/index.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ nodeTimeoutMs: 500 });
});
afterAll(() => cluster?.stop());

describe('startCluster', () => {
  it('spreads all slots over three masters', async () => {
    const [first] = cluster.nodes;
    const slots = await first!.command('CLUSTER', 'SLOTS');
    const ranges = (slots as [number, number, [string, number]][]).map(([from, to, [, port]]) => [
      from,
      to,
      port,
    ]);
    const [a, b, c] = cluster.nodes.map(({ port }) => port);
    expect(ranges.sort(([x = 0], [y = 0]) => x - y)).toEqual([
      [0, 5460, a],
      [5461, 10921, b],
      [10922, 16383, c],
    ]);
  });

  it('stores a key at one node, and every other node knows which', async () => {
    const slot = Number(await cluster.nodes[0]!.command('CLUSTER', 'KEYSLOT', 'foo'));
    const owner = cluster.nodes[Math.floor((slot * 3) / 16_384)]!;
    expect(await owner.command('SET', 'foo', 'bar')).toBe('OK');
    for (const other of cluster.nodes.filter((node) => node !== owner)) {
      await expect(other.command('GET', 'foo')).rejects.toThrow(`MOVED ${slot} 127.0.0.1:${owner.port}`);
    }
  });

  it('comes back after a node was gone', async () => {
    const node = cluster.nodes[2]!;
    await node.kill();
    await expect
      .poll(() => cluster.nodes[0]!.command('CLUSTER', 'INFO'), { timeout: 15_000 })
      .toContain('cluster_state:fail');
    await node.start();
    await expect
      .poll(() => cluster.nodes[0]!.command('CLUSTER', 'INFO'), { timeout: 15_000 })
      .toContain('cluster_state:ok');
  });

  it('refuses less than three masters', async () => {
    await expect(startCluster({ masters: 2 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
