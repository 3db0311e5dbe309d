import { RedisChannel } from '@redlane/channel';
import { type RedisServer, seededRandom } from '@redlane/redis-server';
import { describe, expect, it } from 'vitest';
import { ways } from './support/drivers.js';
import { withSeed } from './support/seed.js';
import { testServer } from './support/test-server.js';

const server = await testServer();
const MESSAGES = 2_000;

/** The default mode loses what was on its way when a connection died, says so, and nothing else; and gives nothing twice. */
async function checkLosses(way: (typeof ways)[number], prefetch: number, seed: number): Promise<void> {
  const random = seededRandom(seed);
  await using c = new RedisChannel<never, number>(server.port, '/foo', 'client');
  await using opened = way.open(server);
  const s = new RedisChannel<number>(opened.source, '/foo', 'server', { prefetch });
  const received: number[] = [];
  const stop = new AbortController();
  const receiving = (async () => {
    for await (const message of s.messages({ signal: stop.signal })) {
      received.push(message);
      if (received.length % 100 === 0) await new Promise(setImmediate);
    }
  })().catch(() => undefined);
  for (let i = 0; i < MESSAGES; i += 10) {
    await c.sendMsgs(Array.from({ length: 10 }, (_, k) => i + k));
    if (random() < 0.05) await cutOthers(server);
    if (random() < 0.1) await new Promise((resolve) => setTimeout(resolve, random() * 10));
  }
  await expect.poll(() => server.command('LLEN', '/foo/client'), { timeout: 20_000 }).toBe(0);
  stop.abort();
  await receiving;
  const { own } = await s.stats();
  await s.close();
  const left = (await server.command('LRANGE', '/foo/client', '0', '-1')) as string[];
  const all = [...received, ...left.map(Number)];
  expect(all).toEqual([...new Set(all)].sort((one, other) => one - other));
  const lost = MESSAGES - all.length;
  expect(own.maybeLost * Math.max(1, prefetch)).toBeGreaterThanOrEqual(lost);
}

/** The sender's connection stays, which is the one that pushes. */
async function cutOthers(at: RedisServer): Promise<void> {
  const list = String(await at.command('CLIENT', 'LIST', 'TYPE', 'normal'));
  for (const [, id = '', command] of list.matchAll(/^id=(\d+) addr=127.* cmd=(\S+)/gm)) {
    if (command !== 'rpush') await at.command('CLIENT', 'KILL', 'ID', id).catch(() => undefined);
  }
}

describe.each(ways)('over $name', (way) => {
  it.each([0, 50])('the default mode loses no more than it says, with %i ahead', (prefetch) =>
    withSeed((seed) => checkLosses(way, prefetch, seed)),
  );
});
