import { once } from 'node:events';
import { expect, it } from 'vitest';
import { type Connection, ConnectionPool, RedisClient } from '../src/index.js';
import { testServer } from './support/test-server.js';

const server = await testServer();

it('opens real connections by host and port, as in redtrio', async () => {
  await using pool = new ConnectionPool(server.host, server.port, { maxConnections: 2 });
  const first = await pool.waitForConnection();
  const second = await pool.waitForConnection();
  expect(pool.usedConnections.size).toBe(2);
  await expect(pool.waitForConnection({ timeoutMs: 20 })).rejects.toMatchObject({
    code: 'POOL_TIMEOUT',
    inUse: 2,
  });
  expect(await first.exchange([['PING']])).toEqual(['PONG']);
  pool.putConnection(first);
  expect(pool.pool).toEqual([first]);
  pool.removeConnection(second);
  expect(second.closed).toBe(true);
});

it('is shared between clients that are given it, and outlives them', async () => {
  await using pool = new ConnectionPool(server.host, server.port);
  const connectionPool = pool;
  const one = new RedisClient(server.host, server.port, { connectionPool });
  const two = new RedisClient(server.host, server.port, { connectionPool });
  await one.call('RPUSH', 'list', 'a', 'b');
  expect(await one.call('BLPOP', 'list', 1)).toEqual(['list', 'a']);
  expect(await two.call('BLPOP', 'list', 1)).toEqual(['list', 'b']);
  await Promise.all([one.close(), two.close()]);
  expect(pool.metrics()).toMatchObject({ created: 1, idle: 1 });
});

it('says how long was waited for a connection in all, and why there was none at first', async () => {
  let dials = 0;
  await using connectionPool = new ConnectionPool<Connection>({
    maxConnections: 1,
    acquireTimeoutMs: 300,
    spawnConnection: async (signal) => {
      if (++dials === 1) throw new Error('not today');
      await once(signal, 'abort');
      throw signal.reason;
    },
  });
  await using client = new RedisClient(server.host, server.port, {
    connectionPool,
    reconnect: { minDelayMs: 50, maxDelayMs: 50 },
  });
  await client.connect();
  await expect(client.withConnection(() => undefined)).rejects.toMatchObject({
    code: 'POOL_TIMEOUT',
    message: expect.stringContaining('no connection was free within 300 ms (0 of 1 in use, 1 connecting'),
    cause: { code: 'CONNECT_FAILED', message: expect.stringContaining('not today') },
  });
});
