import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SentinelGroup, startSentinel } from '../src/index.js';

let group: SentinelGroup;
beforeAll(async () => {
  group = await startSentinel({ masterName: 'main', server: { password: 'secret' } });
});
afterAll(() => group?.stop());

describe('startSentinel', () => {
  it('starts sentinels that know the replica and each other', async () => {
    expect([group.replicas.length, group.sentinels.length]).toEqual([1, 3]);
    for (const sentinel of group.sentinels) {
      expect(await sentinel.command('SENTINEL', 'CKQUORUM', 'main')).toMatch(/^OK 3 usable Sentinels/);
      const replicas = await sentinel.command('SENTINEL', 'REPLICAS', 'main');
      expect(replicas).toHaveLength(1);
    }
    expect(await group.currentMaster()).toBe(group.master);
  });

  it('promotes the replica when the master is killed, and takes the old one back as a replica', async () => {
    const next = await group.failover();
    expect(next).toBe(group.replicas[0]);
    expect(await next.command('SET', 'a', '1')).toBe('OK');
    expect(await group.currentMaster()).toBe(next);
    await group.master.start();
    await expect
      .poll(() => group.master.command('ROLE'), { timeout: 15_000 })
      .toEqual(['slave', '127.0.0.1', next.port, 'connected', expect.any(Number)]);
  });
});
