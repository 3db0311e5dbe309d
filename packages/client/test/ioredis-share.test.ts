import { startFaultProxy } from '@redlane/redis-server';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { afterEach, describe, expect, it } from 'vitest';
import type { RedisDriver } from '../src/index.js';
import { ioredisDriver } from '../src/ioredis/index.js';
import { testServer } from './support/test-server.js';

const server = await testServer();
const made: (() => unknown)[] = [];

function share<Instance extends Redis | Redis5>(instance: Instance): RedisDriver {
  instance.on('error', () => undefined);
  const driver = ioredisDriver(instance, { share: true, timeoutMs: 2_000 });
  made.push(
    () => driver.close(),
    () => instance.disconnect(),
  );
  return driver;
}

afterEach(async () => {
  for (const end of made.splice(0)) await end();
});

describe.each([
  { name: 'ioredis 6', make: (options: object) => new Redis(options) },
  { name: 'ioredis 6, RESP2', make: (options: object) => new Redis({ protocol: 2, ...options }) },
  { name: 'ioredis 5', make: (options: object) => new Redis5(options) },
])('a shared $name', ({ make }) => {
  it('carries the commands, and nothing else', async () => {
    const instance = make({ host: server.host, port: server.port });
    const driver = share(instance);
    expect(await driver.send(['CLIENT', 'ID'])).toBe(await instance.client('ID'));
    await using held = await driver.lease();
    expect(await held.send(['CLIENT', 'ID'])).not.toBe(await instance.client('ID'));
    const heard = new Promise((resolve) => {
      void driver.subscribe({ channel: 'c' }, resolve).then(() => instance.publish('c', 'x'));
    });
    expect(await heard).toEqual({ channel: 'c', payload: 'x' });
    await driver.close();
    expect(await instance.ping()).toBe('PONG');
    expect(instance.listenerCount('close') + instance.listenerCount('end')).toBe(0);
  });

  it('gives the shapes that RESP2 has', async () => {
    const driver = share(make({ host: server.host, port: server.port }));
    await driver.send(['ZADD', 'z', 1, 'a', 2.5, 'b']);
    await driver.send(['HSET', 'h', '2', 'x', '1', 'y']);
    await driver.send(['XADD', 's', '1-1', 'f', 'v']);
    const commands = [
      ['zrange', 'z', 0, -1, 'WITHSCORES'],
      ['ZSCORE', 'z', 'a'],
      ['hgetall', 'h'],
      ['XREAD', 'STREAMS', 's', 0],
      ['ZRANDMEMBER', 'z', 0, 'WITHSCORES'],
      ['INCR', 'n'],
      ['GET', 'n'],
    ];
    const replies = [
      ['a', '1', 'b', '2.5'],
      '1',
      ['2', 'x', '1', 'y'],
      [['s', [['1-1', ['f', 'v']]]]],
      [],
      1,
      '1',
    ];
    expect(await driver.batch(commands)).toEqual({ aborted: false, replies });
    await driver.send(['DEL', 'n']);
    expect(await driver.batch(commands, { atomic: true })).toEqual({ aborted: false, replies });
    await driver.send(['DEL', 'n']);
    for (const [index, command] of commands.entries())
      expect(await driver.send(command)).toEqual(replies[index]);
  });

  it('tells when it has no connection, and sends nothing that was aborted meanwhile', async () => {
    await using proxy = await startFaultProxy({ target: server });
    const instance = make({ host: proxy.host, port: proxy.port, retryStrategy: () => 10 });
    const driver = share(instance);
    const events: string[] = [];
    driver.on('ready', () => events.push('ready'));
    driver.on('down', () => events.push('down'));
    await driver.send(['PING']);
    await proxy.refuse('CLOSED');
    proxy.cut('RST');
    await expect.poll(() => events).toEqual(['ready', 'down']);
    const end = new AbortController();
    const aborted = driver.send(['INCR', 'n'], { signal: end.signal });
    const kept = driver.send(['INCR', 'n']);
    end.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED', maybeExecuted: false });
    await proxy.accept();
    expect(await kept).toBe(1);
    expect(events).toEqual(['ready', 'down', 'ready']);
  });

  it('sends again what had no reply: at least once', async () => {
    await using proxy = await startFaultProxy({ target: server });
    const driver = share(make({ host: proxy.host, port: proxy.port, retryStrategy: () => 10 }));
    await driver.send(['PING']);
    proxy.set({ stalled: true }, 'toClient');
    const forwarded = proxy.waitForCommand('INCR', { forwarded: true });
    const call = driver.send(['INCR', 'n']);
    await forwarded;
    proxy.cut('RST');
    await proxy.restore();
    expect(await call).toBe(2);
  });

  it('does not when it is told not to, and the call ends', async () => {
    await using proxy = await startFaultProxy({ target: server });
    const options = { retryStrategy: () => 10, autoResendUnfulfilledCommands: false };
    const driver = share(make({ host: proxy.host, port: proxy.port, ...options }));
    await driver.send(['PING']);
    proxy.set({ stalled: true }, 'toClient');
    const forwarded = proxy.waitForCommand('INCR', { forwarded: true });
    const call = driver.send(['INCR', 'n']);
    call.catch(() => undefined);
    await forwarded;
    proxy.cut('RST');
    await proxy.restore();
    await expect(call).rejects.toMatchObject({ code: 'CONNECTION_LOST', maybeExecuted: true });
    expect(await driver.send(['GET', 'n'])).toBe('1');
  });

  it('that has ended gives a clear error', async () => {
    const instance = make({ host: server.host, port: server.port });
    const driver = share(instance);
    const errors: Error[] = [];
    driver.on('error', (error) => errors.push(error));
    await driver.send(['PING']);
    instance.disconnect();
    await expect.poll(() => errors).toHaveLength(1);
    await expect(driver.send(['PING'])).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      maybeExecuted: false,
      message: expect.stringContaining('the shared ioredis instance has ended'),
    });
  });

  it('may be connected by the first command', async () => {
    const instance = make({ host: server.host, port: server.port, lazyConnect: true });
    const driver = share(instance);
    expect(instance.status).toBe('wait');
    expect(await driver.send(['PING'])).toBe('PONG');
    expect(instance.status).toBe('ready');
  });
});
