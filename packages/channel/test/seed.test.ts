import { ChannelClosedError, RedisChannel } from '@redlane/channel';
import { json } from '@redlane/client/codec';
import { toDriver } from '@redlane/client/driver';
import { startFaultProxy } from '@redlane/redis-server';
import { describe, expect, it } from 'vitest';
import { ways } from './support/drivers.js';
import { testServer, untilBlocked } from './support/test-server.js';

const server = await testServer();

const rpush = (list: string, ...texts: string[]) => server.command('RPUSH', list, ...texts);
const lrange = (list: string) => server.command('LRANGE', list, '0', '-1');
const connections = async () =>
  Number(/connected_clients:(\d+)/.exec(String(await server.command('INFO', 'clients')))?.[1]);

describe.each(ways)('over $name', ({ open }) => {
  it('opens nothing at construction, and closes what it has opened', async () => {
    await using way = open(server);
    const before = await connections();
    const channel = new RedisChannel(way.source, '/foo', 'client');
    expect(channel).toMatchObject({
      channel: '/foo',
      peer: 'client',
      sendListName: '/foo/client',
      recvListName: '/foo/server',
    });
    expect(await connections()).toBe(before);
    await channel.sendMsg(1);
    await channel.close();
    await channel.close();
    await expect(channel.recvMsg()).rejects.toThrow(ChannelClosedError);
    await expect(channel.sendMsg(1)).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('sends and receives in order, both ways, and tells the length', async () => {
    await using way = open(server);
    await using c = new RedisChannel(way.source, ['async', 'image'], 'client');
    await using s = new RedisChannel(way.source, '/async/image', 'server');
    expect(await c.sendMsg({ n: 1, text: 'é✗😀' })).toBe(1);
    expect(await Promise.all([c.sendMsg('2'), c.sendMsg([3]), c.sendMsgs([4, 5])])).toEqual([2, 3, 5]);
    expect(await lrange('/async/image/client')).toEqual(['{"n":1,"text":"é✗😀"}', '"2"', '[3]', '4', '5']);
    await s.sendMsg(true);
    expect(await s.recvMsg()).toEqual({ n: 1, text: 'é✗😀' });
    expect(await s.recvMsg()).toBe('2');
    expect(await s.recvMsgs(9)).toEqual([[3], 4, 5]);
    expect(await s.recvMsgs(9)).toEqual([]);
    expect(await s.recvMsg()).toBeUndefined();
    expect(await c.recvMsg()).toBe(true);
    expect(await c.sendMsgs([])).toBe(0);
  });

  it('1: tells a null from none, in every receive and peek', async () => {
    await using way = open(server);
    await using c = new RedisChannel(way.source, '/foo', 'client');
    await using s = new RedisChannel(way.source, '/foo', 'server');
    const receives = [
      () => s.recvMsg(),
      () => s.brecvMsg({ timeoutMs: 50 }),
      () => s.recvLastMsg(),
      () => s.brecvLastMsg({ timeoutMs: 50 }),
      () => s.peekMsg(),
      () => s.rpeekMsg(),
    ];
    for (const receive of receives) {
      expect(await receive()).toBeUndefined();
      await c.sendMsg(null);
      expect(await receive()).toBeNull();
      await s.destroyChannel();
    }
  });

  it('2: brecvLastMsg gives the newest, also when it is falsy', async () => {
    await using way = open(server);
    await using c = new RedisChannel(way.source, '/foo', 'client');
    await using s = new RedisChannel(way.source, '/foo', 'server');
    for (const falsy of [0, '', false, [], {}, null]) {
      await c.sendMsgs(['older', null, falsy]);
      expect(await s.brecvLastMsg(1)).toEqual(falsy);
      expect(await lrange('/foo/client')).toEqual([]);
    }
    await c.sendMsg('only');
    expect(await s.brecvLastMsg({ timeoutMs: 1_000 })).toBe('only');
  });

  it('3: recvLastMsg is one command, whatever the length', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using way = open(proxy);
    await using c = new RedisChannel(server.port, '/foo', 'client');
    await using s = new RedisChannel(way.source, '/foo', 'server');
    // The first one brings the script.
    await s.recvLastMsg();
    await c.sendMsgs(Array.from({ length: 2_500 }, (_, i) => i));
    proxy.clearCommands();
    expect(await s.recvLastMsg()).toBe(2_499);
    expect(proxy.commands().map(({ args }) => args[0])).toEqual(['EVALSHA']);
    expect(await s.recvLastMsg()).toBeUndefined();
  });

  it('4: sends and sets the expiry in one step, of fractions of a second too', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using way = open(proxy);
    await using c = new RedisChannel(way.source, '/foo', 'client', { expireMs: 1_500 });
    expect(await c.sendMsg(1)).toBe(1);
    const first = Number(await server.command('PTTL', '/foo/client'));
    expect(first).toBeGreaterThan(1_000);
    expect(first).toBeLessThanOrEqual(1_500);
    proxy.clearCommands();
    expect(await c.sendMsg(2)).toBe(2);
    expect(proxy.commands().map(({ args }) => args[0])).toEqual(['EVALSHA']);
    await using seconds = new RedisChannel(way.source, '/bar', 'client', 20);
    await seconds.sendMsg(1);
    expect(Number(await server.command('TTL', '/bar/client'))).toBeGreaterThan(18);
    for (const expireMs of [0, -1, Number.NaN]) {
      expect(() => new RedisChannel(server.port, '/foo', 'client', { expireMs })).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION', option: 'expireMs' }),
      );
    }
  });

  it('5: a sender without expiry leaves it alone, with null it takes it away, and a receiver may renew it', async () => {
    await using way = open(server);
    await using c = new RedisChannel(way.source, '/foo', 'client', { expireMs: 20_000 });
    await using plain = new RedisChannel(way.source, '/foo', 'client');
    await using never = new RedisChannel(way.source, '/foo', 'client', { expireMs: null });
    await using s = new RedisChannel(way.source, '/foo', 'server', {
      expireMs: 90_000,
      refreshOnReceive: true,
    });
    await c.sendMsgs([1, 2]);
    await plain.sendMsg(3);
    expect(Number(await server.command('TTL', '/foo/client'))).toBeGreaterThan(0);
    expect(await s.recvMsg()).toBe(1);
    await expect.poll(async () => Number(await server.command('TTL', '/foo/client'))).toBeGreaterThan(80);
    await never.sendMsg(4);
    expect(await server.command('TTL', '/foo/client')).toBe(-1);
  });

  it('7: a message that cannot be read is kept as a dead letter, and the error has its bytes', async () => {
    await using way = open(server);
    await using s = new RedisChannel(way.source, '/foo', 'server');
    await rpush('/foo/client', '{"broken', '"fine"');
    const error = await s.recvMsg().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'DECODE_FAILED', raw: Buffer.from('{"broken') });
    expect(await s.recvMsg()).toBe('fine');
    const [letter] = await s.deadLetters();
    expect(String(letter?.raw)).toBe(String(Buffer.from('{"broken')));
    expect(letter?.reason).toContain('it is no JSON');
    expect(await server.command('EXISTS', '/foo/client:dead')).toBe(1);
    // Back to the head of the list, for whoever can read it.
    await rpush('/foo/client', '"later"');
    expect(await s.redrive(9)).toBe(1);
    expect(await lrange('/foo/client')).toEqual(['{"broken', '"later"']);
  });

  it('7: in a batch it is told when all before it were received', async () => {
    await using way = open(server);
    await using s = new RedisChannel(way.source, '/foo', 'server');
    await rpush('/foo/client', '1', '2', 'x', '3', '4');
    expect(await s.recvMsgs(9)).toEqual([1, 2]);
    await expect(s.recvMsgs(9)).rejects.toMatchObject({ code: 'DECODE_FAILED' });
    expect(await s.recvMsgs(9)).toEqual([3, 4]);
    expect(await s.deadLetters()).toHaveLength(1);
  });

  it('8, 9, 10: lists by SCAN the names below a prefix, as they are written, and lists only', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using way = open(proxy);
    await using channel = new RedisChannel(way.source, '/foo', 'client');
    for (const name of ['/foo', '/foo/b', '/foo/a', '/foo/a/x', '/foo[1]/y', '/fo*/z', '/foo/client']) {
      await rpush(`${name}/client`, '1');
      await rpush(`${name}/server`, '1');
    }
    await server.command('SET', '/foo/text/client', '1');
    await rpush('/foo/other', '1');
    expect(await channel.listChannel('/foo/')).toEqual(['/foo/a', '/foo/a/x', '/foo/b', '/foo/client']);
    expect(await channel.listChannel(['foo', 'a'])).toEqual(['/foo/a/x']);
    expect(await channel.listChannel('/foo[1]/')).toEqual(['/foo[1]/y']);
    expect(await channel.listChannel('/fo*/')).toEqual(['/fo*/z']);
    expect(await channel.listChannel([])).toHaveLength(7);
    expect(proxy.commands({ name: 'KEYS' })).toEqual([]);
    for (const prefix of ['foo/', '/foo', '/foo/*'])
      await expect(channel.listChannel(prefix)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('14: all who wait here have one connection between them, in their order', async () => {
    await using way = open(server);
    await using c = new RedisChannel(server.port, '/foo', 'client');
    await using s = new RedisChannel(way.source, '/foo', 'server');
    const waits = Array.from({ length: 20 }, () => s.brecvMsg(0));
    await untilBlocked(server);
    await c.sendMsgs(Array.from({ length: 20 }, (_, i) => i));
    expect(await Promise.all(waits)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('15: a wait goes on over a lost connection, and ends at its time', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using way = open(proxy);
    await using c = new RedisChannel(server.port, '/foo', 'client');
    await using s = new RedisChannel(way.source, '/foo', 'server');
    const wait = s.brecvMsg({ timeoutMs: 20_000 });
    await untilBlocked(server);
    proxy.cut('RST');
    await proxy.waitForCommand('BLPOP', { forwarded: true });
    await c.sendMsg('late');
    expect(await wait).toBe('late');

    const began = performance.now();
    expect(await s.brecvMsg({ timeoutMs: 200 })).toBeUndefined();
    expect(performance.now() - began).toBeGreaterThanOrEqual(195);
    await proxy.refuse('CLOSED');
    proxy.cut('RST');
    await expect(s.brecvMsg({ timeoutMs: 300 })).rejects.toMatchObject({ code: expect.any(String) });
    await proxy.restore();
  });

  it('15: a key of another type is a clear error', async () => {
    await using way = open(server);
    await using s = new RedisChannel(way.source, '/foo', 'server');
    await server.command('SET', '/foo/client', '1');
    const calls = await Promise.allSettled([s.recvMsg(), s.brecvMsg(1), s.recvLastMsg(), s.peekMsg()]);
    for (const call of calls)
      expect(call).toMatchObject({ status: 'rejected', reason: { code: 'WRONGTYPE' } });
  });

  it('17: writes strict JSON, reads strictly, and speaks as Python does when asked', async () => {
    await using way = open(server);
    await using c = new RedisChannel<unknown, unknown>(way.source, '/foo', 'client');
    await using s = new RedisChannel(way.source, '/foo', 'server');
    for (const value of [Number.NaN, [undefined], 1n, new Map()])
      await expect(c.sendMsg(value)).rejects.toMatchObject({ code: 'ENCODE_FAILED' });
    expect(await lrange('/foo/client')).toEqual([]);
    await rpush('/foo/client', '[NaN]', '9007199254740993', '1.0');
    await expect(s.recvMsg()).rejects.toMatchObject({ code: 'DECODE_FAILED' });
    await expect(s.recvMsg()).rejects.toMatchObject({ code: 'DECODE_FAILED' });
    expect(await s.recvMsg()).toBe(1);
    await s.redrive(2);
    const codec = json<unknown>({ python: true });
    await using python = new RedisChannel(way.source, '/foo', 'server', { codec });
    expect(await python.recvMsg()).toEqual([Number.NaN]);
    expect(await python.recvMsg()).toBe(9_007_199_254_740_993n);
    await python.sendMsg([Number.POSITIVE_INFINITY, 2n ** 70n]);
    expect(await lrange('/foo/server')).toEqual(['[Infinity,1180591620717411303424]']);
  });

  it('peeks at both ends of the list that it receives from', async () => {
    await using way = open(server);
    await using s = new RedisChannel(way.source, '/foo', 'server');
    await rpush('/foo/client', '1', '2', '3');
    expect(await s.peekMsg()).toBe(1);
    expect(await s.rpeekMsg()).toBe(3);
    expect(await s.recvMsg()).toBe(1);
  });
});

it('11, 13: refuses names and peers that could not be told apart', () => {
  for (const name of ['foo', '', '/', '/foo/', '/a//b', ['a', ''], ['a/b'], []]) {
    expect(() => new RedisChannel(1, name, 'client')).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option: 'channel' }),
    );
  }
  expect(() => new RedisChannel(1, '/foo', 'Client' as 'client')).toThrow(TypeError);
  expect(() => new RedisChannel(1, '/foo', 'Client' as 'client')).toThrow(/"client" or "server"/);
  expect(new RedisChannel(1, 'foo/', 'client', { unsafeName: true }).sendListName).toBe('foo//client');
});

it('leaves open what it was given', async () => {
  const driver = toDriver(server.port);
  await new RedisChannel(driver, '/foo', 'client').close();
  expect(await driver.send(['PING'])).toBe('PONG');
  await driver.close();
});
