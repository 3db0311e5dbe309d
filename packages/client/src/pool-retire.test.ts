import { beforeEach, expect, it } from 'vitest';
import { ConnectionPool } from './pool.js';
import { type FakeConnection, FakeServer } from './pool-fake.js';

const cause = new Error('the server has moved');

let server: FakeServer;
let pool: ConnectionPool<FakeConnection>;

beforeEach(() => {
  server = new FakeServer();
  pool = new ConnectionPool({ spawnConnection: server.spawnConnection, minConnections: 1 });
  return () => pool.destroy();
});

it('closes idle connections to a server that is the wrong one, and opens others', async () => {
  const [one, two] = await Promise.all([pool.waitForConnection(), pool.waitForConnection()]);
  pool.putConnection(one);
  pool.putConnection(two);
  pool.retire((connection) => connection === one, cause);
  expect(one.destroyedBy).toBe(cause);
  expect(pool.pool).toEqual([two]);
  pool.retire(() => true, cause);
  const next = await pool.waitForConnection();
  expect([one, two]).not.toContain(next);
});

it('leaves those that are lent to their users, and lends them no more', async () => {
  const lent = await pool.waitForConnection();
  pool.retire(() => true, cause);
  expect(lent.closed).toBe(false);
  pool.putConnection(lent);
  expect(lent.closed).toBe(true);
  expect(await pool.waitForConnection()).not.toBe(lent);
});

it('closes those, too, when the server is gone; each may be given back once', async () => {
  const lent = await pool.waitForConnection();
  pool.retire(() => true, cause, { gone: true });
  expect(lent.destroyedBy).toBe(cause);
  expect(pool.usedConnections.size).toBe(0);
  pool.putConnection(lent);
  expect(() => pool.putConnection(lent)).toThrow('not one of this pool');
});

it('does not lend one whose check was under way', async () => {
  pool.destroy();
  pool = new ConnectionPool({ spawnConnection: server.spawnConnection, checkIdleAfterMs: 0 });
  const old = await pool.waitForConnection();
  pool.putConnection(old);
  server.byHand = true;
  const asked = pool.waitForConnection();
  pool.retire(() => true, cause);
  old.probe?.resolve(true);
  await expect.poll(() => server.dials.length).toBe(1);
  const next = server.dials[0]?.succeed();
  expect(await asked).toBe(next);
  expect(old.closed).toBe(true);
});
