import { RedisChannel } from '@redlane/channel';
import { describe, expect, it } from 'vitest';
import { ways } from './support/drivers.js';
import { testServer } from './support/test-server.js';

const server = await testServer();
const pttl = async () => Number(await server.command('PTTL', '/foo/client'));

describe.each(ways)('what is put back at close(), over $name', ({ open }) => {
  it('leaves the expiry of the list alone while others are in it', async () => {
    await using way = open(server);
    const s = new RedisChannel(way.source, '/foo', 'server', { prefetch: 3, expireMs: 50 });
    await server.command('RPUSH', '/foo/client', ...'123456789');
    for await (const _ of s) break;
    await s.close();
    expect(await server.command('LRANGE', '/foo/client', '0', '-1')).toEqual([...'23456789']);
    expect(await pttl()).toBe(-1);
  });

  it('does not shorten the expiry that a sender has set since', async () => {
    await using way = open(server);
    await using c = new RedisChannel(way.source, '/foo', 'client', { expireMs: 500_000 });
    const s = new RedisChannel(way.source, '/foo', 'server', {
      prefetch: 10,
      expireMs: 50_000,
      refreshOnReceive: true,
    });
    await c.sendMsgs([1, 2, 3]);
    for await (const _ of s) break;
    await c.sendMsg(4);
    await s.close();
    expect(await pttl()).toBeGreaterThan(400_000);
  });

  it('expires when it would have expired, also when the list had gone', async () => {
    await using way = open(server);
    await using c = new RedisChannel(way.source, '/foo', 'client', { expireMs: 500_000 });
    const s = new RedisChannel(way.source, '/foo', 'server', { prefetch: 10 });
    await c.sendMsgs([1, 2, 3]);
    for await (const _ of s) break;
    expect(await pttl()).toBe(-2);
    await s.close();
    expect(await server.command('LLEN', '/foo/client')).toBe(2);
    expect(await pttl()).toBeGreaterThan(400_000);
    expect(await pttl()).toBeLessThanOrEqual(500_000);
  });

  it('never expires when it never would have', async () => {
    await using way = open(server);
    const s = new RedisChannel(way.source, '/foo', 'server', { prefetch: 10_000, expireMs: 50 });
    await server.command('RPUSH', '/foo/client', ...Array.from({ length: 9_000 }, (_, i) => String(i)));
    for await (const _ of s) break;
    expect(await pttl()).toBe(-2);
    await s.close();
    expect(await server.command('LLEN', '/foo/client')).toBe(8_999);
    expect(await server.command('LINDEX', '/foo/client', '-1')).toBe('8999');
    expect(await pttl()).toBe(-1);
  });
});
