import { expect, it } from 'vitest';
import { serversOf } from './servers.js';

it('is the server that is found when none is named', () => {
  expect(serversOf({}, ':')).toEqual([undefined]);
  expect(serversOf({ REDIS_SERVERS: ' ' }, ':')).toEqual([undefined]);
});

it('is each of those that are named, once', () => {
  const named = '/a/redis-server:/b/valkey-server, /a/redis-server,';
  expect(serversOf({ REDIS_SERVERS: named }, ':')).toEqual(['/a/redis-server', '/b/valkey-server']);
});
