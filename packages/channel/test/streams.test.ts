import { type Received, RedisChannel } from '@redlane/channel';
import { bytes, type Codec, type DecodeError, json } from '@redlane/client/codec';
import { startFaultProxy } from '@redlane/redis-server';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { ways } from './support/drivers.js';
import { testServer, untilBlocked } from './support/test-server.js';

const server = await testServer();
const lrange = (list: string) => server.command('LRANGE', list, '0', '-1');

describe.each(ways)('over $name', ({ open }) => {
  it('gives messages as they come, in order, until the iteration ends', async () => {
    await using way = open(server);
    await using c = new RedisChannel<never, number>(server.port, '/foo', 'client');
    await using s = new RedisChannel<number>(way.source, '/foo', 'server');
    await c.sendMsgs([1, 2, 3]);
    const received: number[] = [];
    for await (const message of s) {
      received.push(message);
      if (message === 3) await c.sendMsg(4);
      if (message === 4) break;
    }
    expect(received).toEqual([1, 2, 3, 4]);
    await c.sendMsg(5);
    expect(await s.recvMsg()).toBe(5);
  });

  it('ends an iteration that waits by its signal, by return, and by close', async () => {
    await using way = open(server);
    const s = new RedisChannel(way.source, '/foo', 'server');
    const stop = new AbortController();
    const bySignal = s.messages({ signal: stop.signal }).next();
    const iteration = s.messages();
    const byReturn = iteration.next();
    const byClose = s.messages().next();
    await untilBlocked(server);
    stop.abort(new Error('enough'));
    await expect(bySignal).rejects.toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } });
    await iteration.return?.();
    expect(await byReturn).toEqual({ done: true, value: undefined });
    await s.close();
    expect(await byClose).toEqual({ done: true, value: undefined });
    await expect.poll(() => server.command('INFO', 'clients')).toContain('blocked_clients:0');
  });

  it('fetches ahead when asked, and loses nothing of it', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using way = open(proxy);
    await using c = new RedisChannel<never, number>(server.port, '/foo', 'client');
    const s = new RedisChannel<number>(way.source, '/foo', 'server', { prefetch: 100 });
    await c.sendMsgs(Array.from({ length: 1_000 }, (_, i) => i));
    const received: number[] = [];
    for await (const message of s) {
      received.push(message);
      if (received.length === 950) break;
    }
    expect(proxy.commands({ name: 'LPOP' }).length).toBeLessThan(30);
    // What is here comes first, also for other ways to receive.
    received.push((await s.recvMsg()) as number, ...(await s.recvMsgs(4)));
    expect(await s.peekMsg()).toBe(955);
    expect(await s.rpeekMsg()).toBe(999);
    await s.close();
    expect(received).toEqual(Array.from({ length: 955 }, (_, i) => i));
    expect(await lrange('/foo/client')).toEqual(Array.from({ length: 45 }, (_, i) => String(955 + i)));
  });

  it('waits for the first of a batch', async () => {
    await using way = open(server);
    await using c = new RedisChannel(server.port, '/foo', 'client');
    await using s = new RedisChannel(way.source, '/foo', 'server');
    const batch = s.brecvMsgs(10, { timeoutMs: 10_000 });
    await untilBlocked(server);
    await c.sendMsgs([1, 2, 3]);
    expect((await batch).concat(await s.recvMsgs(10))).toEqual([1, 2, 3]);
    expect(await s.brecvMsgs(10, { timeoutMs: 20 })).toEqual([]);
  });

  it('checks both directions by schemas, whose types it takes', async () => {
    await using way = open(server);
    const order = z.object({ id: z.number(), at: z.string().transform((text) => new Date(text)) });
    const receipt = z.object({ ok: z.boolean() });
    await using s = new RedisChannel(way.source, '/foo', 'server', { incoming: order, outgoing: receipt });
    expectTypeOf(s.recvMsg).returns.resolves.toEqualTypeOf<{ id: number; at: Date } | undefined>();
    await server.command('RPUSH', '/foo/client', '{"id":1,"at":"2020-01-01"}', '{"id":"1"}');
    expect(await s.recvMsg()).toEqual({ id: 1, at: new Date('2020-01-01') });
    await expect(s.recvMsg()).rejects.toMatchObject({
      code: 'DECODE_FAILED',
      issues: [{ path: ['id'] }, { path: ['at'] }],
    });
    await s.sendMsg({ ok: true });
    await expect(s.sendMsg({ ok: 1 } as never)).rejects.toMatchObject({ code: 'ENCODE_FAILED' });
    expect(await lrange('/foo/server')).toEqual(['{"ok":true}']);
    expect(await s.deadLetters()).toHaveLength(1);
  });

  it('takes other codecs: bytes, and slow ones, whose messages do not overtake each other', async () => {
    await using way = open(server);
    await using c = new RedisChannel(way.source, '/raw', 'client', { codec: bytes });
    await using s = new RedisChannel(way.source, '/raw', 'server', { codec: bytes });
    await c.sendMsg(new Uint8Array([0, 255, 10]));
    expect(await s.recvMsg()).toEqual(Buffer.from([0, 255, 10]));

    const slow: Codec<number> = {
      replies: 'string',
      encode: (value) => new Promise((resolve) => setTimeout(() => resolve(String(value)), value)),
      decode: (raw) => Promise.resolve(Number(raw)),
    };
    await using one = new RedisChannel(way.source, '/slow', 'client', { codec: slow });
    await using other = new RedisChannel(way.source, '/slow', 'server', { codec: slow });
    await Promise.all([one.sendMsg(30), one.sendMsgs([20, 1]), one.sendMsg(0)]);
    expect(await other.recvMsgs(9)).toEqual([30, 20, 1, 0]);
  });

  it('goes on after a message that cannot be read when it is told whom to tell', async () => {
    await using way = open(server);
    await server.command('RPUSH', '/foo/client', '1', 'x', '2');
    const errors: DecodeError[] = [];
    await using s = new RedisChannel(way.source, '/foo', 'server', {
      onUndecodable: (error) => errors.push(error),
    });
    const received: unknown[] = [];
    for await (const message of s) {
      received.push(message);
      if (message === 2) break;
    }
    expect(received).toEqual([1, 2]);
    expect(errors.map(({ raw }) => String(raw))).toEqual(['x']);
    expect((await s.stats()).own.undecodable).toBe(1);
    await server.command('RPUSH', '/foo/client', 'y');
    await using strict = new RedisChannel(way.source, '/foo', 'server');
    await expect(strict.messages().next()).rejects.toMatchObject({ code: 'DECODE_FAILED' });
  });
});

it('has types for what is received', () => {
  expectTypeOf<Received<number, false>>().toEqualTypeOf<number>();
  expectTypeOf<Received<number, true>['data']>().toEqualTypeOf<number>();
  expect(() => new RedisChannel(1, '/a', 'client', { incoming: {} as never })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', option: 'schema' }),
  );
  expect(json().replies).toBe('bytes');
});
