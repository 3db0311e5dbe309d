import { RedisChannel } from '@redlane/channel';
import { describe, expect, it } from 'vitest';
import { ways } from './support/drivers.js';
import { testServer } from './support/test-server.js';

const server = await testServer();

describe.each(ways)('a dead letter that cannot be written, over $name', ({ open }) => {
  it.each([false, true])('is received again, and the error says why (reliable: %s)', async (reliable) => {
    await using way = open(server);
    const s = new RedisChannel(way.source, '/foo', 'server', {
      reliable,
      onUndecodable: () => {
        throw new Error('it is not a dead letter');
      },
    });
    await server.command('SET', '/foo/client:dead', 'no list');
    await server.command('RPUSH', '/foo/client', 'bad', '2');
    await expect(s.recvMsg()).rejects.toMatchObject({ code: 'WRONGTYPE' });
    await expect(s.recvMsgs(2)).rejects.toMatchObject({ code: 'WRONGTYPE' });
    await expect(s.messages().next()).rejects.toMatchObject({ code: 'WRONGTYPE' });
    await server.command('DEL', '/foo/client:dead');
    expect((await s.stats()).own.undecodable).toBe(0);
    await expect(s.recvMsg()).rejects.toMatchObject({ code: 'DECODE_FAILED' });
    expect(await s.deadLetters()).toHaveLength(1);
    expect(await s.recvMsg()).toEqual(reliable ? expect.objectContaining({ data: 2, deliveries: 1 }) : 2);
    await s.close();
  });

  it.each([false, true])('is not lost at close (reliable: %s)', async (reliable) => {
    await using way = open(server);
    const s = new RedisChannel(way.source, '/foo', 'server', { reliable });
    await server.command('SET', '/foo/client:dead', 'no list');
    await server.command('RPUSH', '/foo/client', 'bad', '2');
    await expect(s.recvMsgs(9)).rejects.toMatchObject({ code: 'WRONGTYPE' });
    await s.close();
    await server.command('DEL', '/foo/client:dead');
    await using next = new RedisChannel(way.source, '/foo', 'server', { reliable });
    await expect(next.recvMsg()).rejects.toMatchObject({ code: 'DECODE_FAILED' });
    expect(await next.recvMsg()).toBeDefined();
  });
});
