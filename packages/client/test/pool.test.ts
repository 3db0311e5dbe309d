import { expect, it } from 'vitest';
import { ConnectionPool, RedisClient } from '../src/index.js';
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
