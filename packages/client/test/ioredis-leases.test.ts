import { startFaultProxy } from '@redlane/redis-server';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import type { DriverLease, RedisDriver } from '../src/index.js';
import { type IoredisDriverOptions, ioredisDriver } from '../src/ioredis/index.js';
import { testServer, untilBlocked } from './support/test-server.js';

const server = await testServer();
const made: RedisDriver[] = [];

function connect(
  options: IoredisDriverOptions = {},
  { host, port }: { host: string; port: number } = server,
  login: object = {},
): RedisDriver {
  const driver = ioredisDriver(new Redis({ host, port, lazyConnect: true, ...login }), options);
  made.push(driver);
  return driver;
}

async function calls(command: string): Promise<number> {
  const stats = String(await server.command('INFO', 'commandstats'));
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

const idOf = (lease: DriverLease): Promise<unknown> => lease.send(['CLIENT', 'ID']);

afterEach(async () => {
  await Promise.all(made.splice(0).map((driver) => driver.close()));
});

describe('a command that waits', () => {
  it('is sent in slices, and gets what comes in any of them', async () => {
    const driver = connect({ blockSliceMs: 20 });
    await using held = await driver.lease();
    await server.command('CONFIG', 'RESETSTAT');
    const popped = held.send(['BLPOP', 'list', 0]);
    await expect.poll(() => calls('blpop')).toBeGreaterThan(3);
    await driver.send(['RPUSH', 'list', 'x']);
    expect(await popped).toEqual(['list', 'x']);
  });

  it('waits as long as it says, and is not sliced when that is short', async () => {
    const driver = connect({ blockSliceMs: 50 });
    await using held = await driver.lease();
    await server.command('CONFIG', 'RESETSTAT');
    expect(await held.send(['BLPOP', 'list', 0.03])).toBeNull();
    expect(await calls('blpop')).toBe(1);
    const start = performance.now();
    expect(await held.send(['BLMPOP', 0.2, 1, 'list', 'LEFT'])).toBeNull();
    expect(performance.now() - start).toBeGreaterThanOrEqual(190);
  });

  it('that begins while another one is being cancelled can be cancelled itself', async () => {
    await using proxy = await startFaultProxy({ target: server });
    const driver = connect({}, proxy);
    await driver.send(['PING']);
    const shared = proxy.connections;
    await using held = await driver.lease();
    const first = held.send(['BLPOP', 'list', 0]);
    await untilBlocked(server);
    // The reply to UNBLOCK comes later than its effect.
    for (const connection of shared) connection.set({ delayMs: 100 }, 'toClient');
    const cancelling = held.cancel();
    expect(await first).toBeNull();
    const second = held.send(['BLPOP', 'list', 0]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await Promise.all([second, held.cancel(), cancelling])).toEqual([null, true, true]);
  });

  it('loses nothing at the border of slices', async () => {
    const driver = connect({ blockSliceMs: 1 });
    await using held = await driver.lease();
    const got: unknown[] = [];
    const all = Array.from({ length: 500 }, (_, index) => String(index));
    const reading = (async () => {
      while (got.length < all.length)
        got.push(await held.send(['BLMOVE', 'list', 'done', 'LEFT', 'RIGHT', 0]));
    })();
    for (const element of all) {
      await driver.send(['RPUSH', 'list', element]);
      if (Number(element) % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await reading;
    expect(got).toEqual(all);
    expect(await driver.send(['LRANGE', 'done', 0, -1])).toEqual(all);
  });

  it('hears what is added between slices to a stream that it reads from its end', async () => {
    const driver = connect({ blockSliceMs: 1 });
    await using held = await driver.lease();
    await driver.send(['XADD', 's', '1-1', 'n', 'old']);
    await server.command('CONFIG', 'RESETSTAT');
    for (let round = 2; round < 30; round++) {
      const read = held.send(['XREAD', 'BLOCK', 0, 'STREAMS', 's', 'empty', '$', '$']);
      await expect.poll(() => calls('xread')).toBeGreaterThan((round - 1) * 2);
      await driver.send(['XADD', 's', `${round}-1`, 'n', round]);
      expect(await read).toEqual([['s', [[`${round}-1`, ['n', String(round)]]]]]);
    }
  });

  it('that only reads goes on over another connection when its own is lost', async () => {
    const driver = connect({ blockSliceMs: 100 });
    await using held = await driver.lease();
    const id = await idOf(held);
    const read = held.send(['XREAD', 'BLOCK', 0, 'STREAMS', 's', '0']);
    await untilBlocked(server);
    await server.command('CLIENT', 'KILL', 'ID', String(id));
    await driver.send(['XADD', 's', '1-1', 'f', 'v']);
    expect(await read).toEqual([['s', [['1-1', ['f', 'v']]]]]);
    expect(await idOf(held)).not.toBe(id);
  });

  it('finds out that its server is gone, however long it may wait', async () => {
    await using proxy = await startFaultProxy({ target: server });
    const driver = connect({ blockSliceMs: 50, blockingGraceMs: 100 }, proxy);
    await using held = await driver.lease();
    const popped = held.send(['BLPOP', 'list', 0]);
    popped.catch(() => undefined);
    await untilBlocked(server);
    proxy.set({ stalled: true });
    await expect(popped).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      maybeExecuted: true,
      cause: { code: 'TIMEOUT' },
    });
    await expect(held.send(['PING'])).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      maybeExecuted: false,
    });
    await proxy.restore();
  });

  it('loses no element to a signal that cannot end it at the server', async () => {
    await server.command(
      'ACL',
      'SETUSER',
      'limited',
      'reset',
      'on',
      'nopass',
      '~*',
      '&*',
      '+@all',
      '-client|unblock',
    );
    const driver = connect({ blockSliceMs: 300 }, server, { username: 'limited', password: 'any' });
    await using held = await driver.lease();
    const end = new AbortController();
    const popped = held.send(['BLPOP', 'list', 0], { signal: end.signal });
    await untilBlocked(server);
    end.abort();
    await server.command('RPUSH', 'list', 'x');
    expect(await popped).toEqual(['list', 'x']);

    const none = held.send(['BLPOP', 'list', 0], { signal: AbortSignal.timeout(20) });
    await expect(none).rejects.toMatchObject({ code: 'ABORTED', maybeExecuted: false });
  });

  it('waits its turn behind another one, and is cancelled with it', async () => {
    const driver = connect();
    await using held = await driver.lease();
    const both = [held.send(['BLPOP', 'a', 0]), held.send(['BLPOP', 'b', 0])];
    await untilBlocked(server);
    expect(await held.cancel()).toBe(true);
    expect(await Promise.all(both)).toEqual([null, null]);
  });

  it('goes on at the next master when its own is demoted', async () => {
    const driver = connect({ blockSliceMs: 5_000 });
    await using held = await driver.lease();
    const id = await idOf(held);
    const popped = held.send(['BLPOP', 'list', 0]);
    await untilBlocked(server);
    await server.command('REPLICAOF', '127.0.0.1', '1');
    await server.command('REPLICAOF', 'NO', 'ONE');
    await untilBlocked(server);
    await driver.send(['RPUSH', 'list', 'x']);
    expect(await popped).toEqual(['list', 'x']);
    expect(await idOf(held)).not.toBe(id);
  });
});

describe('the connection of a lease', () => {
  it('is used again when it is clean, and closed after a while', async () => {
    const driver = connect();
    const first = await driver.lease();
    const id = await idOf(first);
    await first[Symbol.asyncDispose]();
    const second = await driver.lease();
    expect(await idOf(second)).toBe(id);
    await second[Symbol.asyncDispose]();
    await expect.poll(() => server.command('CLIENT', 'LIST', 'ID', String(id)), { timeout: 5_000 }).toBe('');
  });

  it.each([
    ['WATCH', 'a'],
    ['CLIENT', 'SETNAME', 'mine'],
    ['CLIENT', 'NO-EVICT', 'ON'],
  ])('is not used again after %s', async (...command) => {
    const driver = connect();
    const first = await driver.lease();
    const id = await idOf(first);
    await first.send(command);
    await first[Symbol.asyncDispose]();
    await using second = await driver.lease();
    expect(await idOf(second)).not.toBe(id);
    expect(await server.command('CLIENT', 'LIST', 'ID', String(id))).toBe('');
  });

  it('is clean again after EXEC and UNWATCH', async () => {
    const driver = connect();
    const ids = new Set<unknown>();
    for (const end of ['EXEC', 'UNWATCH']) {
      const held = await driver.lease();
      ids.add(await idOf(held));
      await held.send(['WATCH', 'a']);
      if (end === 'UNWATCH') await held.send(['UNWATCH']);
      else await held.batch([['INCR', 'a']], { atomic: true });
      await held[Symbol.asyncDispose]();
    }
    await using last = await driver.lease();
    ids.add(await idOf(last));
    expect(ids.size).toBe(1);
  });

  it('does not execute what was watched over another connection', async () => {
    const driver = connect();
    await using held = await driver.lease();
    await held.send(['WATCH', 'a']);
    await server.command('CLIENT', 'KILL', 'ID', String(await idOf(held)));
    await expect(held.batch([['SET', 'a', 'mine']], { atomic: true })).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
    });
    await expect(held.batch([['SET', 'a', 'mine']], { atomic: true })).rejects.toMatchObject({
      maybeExecuted: false,
    });
    expect(await server.command('EXISTS', 'a')).toBe(0);
  });

  it('is one of so many, and a warm one makes room', async () => {
    const driver = connect({ maxLeases: 2 });
    const first = await driver.lease();
    const second = await driver.lease();
    const late = driver.lease({ timeoutMs: 20 });
    await expect(late).rejects.toMatchObject({ code: 'POOL_TIMEOUT', size: 2, inUse: 2 });
    await expect(driver.lease({ timeoutMs: 1 })).rejects.toThrow(/maxLeases/);
    const order: string[] = [];
    const waiters = ['a', 'b'].map(async (name) => {
      const lease = await driver.lease();
      order.push(name);
      await lease[Symbol.asyncDispose]();
    });
    await first[Symbol.asyncDispose]();
    await Promise.all(waiters);
    expect(order).toEqual(['a', 'b']);
    await second[Symbol.asyncDispose]();
  });

  it('is waited for until there is a server', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await proxy.refuse('CLOSED');
    const driver = connect({}, proxy);
    await expect(driver.lease({ timeoutMs: 30 })).rejects.toMatchObject({
      code: 'POOL_TIMEOUT',
      cause: { code: 'CONNECT_FAILED' },
    });
    const lease = driver.lease({ timeoutMs: 10_000 });
    await proxy.accept();
    await using held = await lease;
    expect(await held.send(['PING'])).toBe('PONG');
  });
});
