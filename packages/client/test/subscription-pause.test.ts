import { EventEmitter, once } from 'node:events';
import { type RedisServer, startServer } from '@redlane/redis-server';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toDriver } from '../src/client-driver/index.js';
import { opened } from './support/seam-drivers.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const dedicated = [
  {
    name: 'RedisClient',
    open: ({ port }: RedisServer) => opened(toDriver({ port, subscriptions: 'dedicated' })),
  },
  {
    name: 'ioredis',
    open: ({ port }: RedisServer) => {
      const redis = new Redis({ port, lazyConnect: true });
      return opened(toDriver(redis), () => redis.disconnect());
    },
  },
];

describe.each(dedicated)('a subscription over $name', ({ open }) => {
  it('is not read while it is paused, and loses nothing', async () => {
    await using paused = open(server);
    await using other = open(server);
    const heard: string[] = [];
    const witness = new EventEmitter();
    const news = await paused.driver.subscribe({ channel: 'news' }, ({ payload }) => heard.push(payload));
    await other.driver.subscribe({ channel: 'news' }, ({ payload }) => witness.emit(payload));
    const first = news.pause?.();
    const second = news.pause?.();
    const arrived = once(witness, 'two');
    await server.command('PUBLISH', 'news', 'one');
    await server.command('PUBLISH', 'news', 'two');
    await arrived;
    // Commands go on: they have another connection.
    expect(await paused.driver.send(['PING'])).toBe('PONG');
    first?.[Symbol.dispose]();
    expect(await paused.driver.send(['PING'])).toBe('PONG');
    expect(heard).toEqual([]);
    second?.[Symbol.dispose]();
    await expect.poll(() => heard).toEqual(['one', 'two']);
  });
});

it('cannot be paused where commands share its connection', async () => {
  await using driver = opened(toDriver(server.port));
  const news = await driver.driver.subscribe({ channel: 'news' }, () => undefined);
  expect(news.pause).toBeUndefined();
});
