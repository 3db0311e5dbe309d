import { startFaultProxy, startReplication } from '@redlane/redis-server';
import { describe, expect, it } from 'vitest';
import { checkExecuted } from './support/executed.js';
import { FakeServer } from './support/fake-server.js';
import { withSeed } from './support/seed.js';
import { clientOf, testServer } from './support/test-server.js';

const server = await testServer();

it('executes nothing twice, and says truthfully what may have been executed', async () => {
  await withSeed((seed) => checkExecuted({ server, seed, commands: 5_000, reconnects: 15 }));
});

describe('a reply that was cut off', () => {
  it.each([
    ['safe', 'INCR', 'lost', '1'],
    ['never', 'INCR', 'lost', '1'],
    ['always', 'INCR', 2, '2'],
    ['safe', 'GET', '0', '0'],
    ['never', 'GET', 'lost', '0'],
    ['always', 'GET', '0', '0'],
  ] as const)('with policy %s, %s gives %s', async (retry, command, outcome, value) => {
    await server.command('SET', 'n', '0');
    await using proxy = await startFaultProxy({ target: server });
    await using client = clientOf(proxy);
    await client.connect();
    for (const connection of proxy.connections)
      connection.set({ cutAfter: { bytes: 0, by: 'FIN' } }, 'toClient');
    const call = client.with({ retry }).call(command, 'n');
    if (outcome === 'lost') {
      await expect(call).rejects.toMatchObject({
        code: 'CONNECTION_LOST',
        maybeExecuted: true,
        phase: 'written',
      });
    } else expect(await call).toBe(outcome);
    expect(await server.command('GET', 'n')).toBe(value);
  });

  it.each(['safe', 'never', 'always'] as const)(
    'with policy %s, what was not written is sent',
    async (retry) => {
      await using proxy = await startFaultProxy({ target: server });
      await using client = clientOf(proxy, { retry });
      await client.connect();
      // More than the socket takes at once: the last ones are still waiting.
      proxy.set({ stalled: true }, 'toServer');
      const large = 'x'.repeat(8 * 1024 * 1024);
      const calls = Promise.allSettled([
        client.call('SET', 'a', large),
        client.call('SET', 'b', large),
        client.call('SET', 'c', large),
        client.call('INCR', 'n'),
      ]);
      await expect.poll(() => client.metrics().inFlight).toBeGreaterThan(0);
      expect(client.metrics().queued).toBeGreaterThan(0);
      await proxy.restore();
      proxy.cut('RST');
      const outcomes = await calls;
      expect(outcomes[0]?.status).toBe(retry === 'always' ? 'fulfilled' : 'rejected');
      expect(outcomes[3]).toEqual({ status: 'fulfilled', value: 1 });
    },
  );
});

describe('a command that the server turned down', () => {
  it('leads to a new connection when the server has become a replica, and is sent again', async () => {
    await using replication = await startReplication();
    const [replica] = replication.replicas;
    if (replica === undefined) expect.fail('no replica');
    await using client = clientOf(replica);
    const first = await client.call('CLIENT', 'ID');
    const written = client.call('SET', 'a', '1');
    await expect.poll(() => client.metrics().lost).toBeGreaterThan(0);
    await replica.command('REPLICAOF', 'NO', 'ONE');
    expect(await written).toBe('OK');
    expect(await client.call('CLIENT', 'ID')).not.toBe(first);
    expect(await replica.command('GET', 'a')).toBe('1');
  });

  it('is reported as it is by policy never', async () => {
    await using replication = await startReplication();
    const [replica] = replication.replicas;
    if (replica === undefined) expect.fail('no replica');
    await using client = clientOf(replica, { retry: 'never' });
    await expect(client.call('SET', 'a', '1')).rejects.toMatchObject({
      code: 'READONLY',
      maybeExecuted: false,
    });
  });

  it('is sent again on the same connection while the server is loading', async () => {
    let asked = 0;
    await using fake = await FakeServer.start(([name]) =>
      name === 'SET' && ++asked < 4 ? '-LOADING Redis is loading the dataset in memory\r\n' : undefined,
    );
    await using client = clientOf(fake);
    expect(await client.call('SET', 'a', '1')).toBe('OK');
    expect(asked).toBe(4);
    expect(fake.connections).toBe(1);
  });

  it('ends at its deadline when that goes on', async () => {
    await using fake = await FakeServer.start(([name]) => (name === 'SET' ? '-LOADING\r\n' : undefined));
    await using client = clientOf(fake);
    await client.connect();
    // The time is over before it would be sent again.
    await expect(client.with({ timeoutMs: 45 }).call('SET', 'a', '1')).rejects.toMatchObject({
      code: 'TIMEOUT',
      maybeExecuted: false,
    });
    expect(client.metrics().pending).toBe(0);
  });

  it('is not sent again when it is a script, which may have written before', async () => {
    let asked = 0;
    await using fake = await FakeServer.start(([name]) => {
      if (name !== 'EVAL' && name !== 'FCALL') return undefined;
      asked++;
      return '-READONLY You can not write against a read only replica\r\n';
    });
    await using client = clientOf(fake);
    await expect(client.call('EVAL', 'return 1', 0)).rejects.toMatchObject({
      code: 'READONLY',
      maybeExecuted: true,
    });
    await expect(client.call('FCALL', 'f', 0)).rejects.toMatchObject({
      code: 'READONLY',
      maybeExecuted: true,
    });
    expect(asked).toBe(2);
  });

  it('does not keep a client from ending while the old connection owes replies', async () => {
    await using fake = await FakeServer.start(([name]) => {
      if (name === 'GET') return '';
      return name === 'SET' ? '-READONLY You can not write against a read only replica\r\n' : undefined;
    });
    const client = clientOf(fake, { timeoutMs: 0 });
    const written = client.call('SET', 'a', '1');
    const owed = client.call('GET', 'a');
    const outcomes = Promise.allSettled([written, owed]);
    await expect.poll(() => client.metrics().lost).toBeGreaterThan(0);
    client.destroy();
    expect(await outcomes).toMatchObject([
      { reason: { code: 'CLOSED', maybeExecuted: false } },
      { reason: { code: 'CLOSED', maybeExecuted: true } },
    ]);
  });

  it('is known not to have been executed when the script is unknown', async () => {
    await using client = clientOf(server);
    const sha = '0'.repeat(40);
    await expect(client.call('EVALSHA', sha, 0)).rejects.toMatchObject({
      code: 'NOSCRIPT',
      maybeExecuted: false,
    });
  });

  it.each(['MISCONF', 'OOM'])('is reported, not sent again, for %s', async (code) => {
    let asked = 0;
    await using fake = await FakeServer.start(([name]) => {
      if (name !== 'SET') return undefined;
      asked++;
      return `-${code} no\r\n`;
    });
    await using client = clientOf(fake);
    await expect(client.call('SET', 'a', '1')).rejects.toMatchObject({ code, maybeExecuted: false });
    expect(asked).toBe(1);
  });
});
