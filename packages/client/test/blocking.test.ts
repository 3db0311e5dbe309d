import { startFaultProxy, startReplication, startServer } from '@redlane/redis-server';
import { describe, expect, it } from 'vitest';
import { ConnectionPool } from '../src/index.js';
import { clientOf, testServer, untilBlocked } from './support/test-server.js';

const server = await testServer();

/** Where a promise stands, without waiting for it. */
function standing(promise: Promise<unknown>): { state: string } {
  const standing = { state: 'pending' };
  promise.then(
    () => {
      standing.state = 'fulfilled';
    },
    () => {
      standing.state = 'rejected';
    },
  );
  return standing;
}

describe('limits', () => {
  it('count what waits at the server', async () => {
    await using client = clientOf(server, { limits: { commands: 2 } });
    const popped = [client.call('BLPOP', 'list', 0), client.call('BLPOP', 'list', 0)];
    await untilBlocked(server, 2);
    expect(client.metrics().pending).toBe(2);
    await expect(client.call('PING')).rejects.toMatchObject({ code: 'QUEUE_FULL', limit: 'commands' });
    await expect(client.call('BLPOP', 'list', 0)).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    await server.command('RPUSH', 'list', 'a', 'b');
    await Promise.all(popped);
    expect(await client.call('PING')).toBe('PONG');
    expect(client.metrics()).toMatchObject({ pending: 0, pendingBytes: 0 });
  });

  it('hold back what would wait, within the deadline of any command', async () => {
    await using client = clientOf(server, { limits: { commands: 1, policy: 'wait' } });
    const first = client.call('BLPOP', 'first', 0);
    await expect(client.with({ timeoutMs: 30 }).call('BLPOP', 'second', 0)).rejects.toMatchObject({
      code: 'TIMEOUT',
      phase: 'queued',
      timeoutMs: 30,
    });
    const second = client.call('BLPOP', 'second', 0);
    await untilBlocked(server, 1);
    await server.command('RPUSH', 'first', 'x');
    expect(await first).toEqual(['first', 'x']);
    await server.command('RPUSH', 'second', 'y');
    expect(await second).toEqual(['second', 'y']);
  });
});

describe('while there is no connection', () => {
  const reconnect = { minDelayMs: 1, maxDelayMs: 5 };

  it('a blocking command waits like any other', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await proxy.refuse('CLOSED');
    await using client = clientOf(proxy, { reconnect });
    const popped = client.call('BLPOP', 'list', 1);
    const borrowed = client.withConnection((session) => session.call('PING'));
    await expect.poll(() => client.metrics().pool.dialFailures).toBe(2);
    await expect.poll(() => client.metrics().lost).toBeGreaterThan(2);
    await proxy.accept();
    await server.command('RPUSH', 'list', 'x');
    expect(await Promise.all([popped, borrowed])).toEqual([['list', 'x'], 'PONG']);
  });

  it('until the time to wait for a connection is over', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await proxy.refuse('CLOSED');
    await using client = clientOf(proxy, { reconnect, pool: { acquireTimeoutMs: 60 } });
    await expect(client.call('BLPOP', 'list', 0)).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      maybeExecuted: false,
    });
    expect(client.metrics().lost).toBeGreaterThan(1);
    expect(client.metrics().pending).toBe(0);
  });

  it('or not at all when nothing is to be queued', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await proxy.refuse('CLOSED');
    await using client = clientOf(proxy, { reconnect, offlineQueue: false, pool: { acquireTimeoutMs: 0 } });
    await expect(client.call('BLPOP', 'list', 0)).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
    expect(client.metrics().pool.dialFailures).toBe(1);
  });

  it('and a signal ends the wait', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await proxy.refuse('CLOSED');
    await using client = clientOf(proxy, { reconnect, pool: { acquireTimeoutMs: 0 } });
    const controller = new AbortController();
    const popped = client.with({ signal: controller.signal }).call('BLPOP', 'list', 0);
    const failed = expect(popped).rejects.toMatchObject({ code: 'ABORTED', maybeExecuted: false });
    await expect.poll(() => client.metrics().lost).toBeGreaterThan(1);
    controller.abort();
    await failed;
  });
});

describe('a connection that is lost under a blocking command', () => {
  it('is replaced for one that only reads, which waits for what is left of its time', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using client = clientOf(proxy);
    const first = proxy.waitForCommand('XREAD', { forwarded: true });
    const read = client.call('XREAD', 'BLOCK', 60_000, 'STREAMS', 'stream', '$');
    await first;
    await untilBlocked(server);
    const second = proxy.waitForCommand('XREAD', { forwarded: true });
    proxy.cut('RST');
    const [, , left] = (await second).args;
    expect(Number(left)).toBeGreaterThan(30_000);
    expect(Number(left)).toBeLessThan(60_000);
    await untilBlocked(server);
    await server.command('XADD', 'stream', '1-1', 'field', 'value');
    expect(await read).toEqual(new Map([['stream', [['1-1', ['field', 'value']]]]]));
  });

  it('is the end of one that takes something, and may have', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using client = clientOf(proxy);
    const popped = client.call('BLPOP', 'list', 0);
    const failed = expect(popped).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      phase: 'written',
      maybeExecuted: true,
    });
    await untilBlocked(server);
    proxy.cut('RST');
    await failed;
  });
});

describe('a blocking command that the server turned down', () => {
  it('after it had waited is sent again, unless it must not be', async () => {
    await using client = clientOf(server);
    const ids = async (): Promise<string[]> =>
      [...String(await server.command('CLIENT', 'LIST')).matchAll(/^id=(\d+).* cmd=blpop/gm)].map(
        ([, id]) => id as string,
      );
    const popped = client.call('BLPOP', 'list', 0);
    await untilBlocked(server);
    const [first] = await ids();
    await server.command('CLIENT', 'UNBLOCK', first as string, 'ERROR');
    await expect.poll(ids).not.toEqual([first]);
    await untilBlocked(server);
    await server.command('RPUSH', 'list', 'x');
    expect(await popped).toEqual(['list', 'x']);

    const strict = client.with({ retry: 'never' }).call('BLPOP', 'list', 0);
    const failed = expect(strict).rejects.toMatchObject({ code: 'UNBLOCKED', maybeExecuted: false });
    await untilBlocked(server);
    const [second] = await ids();
    await server.command('CLIENT', 'UNBLOCK', second as string, 'ERROR');
    await failed;
  });

  it('because it is a replica is sent to it when it has become a master', async () => {
    await using replication = await startReplication();
    const [replica] = replication.replicas;
    if (replica === undefined) expect.fail('no replica');
    await using client = clientOf(replica);
    const popped = client.call('BLPOP', 'list', 0);
    await expect.poll(() => client.metrics().pool.destroyed).toBeGreaterThan(0);
    await replica.command('REPLICAOF', 'NO', 'ONE');
    await replica.command('RPUSH', 'list', 'x');
    expect(await popped).toEqual(['list', 'x']);
  });

  it('is given up in the end', async () => {
    await using replication = await startReplication();
    const [replica] = replication.replicas;
    if (replica === undefined) expect.fail('no replica');
    await using client = clientOf(replica, { pool: { acquireTimeoutMs: 1_000 } });
    await expect(client.call('BLPOP', 'list', 0)).rejects.toMatchObject({
      code: 'READONLY',
      maybeExecuted: false,
    });
  });
});

describe('close()', () => {
  it('ends what waits at the server, which loses nothing, and gives a foreign pool its connections back', async () => {
    await using connectionPool = new ConnectionPool(server.host, server.port);
    const client = clientOf(server, { connectionPool });
    const popped = client.call('BLPOP', 'list', 0);
    const inSession = client.withConnection((session) => session.call('BLPOP', 'list', 0));
    const outcomes = Promise.allSettled([popped, inSession]);
    const now = standing(outcomes);
    await untilBlocked(server, 2);
    await client.close({ deadlineMs: 1_000 });
    expect(now.state).toBe('fulfilled');
    const ended = { status: 'rejected', reason: { code: 'CLOSED', maybeExecuted: false } };
    expect(await outcomes).toMatchObject([ended, ended]);
    expect(connectionPool.metrics()).toMatchObject({ inUse: 0, idle: 2, destroyed: 0 });
    await server.command('RPUSH', 'list', 'x');
    expect(await server.command('LLEN', 'list')).toBe(1);
  });

  it('closes the connections of what cannot be ended, and of sessions that go on', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using connectionPool = new ConnectionPool(proxy.host, proxy.port);
    const client = clientOf(proxy, { connectionPool });
    const popped = client.call('BLPOP', 'list', 0);
    const session = client.withConnection(async (own) => {
      await own.call('PING');
      await client.status.until('closed');
      return own.call('PING');
    });
    const outcomes = Promise.allSettled([popped, session]);
    const now = standing(outcomes);
    await untilBlocked(server);
    await expect.poll(() => connectionPool.metrics().inUse).toBe(2);
    proxy.set({ stalled: true }, 'toClient');
    await client.close({ deadlineMs: 100 });
    await expect.poll(() => now.state).toBe('fulfilled');
    expect(await outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'CLOSED', maybeExecuted: true } },
      { status: 'rejected', reason: { code: 'CLOSED', maybeExecuted: false } },
    ]);
    expect(connectionPool.metrics()).toMatchObject({ size: 0 });
  });

  it('ends the wait for a connection, too', async () => {
    await using connectionPool = new ConnectionPool(server.host, server.port, { maxConnections: 1 });
    const client = clientOf(server, { connectionPool });
    const held = await connectionPool.waitForConnection();
    const popped = client.call('BLPOP', 'list', 0);
    const session = client.withConnection((own) => own.call('PING'), { timeoutMs: 0 });
    const outcomes = Promise.allSettled([popped, session]);
    await client.connect();
    await client.close({ deadlineMs: 50 });
    const ended = { status: 'rejected', reason: { code: 'CLOSED', maybeExecuted: false } };
    expect(await outcomes).toMatchObject([ended, ended]);
    await expect(client.withConnection(() => undefined)).rejects.toMatchObject({ code: 'CLOSED' });
    connectionPool.putConnection(held);
    expect(connectionPool.metrics()).toMatchObject({ idle: 1, waiting: 0 });
  });
});

describe('in a session', () => {
  // Seen to take 2 s and to lose the element when nothing had opened the shared connection.
  it('an abort opens the shared connection that it needs', async () => {
    await using client = clientOf(server);
    const controller = new AbortController();
    await client.withConnection(async (session) => {
      const popped = session.with({ signal: controller.signal }).call('BLPOP', 'list', 0);
      await untilBlocked(server);
      expect(client.connection).toBeUndefined();
      controller.abort();
      await expect(popped).rejects.toMatchObject({ code: 'ABORTED', maybeExecuted: false });
      await server.command('RPUSH', 'list', 'kept');
      expect(await session.call('LPOP', 'list')).toBe('kept');
    });
  });

  it('a late cancellation ends nothing else', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using client = clientOf(proxy);
    await client.connect();
    const [shared] = proxy.connections;
    if (shared === undefined) expect.fail('no connection');
    const controller = new AbortController();
    await client.withConnection(async (session) => {
      const first = session.with({ signal: controller.signal }).call('BLPOP', 'first', 0);
      await untilBlocked(server);
      // The element is faster than the UNBLOCK.
      shared.set({ stalled: true }, 'toServer');
      const sent = proxy.waitForCommand('CLIENT', { connectionId: shared.id });
      controller.abort();
      await sent;
      await server.command('RPUSH', 'first', 'x');
      expect(await first).toEqual(['first', 'x']);
      const second = session.call('BLPOP', 'second', 0);
      const behind = session.call('ECHO', 'later');
      const now = standing(second);
      const unblocked = client.call('PING');
      shared.restore();
      await unblocked;
      await untilBlocked(server);
      expect(now.state).toBe('pending');
      await server.command('RPUSH', 'second', 'y');
      expect(await Promise.all([second, behind])).toEqual([['second', 'y'], 'later']);
    });
  });

  it('nor does it when the session has ended', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using client = clientOf(proxy, { pool: { maxConnections: 1, checkIdleAfterMs: 60_000 } });
    await client.connect();
    const [shared] = proxy.connections;
    if (shared === undefined) expect.fail('no connection');
    const controller = new AbortController();
    const first = await client.withConnection(async (session) => {
      const popped = session.with({ signal: controller.signal }).call('BLPOP', 'first', 0);
      await untilBlocked(server);
      shared.set({ stalled: true }, 'toServer');
      const sent = proxy.waitForCommand('CLIENT', { connectionId: shared.id });
      controller.abort();
      await sent;
      await server.command('RPUSH', 'first', 'x');
      return popped;
    });
    expect(first).toEqual(['first', 'x']);
    const second = client.call('BLPOP', 'second', 0);
    const now = standing(second);
    const unblocked = client.call('PING');
    shared.restore();
    await unblocked;
    await untilBlocked(server);
    expect(now.state).toBe('pending');
    await server.command('RPUSH', 'second', 'y');
    expect(await second).toEqual(['second', 'y']);
    expect(client.metrics().pool.created).toBe(1);
  });

  it('an abort of what stands behind a blocking command leaves that one alone', async () => {
    await using client = clientOf(server);
    const controller = new AbortController();
    await client.withConnection(async (session) => {
      const first = session.call('BLPOP', 'first', 0);
      const second = session.with({ signal: controller.signal }).call('BLPOP', 'second', 0);
      const failed = expect(second).rejects.toMatchObject({
        code: 'ABORTED',
        phase: 'queued',
        maybeExecuted: false,
      });
      const hasty = session.with({ timeoutMs: 20 }).call('INCR', 'n');
      await expect(hasty).rejects.toMatchObject({ code: 'TIMEOUT', phase: 'queued', maybeExecuted: false });
      await untilBlocked(server);
      controller.abort();
      await failed;
      await server.command('RPUSH', 'first', 'x');
      expect(await first).toEqual(['first', 'x']);
      expect(await session.call('GET', 'n')).toBeNull();
    });
  });
});

it('a cancellation is not sent to another server, where the number is somebody else', async () => {
  await using other = await startServer();
  await using connectionPool = new ConnectionPool(other.host, other.port);
  await using client = clientOf(server, { connectionPool });
  await client.connect();
  const controller = new AbortController();
  const popped = client.with({ signal: controller.signal }).call('BLPOP', 'list', 0);
  const failed = expect(popped).rejects.toMatchObject({ code: 'ABORTED', maybeExecuted: true });
  await untilBlocked(other);
  await server.command('CONFIG', 'RESETSTAT');
  controller.abort();
  await failed;
  expect(await server.command('INFO', 'commandstats')).not.toContain('unblock');
  await untilBlocked(other, 0);
});
