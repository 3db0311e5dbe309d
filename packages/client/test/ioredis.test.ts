import { type FaultProxy, type RedisServer, startFaultProxy } from '@redlane/redis-server';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { afterEach, describe, expect, it } from 'vitest';
import type { RedisDriver } from '../src/index.js';
import { type IoredisDriverOptions, ioredisDriver } from '../src/ioredis/index.js';
import { runScript } from './support/run-script.js';
import { testServer } from './support/test-server.js';

const server = await testServer();
const made: (() => unknown)[] = [];

interface Made<Instance> {
  readonly instance: Instance;
  readonly driver: RedisDriver;
}

function connect(
  options: object = {},
  driverOptions: IoredisDriverOptions = {},
  { host, port }: Pick<RedisServer | FaultProxy, 'host' | 'port'> = server,
): Made<Redis> {
  const instance = new Redis({ host, port, lazyConnect: true, ...options });
  instance.on('error', () => undefined);
  const driver = ioredisDriver(instance, driverOptions);
  made.push(
    () => driver.close(),
    () => instance.disconnect(),
  );
  return { instance, driver };
}

async function connections(): Promise<number> {
  const list = String(await server.command('CLIENT', 'LIST', 'TYPE', 'normal'));
  // The one that asks is among them.
  return list.trim().split('\n').length - 1;
}

afterEach(async () => {
  for (const end of made.splice(0)) await end();
});

describe('the instance that was passed in', () => {
  it('is not touched, and nothing is opened before it is needed', async () => {
    const before = await connections();
    const { instance, driver } = connect();
    expect(await connections()).toBe(before);
    await driver.send(['SET', 'a', 1]);
    await driver.subscribe({ channel: 'c' }, () => undefined);
    await using _ = await driver.lease();
    await driver.close();
    expect(instance.status).toBe('wait');
    expect(instance.listenerCount('ready') + instance.listenerCount('close')).toBe(0);
    await expect.poll(connections).toBe(before);
  });

  it('may have ended, or never get a connection', async () => {
    const { instance, driver } = connect({ lazyConnect: false });
    instance.disconnect();
    await expect.poll(() => instance.status).toBe('end');
    expect(await driver.send(['PING'])).toBe('PONG');
  });

  it.each([
    { stringNumbers: true },
    { protocol: 2 },
    { protocol: 3, replyMapping: 'resp3' },
    { enableAutoPipelining: true },
    { enableOfflineQueue: false },
    { enableReadyCheck: false },
    { commandTimeout: 1, socketTimeout: 1 },
    { blockingTimeout: 1 },
    { maxRetriesPerRequest: 0 },
    { retryStrategy: null, reconnectOnError: () => 2 },
    { autoResubscribe: false },
    { connectionName: 'mine', showFriendlyErrorStack: true },
    { scripts: { mine: { lua: 'return 1', numberOfKeys: 0 } } },
  ])('may have %j', async (options) => {
    const { driver } = connect(options);
    expect(await driver.send(['HSET', 'h', '2', 'b', '1', 'a', '__proto__', 'c'])).toBe(3);
    expect(await driver.send(['HGETALL', 'h'])).toEqual(['2', 'b', '1', 'a', '__proto__', 'c']);
    expect(await driver.send(['INCRBY', 'n', 9007199254740993n])).toBe(9007199254740993n);
    expect(await driver.send(['SET', 'text', '12'])).toBe('OK');
    expect(
      await driver.batch(
        [
          ['GET', 'text'],
          ['INCR', 'm'],
        ],
        { atomic: true },
      ),
    ).toEqual({
      aborted: false,
      replies: ['12', 1],
    });
    await using held = await driver.lease();
    expect(await held.send(['BLPOP', 'list', 0.05])).toBeNull();
    const got = new Promise((resolve) => {
      void driver.subscribe({ channel: 'c' }, resolve).then(() => driver.send(['PUBLISH', 'c', 'x']));
    });
    expect(await got).toEqual({ channel: 'c', payload: 'x' });
  });

  it('may select a database', async () => {
    const { driver } = connect({ db: 3 });
    await driver.send(['SET', 'a', 1]);
    await using held = await driver.lease();
    expect(await held.send(['EXISTS', 'a'])).toBe(1);
    expect(await server.command('EXISTS', 'a')).toBe(0);
  });
});

it('sends commands and arguments of any size in one go', async () => {
  const { driver } = connect();
  const values = Array.from({ length: 200_000 }, (_, index) => index);
  expect(await driver.send(['RPUSH', 'list', ...values])).toBe(200_000);
  expect(await driver.send(['LINDEX', 'list', -1])).toBe('199999');
});

it('rejects what is too much, before anything is sent', async () => {
  const { driver } = connect({}, { limits: { commands: 3 } });
  const calls = await Promise.allSettled(Array.from({ length: 5 }, () => driver.send(['INCR', 'n'])));
  expect(calls.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
    'rejected',
  ]);
  expect(calls[4]).toMatchObject({
    reason: { code: 'QUEUE_FULL', maybeExecuted: false, limit: 'commands', size: 3 },
  });
  expect(await driver.send(['INCR', 'n'])).toBe(4);
});

describe('a lost connection', () => {
  it('has its reads sent again, and its writes not', async () => {
    await using proxy = await startFaultProxy({ target: server });
    const { driver } = connect({}, {}, proxy);
    await driver.send(['SET', 'a', 'x']);
    proxy.set({ stalled: true }, 'toClient');
    const forwarded = proxy.waitForCommand('INCR', { forwarded: true });
    const read = driver.send(['GET', 'a']);
    const reads = driver.batch([
      ['GET', 'a'],
      ['STRLEN', 'a'],
    ]);
    const written = driver.send(['INCR', 'n']);
    written.catch(() => undefined);
    await forwarded;
    proxy.cut('RST');
    await proxy.restore();
    expect(await read).toBe('x');
    expect(await reads).toEqual({ aborted: false, replies: ['x', 1] });
    await expect(written).rejects.toMatchObject({ code: 'CONNECTION_LOST', maybeExecuted: true });
    expect(await driver.send(['GET', 'n'])).toBe('1');
  });

  it('keeps the order of what waits for the next', async () => {
    await using proxy = await startFaultProxy({ target: server });
    const { driver } = connect({ retryStrategy: () => 20 }, {}, proxy);
    await driver.send(['PING']);
    await proxy.refuse('CLOSED');
    const down = new Promise((resolve) => driver.on('down', resolve));
    proxy.cut('FIN');
    const early = Array.from({ length: 20 }, (_, index) => driver.send(['RPUSH', 'list', index]));
    await down;
    const late = Array.from({ length: 20 }, (_, index) => driver.send(['RPUSH', 'list', 20 + index]));
    await proxy.accept();
    const outcomes = await Promise.allSettled([...early, ...late]);
    const list = (await driver.send(['LRANGE', 'list', 0, -1])) as string[];
    expect(list.map(Number)).toEqual([...list].map(Number).sort((a, b) => a - b));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') expect(list).toContain(String(index));
      else if (!outcome.reason.maybeExecuted) expect(list).not.toContain(String(index));
    }
    expect(await Promise.all(late)).toHaveLength(20);
  });

  it('is given up when the instance’s own strategy says so', async () => {
    await using proxy = await startFaultProxy({ target: server });
    const { driver } = connect({ retryStrategy: (times: number) => (times < 3 ? 1 : null) }, {}, proxy);
    const given = new Promise<Error>((resolve) => driver.on('error', resolve));
    await driver.send(['PING']);
    await proxy.refuse('CLOSED');
    proxy.cut('RST');
    expect(await given).toBeInstanceOf(Error);
    await expect(driver.send(['PING'])).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      maybeExecuted: false,
      cause: expect.any(Error),
    });
    await expect(driver.subscribe({ channel: 'c' }, () => undefined)).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
    });
  });

  it('is replaced when the server is read-only by now', async () => {
    const { driver } = connect();
    const id = await driver.send(['CLIENT', 'ID']);
    await server.command('REPLICAOF', '127.0.0.1', '1');
    const call = driver.send(['SET', 'a', 'x']);
    await expect.poll(() => server.command('INFO', 'stats')).toMatch(/total_error_replies:[1-9]/);
    await server.command('REPLICAOF', 'NO', 'ONE');
    expect(await call).toBe('OK');
    expect(await driver.send(['CLIENT', 'ID'])).not.toBe(id);
  });
});

it('leaves nothing that keeps the process when it is closed', async () => {
  const printed = await runScript('ioredis-exit.ts', [server.host, String(server.port)]);
  const { states, exitMs } = JSON.parse(printed) as { states: string[][]; exitMs: number };
  const all = ['working', 'reconnecting', 'connecting', 'never used'];
  expect(states).toEqual([all, all]);
  expect(exitMs).toBeLessThan(1_000);
});

it('works alike on both versions of the library', () => {
  const other = new Redis5({ lazyConnect: true });
  expect(ioredisDriver(other).topology).toBe('standalone');
});
