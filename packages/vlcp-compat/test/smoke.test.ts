import { startServer } from '@redlane/redis-server';
import { afterAll, expect, it } from 'vitest';
import { RedisClient } from '../src/index.js';
const server = await startServer();
afterAll(() => server.stop());
it('smoke', async () => {
  await using client = new RedisClient(server.url);
  expect(await client.executeCommand('SET', 'a', 1)).toBe('OK');
  expect(await client.batchExecute(['GET', 'a'], ['LPUSH', 'a', 'x'])).toMatchObject(['1', { subtype: 'WRONGTYPE' }]);
  const [m] = await client.subscribe('ch');
  const next = m!.wait();
  await client.executeCommand('PUBLISH', 'ch', 'hi');
  expect(await next).toEqual({ type: 'message', channel: 'ch', pattern: undefined, message: 'hi' });
  await m![Symbol.asyncDispose]();
  await using c = await client.getConnection();
  expect(await c.executeCommand('WATCH', 'a')).toBe('OK');
});
