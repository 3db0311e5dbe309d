import { type HandlerContext, RedisChannel } from '@redlane/channel';
import type { Codec, DecodeError, JsonValue } from '@redlane/client/codec';
import { describe, expect, it } from 'vitest';
import { ways } from './support/drivers.js';
import { testServer } from './support/test-server.js';

const server = await testServer();
const envelope = { envelope: true } as const;

describe.each(ways)('over $name', ({ open }) => {
  it('gets each reply to its own request, with several requesters on one end', async () => {
    await using way = open(server);
    const clients = Array.from(
      { length: 3 },
      () => new RedisChannel<number, number>(way.source, '/sum', 'client', envelope),
    );
    await using s = new RedisChannel<number, number>(way.source, '/sum', 'server', envelope);
    const contexts: HandlerContext[] = [];
    s.serve(async (n, context) => {
      contexts.push(context);
      await new Promise((resolve) => setTimeout(resolve, n % 5));
      return n * 2;
    });
    const requests = clients.flatMap((client, c) =>
      Array.from({ length: 50 }, (_, i) => ({ n: c * 100 + i, reply: client.request(c * 100 + i) })),
    );
    for (const { n, reply } of requests) expect(await reply).toBe(n * 2);
    expect(contexts).toHaveLength(150);
    expect(contexts[0]).toMatchObject({ deliveries: 1, isRequest: true });
    for (const client of clients) await client.close();
    expect(await server.command('KEYS', '*:reply:*')).toEqual([]);
  });

  it('handles no more at a time than it should', async () => {
    await using way = open(server);
    await using c = new RedisChannel<number, number>(way.source, '/few', 'client', envelope);
    await using s = new RedisChannel<number, number>(way.source, '/few', 'server', envelope);
    let now = 0;
    let most = 0;
    await using serving = s.serve(
      async (n) => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 5));
        now--;
        return n;
      },
      { concurrency: 3 },
    );
    await Promise.all(Array.from({ length: 20 }, (_, i) => c.request(i)));
    expect(most).toBe(3);
    await serving.stop();
    await serving.ended;
  });

  it('carries errors back with their names and codes', async () => {
    await using way = open(server);
    await using c = new RedisChannel<unknown, string>(way.source, '/fail', 'client', envelope);
    await using s = new RedisChannel<string, unknown>(way.source, '/fail', 'server', envelope);
    s.serve((what) => {
      if (what === 'unwritable') return () => 1;
      throw Object.assign(new RangeError('too far'), { code: 'TIMEOUT' });
    });
    await expect(c.request('throw')).rejects.toMatchObject({
      code: 'HANDLER_FAILED',
      remote: { name: 'RangeError', message: 'too far', code: 'TIMEOUT' },
    });
    await expect(c.request('unwritable')).rejects.toMatchObject({ remote: { code: 'ENCODE_FAILED' } });
  });

  it('ends at its time or signal, does not handle what nobody waits for, and drops late replies', async () => {
    await using way = open(server);
    await using c = new RedisChannel<string, string>(way.source, '/late', 'client', envelope);
    await using s = new RedisChannel<string, string>(way.source, '/late', 'server', envelope);
    await expect(c.request('nobody', { timeoutMs: 30 })).rejects.toMatchObject({
      code: 'REQUEST_TIMEOUT',
      timeoutMs: 30,
    });
    // So that it is stale, to the precision of clocks.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const handled: string[] = [];
    let finish: () => void = () => undefined;
    s.serve(async (what) => {
      handled.push(what);
      if (what === 'slow') await new Promise<void>((resolve) => (finish = resolve));
      return what;
    });
    const stop = new AbortController();
    const slow = c.request('slow', { signal: stop.signal });
    await expect.poll(() => handled).toEqual(['slow']);
    stop.abort();
    await expect(slow).rejects.toMatchObject({ code: 'ABORTED' });
    finish();
    expect(await c.request('next')).toBe('next');
    await expect.poll(async () => (await c.stats()).own.lateReplies).toBe(1);
    expect(handled).toEqual(['slow', 'next']);
    expect((await s.stats()).own.expired).toBe(1);
  });

  it('when reliable, handles again what was not handled to the end', async () => {
    await using way = open(server);
    await using c = new RedisChannel<never, string>(way.source, '/again', 'client', envelope);
    const reliable = { ...envelope, reliable: true } as const;
    await using s = new RedisChannel<string, void, true>(way.source, '/again', 'server', reliable);
    const seen: string[] = [];
    const errors: unknown[] = [];
    s.serve(
      (what, { deliveries, isRequest }) => {
        seen.push(`${what} ${deliveries} ${isRequest}`);
        if (deliveries < 3) throw new Error('not yet');
      },
      { onError: (error) => errors.push(error) },
    );
    await c.sendMsg('a');
    await expect.poll(() => seen).toEqual(['a 1 false', 'a 2 false', 'a 3 false']);
    await expect.poll(async () => (await s.stats()).inProcess).toBe(0);
    expect(errors).toHaveLength(2);
  });

  it('tells a requester that its request cannot be decoded', async () => {
    await using way = open(server);
    await using c = new RedisChannel<JsonValue, JsonValue>(way.source, '/bad', 'client', envelope);
    const codec: Codec<JsonValue> = {
      replies: 'string',
      encode: JSON.stringify,
      decode: (raw) => {
        if (raw === '"bad"') throw new Error('no good');
        return JSON.parse(String(raw));
      },
    };
    await using s = new RedisChannel<JsonValue, JsonValue>(way.source, '/bad', 'server', {
      ...envelope,
      codec,
    });
    const errors: unknown[] = [];
    s.serve((what) => what, { onError: (error) => errors.push(error) });
    await expect(c.request('bad')).rejects.toMatchObject({ remote: { code: 'DECODE_FAILED' } });
    await c.sendMsg('bad');
    expect(await c.request('good')).toBe('good');
    await expect.poll(() => errors).toMatchObject([{ code: 'DECODE_FAILED' }, { code: 'DECODE_FAILED' }]);
    const [letter] = await s.deadLetters();
    expect(String(letter?.raw)).toMatch(/^redlane\/1 .*\n"bad"$/);
    expect(String((errors[0] as DecodeError).raw)).toBe(String(letter?.raw));
  });

  it('rejects what waits at close', async () => {
    await using way = open(server);
    const c = new RedisChannel<never, string>(way.source, '/close', 'client', envelope);
    const request = c.request('a');
    const closed = expect(request).rejects.toMatchObject({ code: 'CLOSED' });
    await c.close();
    await closed;
  });
});

it('needs envelopes, and says so', async () => {
  await using c = new RedisChannel(server.port, '/plain', 'client');
  await expect(c.request(1)).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'envelope' });
  await expect(c.sendMsg(1, { ttlMs: 5 })).rejects.toMatchObject({ option: 'envelope' });
  expect(() => c.serve(() => 1)).toThrow(expect.objectContaining({ option: 'envelope' }));
  await using e = new RedisChannel(server.port, '/plain', 'client', { envelope: true });
  await e.sendMsg(1);
  await using s = new RedisChannel(server.port, '/plain', 'server');
  await expect(s.recvMsg()).rejects.toThrow(/envelope: true/);
});
