import { startServer } from '@redlane/redis-server';
import { expect, it } from 'vitest';
import { check } from './check.js';

it('finds a real server that does what it is told', async () => {
  await using server = await startServer();
  expect((await check(server)).join('\n')).toMatch(/speaks RESP3\norder:1 is placed, with 2 lines/);
});

it('fails when the server is gone', async () => {
  const server = await startServer();
  await server.stop();
  await expect(check(server)).rejects.toThrow(/ECONNREFUSED/);
});
