import { describe, expect, it } from 'vitest';
import { startReplication } from '../src/index.js';

describe('startReplication', () => {
  it('copies every write to the replicas, over TLS and with users too', async () => {
    await using group = await startReplication({
      replicas: 2,
      server: { tls: { authClients: 'yes' }, users: { default: 'off' } },
    });
    const { master, replicas } = group;
    await master.command('SET', 'a', '1');
    expect(await master.command('WAIT', '2', '5000')).toBe(2);
    for (const replica of replicas) {
      expect(await replica.command('GET', 'a')).toBe('1');
      await expect(replica.command('SET', 'a', '2')).rejects.toMatchObject({ code: 'READONLY' });
    }
  });

  it('leaves nothing running when one of the servers does not start', async () => {
    const failure = startReplication({ server: { config: ['no-such-directive 1'] } });
    await expect(failure).rejects.toMatchObject({ code: 'START_FAILED' });
  });
});
