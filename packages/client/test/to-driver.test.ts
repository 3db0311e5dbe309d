import { type RedisServer, startServer } from '@redlane/redis-server';
import { Redis as Redis6 } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toDriver } from '../src/client-driver/index.js';
import { RedisClient } from '../src/index.js';

let server: RedisServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
});

async function connections(): Promise<number> {
  const list = String(await server.command('CLIENT', 'LIST', 'TYPE', 'normal'));
  // One is this question's own.
  return list.trim().split('\n').length - 1;
}

describe('toDriver', () => {
  it.each([
    ['a URL', () => server.url],
    ['a port', () => server.port],
    ['host and port', () => [server.host, server.port] as const],
    ['options', () => ({ host: server.host, port: server.port })],
  ])('connects to %s by a client of its own, and closes it', async (_, source) => {
    const driver = toDriver(source());
    expect(await driver.send(['PING'])).toBe('PONG');
    await using lease = await driver.lease();
    expect(await lease.send(['PING'])).toBe('PONG');
    expect(await connections()).toBe(2);
    await driver.close();
    await expect.poll(connections).toBe(0);
  });

  it('leaves a client open that was passed in, and another driver of it', async () => {
    await using client = new RedisClient(server.host, server.port);
    const one = toDriver(client);
    const other = toDriver(client);
    const messages: string[] = [];
    await other.subscribe({ channel: 'c' }, ({ payload }) => messages.push(payload));
    await one.subscribe({ channel: 'c' }, () => undefined);
    await one.close();
    await client.call('PUBLISH', 'c', 'x');
    await expect.poll(() => messages).toEqual(['x']);
    expect(await other.send(['PING'])).toBe('PONG');
    await other.close();
    expect(await client.call('PING')).toBe('PONG');
  });

  it.each([
    ['ioredis 6', (port: number) => new Redis6(port)],
    ['ioredis 5', (port: number) => new Redis5(port)],
  ])('shares the connections to an instance of %s, and closes them with the last driver', async (_, open) => {
    const redis = open(server.port);
    await redis.ping();
    const before = await connections();
    const drivers = [toDriver(redis), toDriver(redis)] as const;
    const [one, other] = drivers;
    await Promise.all(drivers.map((driver) => driver.send(['PING'])));
    const lease = await one.lease();
    const popped = lease.send(['BLPOP', 'nothing', 0]);
    const messages: string[] = [];
    await other.subscribe({ channel: 'c' }, ({ payload }) => messages.push(payload));
    await one.subscribe({ channel: 'c' }, () => undefined);
    expect(await connections()).toBeLessThanOrEqual(before + 2);
    await one.close();
    expect(await popped).toBeNull();
    await expect(one.send(['PING'])).rejects.toMatchObject({ code: 'CLOSED' });
    await redis.publish('c', 'x');
    await expect.poll(() => messages).toEqual(['x']);
    expect(await other.send(['PING'])).toBe('PONG');
    await other.close();
    await expect.poll(connections).toBe(before);
    const again = toDriver(redis);
    expect(await again.send(['PING'])).toBe('PONG');
    await again.close();
    expect(await redis.ping()).toBe('PONG');
    redis.disconnect();
  });

  it('gives replies in the shapes of RESP2 whatever the options of the client', async () => {
    await using client = new RedisClient(server.host, server.port, { replies: 'bytes', maps: 'object' });
    const driver = toDriver(client);
    await driver.send(['HSET', 'h', 'f', 'v']);
    expect(await driver.send(['HGETALL', 'h'])).toEqual(['f', 'v']);
    expect(await driver.send(['HGETALL', 'h'], { replies: 'bytes' })).toEqual([
      Buffer.from('f'),
      Buffer.from('v'),
    ]);
    await driver.close();
  });

  it('gives a driver back as it is', async () => {
    const driver = toDriver(server.port);
    expect(toDriver(driver)).toBe(driver);
    await driver.close();
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a boolean', true],
    ['a function', () => 1],
    ['an array of one', ['host']],
    ['an array of other things', [1, 'host']],
    ['an instance of something', new Map()],
  ])('refuses %s, and says what it takes', (_, source) => {
    expect(() => toDriver(source as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('ioredis') }),
    );
  });

  it('refuses options and URLs that are none, by name', () => {
    expect(() => toDriver({ hots: 'x' } as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option: 'hots' }),
    );
    expect(() => toDriver('http://127.0.0.1')).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
