import { type RedisServer, type Replication, startFaultProxy, startReplication } from '@redlane/redis-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Gap, RedisClient, type ServerAddress } from '../src/index.js';
import { FakeSentinel } from './support/fake-sentinel.js';
import { type FakeConnection, FakeServer } from './support/fake-server.js';

let replication: Replication;
let before: RedisServer;
let after: RedisServer;
let sentinel: FakeSentinel;
let client: RedisClient;

beforeEach(async () => {
  replication = await startReplication();
  before = replication.master;
  after = replication.replicas[0] as RedisServer;
  sentinel = await FakeSentinel.start(before);
  client = new RedisClient({ sentinels: [sentinel.address], reconnect: { minDelayMs: 1, maxDelayMs: 20 } });
  await client.connect();
});
afterEach(async () => {
  client.destroy();
  await sentinel[Symbol.asyncDispose]();
  await replication.stop();
});

/** The servers change their roles, and nobody closes a connection. */
async function swap(): Promise<void> {
  sentinel.master = after;
  await after.command('REPLICAOF', 'NO', 'ONE');
  await before.command('REPLICAOF', after.host, String(after.port));
}

const port = ['CONFIG', 'GET', 'port'] as const;

/** The port of the server that a pooled connection leads to. */
async function pooledPort(): Promise<number> {
  const config = await client.withConnection((session) => session.call<Map<string, string>>([...port]));
  return Number(config.get('port'));
}

describe('when the master has become a replica', () => {
  it('a write that it refuses is sent to the new master, and pooled connections follow', async () => {
    expect(await pooledPort()).toBe(before.port);
    await swap();
    expect(await client.call('INCR', 'n')).toBe(1);
    expect(client.port).toBe(after.port);
    expect(await after.command('GET', 'n')).toBe('1');
    expect(await pooledPort()).toBe(after.port);
  });

  it('a refusal on a pooled connection is as good', async () => {
    const session = client.withConnection(async (held) => {
      await swap();
      await expect(held.call('INCR', 'n')).rejects.toMatchObject({ code: 'READONLY', maybeExecuted: false });
      await expect.poll(() => client.port).toBe(after.port);
      return held.call('PING');
    });
    await expect(session).rejects.toMatchObject({ code: 'CONNECTION_LOST', maybeExecuted: false });
    expect(await pooledPort()).toBe(after.port);
  });

  it.each([
    [
      'pipeline',
      () =>
        client.pipeline([
          ['GET', 'n'],
          ['INCR', 'n'],
        ]),
    ],
    ['transaction', () => client.transaction([['INCR', 'n']]).catch(() => undefined)],
  ])('a refusal inside of a %s is as good', async (_, send) => {
    await swap();
    await send();
    await expect.poll(() => client.port).toBe(after.port);
    expect(await client.call('INCR', 'n')).toBe(1);
  });

  it('a transaction over watched keys is refused as not executed, and the next attempt succeeds', async () => {
    const attempt = client.update(['n'], async () => {
      await swap();
      return [['INCR', 'n']];
    });
    await expect(attempt).rejects.toMatchObject({ code: 'EXECABORT', maybeExecuted: false });
    expect(await client.update(['n'], () => [['INCR', 'n']])).toEqual([1]);
    expect(await after.command('GET', 'n')).toBe('1');
  });

  it('many refusals at once cost one connection', async () => {
    await swap();
    const calls = Array.from({ length: 200 }, (_, i) => client.call('SET', `k${i}`, 'v'));
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['OK']));
    expect(client.metrics().lost).toBe(1);
    expect(await after.command('DBSIZE')).toBe(200);
  });

  it.each([
    ['on the shared connection', {}],
    ['on a connection of their own', { subscriptions: 'dedicated' }],
    ['in RESP2', { protocol: 2 }],
  ] as const)('subscriptions %s are restored on the new master, with a gap', async (_, options) => {
    await using subscriber = new RedisClient({ ...options, sentinels: [sentinel.address] });
    const seen: string[] = [];
    const gaps: Gap[] = [];
    const onGap = (gap: Gap): unknown => gaps.push(gap);
    await subscriber.subscribe('news', ({ payload }) => seen.push(payload), { onGap });
    await before.command('PUBLISH', 'news', 'old');
    await expect.poll(() => seen).toEqual(['old']);
    await swap();
    // What is published on a replica reaches nobody else.
    expect(await subscriber.call('SET', 'k', 'v')).toBe('OK');
    await expect.poll(() => gaps).toMatchObject([{ topic: { channel: 'news' }, reason: 'connection' }]);
    expect(gaps[0]?.to).toBeGreaterThanOrEqual(gaps[0]?.from as number);
    await after.command('PUBLISH', 'news', 'new');
    await expect.poll(() => seen).toEqual(['old', 'new']);
    expect(await before.command('PUBSUB', 'NUMSUB', 'news')).toEqual(['news', 0]);
  });

  it('they are restored as well where an address is all that is known', async () => {
    let at: ServerAddress = before;
    await using subscriber = new RedisClient({ address: () => at, subscriptions: 'dedicated' });
    await subscriber.connect();
    await subscriber.subscribe('news', () => undefined);
    await swap();
    at = after;
    expect(await subscriber.call('SET', 'k', 'v')).toBe('OK');
    await expect.poll(() => after.command('PUBSUB', 'NUMSUB', 'news')).toEqual(['news', 1]);
  });

  it('a command that waits there is sent to the new master', async () => {
    const popped = client.call('BLPOP', 'list', 0);
    await expect.poll(() => before.command('INFO', 'clients')).toContain('blocked_clients:1');
    await swap();
    await expect.poll(() => after.command('INFO', 'clients')).toContain('blocked_clients:1');
    await after.command('RPUSH', 'list', 'x');
    expect(await popped).toEqual(['list', 'x']);
  });
});

describe('when a sentinel says that there is a new master', () => {
  beforeEach(() => expect.poll(() => sentinel.listeners).toBe(1));

  it('the client goes there before it has been refused anything', async () => {
    expect(await pooledPort()).toBe(before.port);
    await after.command('REPLICAOF', 'NO', 'ONE');
    sentinel.switchTo(after);
    await expect.poll(() => client.port).toBe(after.port);
    await client.status.until('ready');
    expect(await pooledPort()).toBe(after.port);
  });

  it('the old one may be silent: what waits there ends, reads are sent again, writes may have been executed', async () => {
    const popped = client.call('BLPOP', 'list', 0);
    await expect.poll(() => before.command('INFO', 'clients')).toContain('blocked_clients:1');
    await after.command('REPLICAOF', 'NO', 'ONE');
    await after.command('SET', 'read', 'me');
    before.pause();
    const written = client.call('INCR', 'n');
    const read = client.call('GET', 'read');
    const outcomes = Promise.allSettled([popped, written, read]);
    await expect.poll(() => client.metrics().inFlight).toBe(2);
    sentinel.switchTo(after);
    const lost = { status: 'rejected', reason: { code: 'CONNECTION_LOST', maybeExecuted: true } };
    expect(await outcomes).toMatchObject([lost, lost, { status: 'fulfilled', value: 'me' }]);
    before.resume();
  });

  it('the next attempt to connect does not wait for its time', async () => {
    await using down = await startFaultProxy({ target: before });
    sentinel.master = down;
    const reconnect = { minDelayMs: 600_000, maxDelayMs: 600_000 };
    await using patient = new RedisClient({ sentinels: [sentinel.address], reconnect });
    await patient.connect();
    await expect.poll(() => sentinel.listeners).toBe(2);
    await down.refuse('CLOSED');
    down.cut('RST');
    await expect.poll(() => patient.status.current).toMatchObject({ cause: { code: 'CONNECT_FAILED' } });
    await after.command('REPLICAOF', 'NO', 'ONE');
    sentinel.switchTo(after);
    await patient.status.until('ready');
  });

  it('a dial to the old one, which does not answer, is given up', async () => {
    await using hole = await startFaultProxy({ target: before });
    hole.set({ stalled: true });
    await using patient = new RedisClient({
      sentinels: [sentinel.address],
      connectTimeoutMs: 0,
      pool: { acquireTimeoutMs: 0 },
    });
    await patient.connect();
    await expect.poll(() => sentinel.listeners).toBe(2);
    sentinel.master = hole;
    const dialled = hole.waitForConnection();
    const pooled = patient.withConnection((session) => session.call('PING'));
    await dialled;
    await after.command('REPLICAOF', 'NO', 'ONE');
    sentinel.switchTo(after);
    expect(await pooled).toBe('PONG');
  });

  it('and it is the present one, nothing happens', async () => {
    sentinel.switchTo(before);
    await client.call('PING');
    expect(client.metrics().lost).toBe(0);
  });
});

it('what the old server says later does not cost the new connection', async () => {
  const refusal = '-READONLY You can not write against a read only replica\r\n';
  let late: FakeConnection | undefined;
  await using fake = await FakeServer.start(([name], connection) => {
    if (connection.number > 1 || name !== 'SET') return undefined;
    if (late !== undefined) return '';
    late = connection;
    return refusal;
  });
  await using plain = new RedisClient({ host: fake.host, port: fake.port });
  const calls = Promise.all([plain.call('SET', 'a', '1'), plain.call('SET', 'b', '1')]);
  await expect.poll(() => fake.connections).toBe(2);
  await plain.status.until('ready');
  late?.socket.write(refusal);
  expect(await calls).toEqual(['OK', 'OK']);
  expect(plain.metrics().lost).toBe(1);
});
