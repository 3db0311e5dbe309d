import { RedisChannel } from '@redlane/channel';
import { type RedisServer, seededRandom, startServer } from '@redlane/redis-server';
import { afterAll, describe, expect, it } from 'vitest';
import { ways } from './support/drivers.js';
import { withSeed } from './support/seed.js';

const server = await startServer();
const locked = await startServer({ config: ['rename-command CLIENT ""'] });
afterAll(() => Promise.all([server.stop(), locked.stop()]));

const MESSAGES = 400;

/** Sends numbers at random times, and receives them by waits that are aborted, or end, at random times. */
async function checkAborts(at: RedisServer, way: (typeof ways)[number], seed: number): Promise<void> {
  await at.command('FLUSHALL');
  const random = seededRandom(seed);
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  await using opened = way.open(at);
  await using c = new RedisChannel<never, number>(at.port, '/foo', 'client');
  const s = new RedisChannel<number>(opened.source, '/foo', 'server');
  const sending = (async () => {
    for (let i = 0; i < MESSAGES; i++) {
      await c.sendMsg(i);
      if (random() < 0.5) await pause(random() * 4);
    }
  })();
  const received: number[] = [];
  let aborted = 0;
  let expired = 0;
  for (let tries = 0; received.length < MESSAGES && tries < 50 * MESSAGES; tries++) {
    const stop = new AbortController();
    const expires = random() < 0.3;
    const timeoutMs = expires ? random() * 3 : Number.POSITIVE_INFINITY;
    const timer = expires ? undefined : setTimeout(() => stop.abort(), random() * 3);
    try {
      const message = await s.brecvMsg({ signal: stop.signal, timeoutMs });
      if (message === undefined) expired++;
      else received.push(message);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ABORTED' });
      aborted++;
    }
    clearTimeout(timer);
  }
  await sending;
  await s.close();
  expect(received).toEqual(Array.from({ length: MESSAGES }, (_, i) => i));
  expect(aborted).toBeGreaterThan(10);
  expect(expired).toBeGreaterThan(10);
}

describe.each(ways)('over $name', (way) => {
  it('an abort at any time eats no message, and changes no order', () =>
    withSeed((seed) => checkAborts(server, way, seed)));

  it('also where the server does not let a wait be ended, and what came late goes to the next or back', async () => {
    await using opened = way.open(locked);
    await locked.command('FLUSHALL');
    await using c = new RedisChannel(locked.port, '/foo', 'client');
    const s = new RedisChannel(opened.source, '/foo', 'server');
    const stop = new AbortController();
    const wait = s.brecvMsg({ signal: stop.signal });
    await expect.poll(() => locked.command('INFO', 'clients')).toContain('blocked_clients:1');
    stop.abort();
    await expect(wait).rejects.toMatchObject({ code: 'ABORTED' });
    await c.sendMsgs([1, 2]);
    expect([await s.brecvMsg(5), await s.brecvMsg(5)]).toEqual([1, 2]);

    const again = new AbortController();
    const second = s.brecvMsg({ signal: again.signal });
    await expect.poll(() => locked.command('INFO', 'clients')).toContain('blocked_clients:1');
    again.abort();
    await expect(second).rejects.toMatchObject({ code: 'ABORTED' });
    await c.sendMsgs([3, 4]);
    await s.close();
    expect(await locked.command('LRANGE', '/foo/client', '0', '-1')).toEqual(['3', '4']);
  });

  it('puts back at close what a wait got in the last moment', async () => {
    await server.command('FLUSHALL');
    await using opened = way.open(server);
    await using c = new RedisChannel(server.port, '/foo', 'client');
    let kept = 0;
    for (let i = 0; i < 30; i++) {
      const s = new RedisChannel(opened.source, '/foo', 'server');
      const wait = s.brecvMsg().then(
        () => 1,
        () => 0,
      );
      const send = c.sendMsg(i);
      if (i % 3 === 2) await wait;
      else await new Promise((resolve) => setTimeout(resolve, i % 3));
      await s.close();
      await send;
      const left = Number(await server.command('LLEN', '/foo/client'));
      expect((await wait) + left).toBe(1);
      kept += left;
      await server.command('DEL', '/foo/client');
    }
    expect(kept).toBeLessThan(30);
  });
});
