import { RedisChannel } from '@redlane/channel';
import { expect, it } from 'vitest';
import { testServer } from './support/test-server.js';

const server = await testServer();

it('does what the synopsis of redisutil says', async () => {
  // Client and server with the same channel name "/foo" are a pair.
  await using c = new RedisChannel(server.port, '/foo', 'client');
  await using s = new RedisChannel(server.port, '/foo', 'server');

  await c.sendMsg('c2s');
  await s.sendMsg('s2c');

  // List channels.
  expect(await c.listChannel('/')).toEqual(['/foo']);
  expect(await s.recvMsg()).toBe('c2s');
  expect(await c.recvMsg()).toBe('s2c');
});
