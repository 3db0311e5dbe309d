import { getEventListeners } from 'node:events';
import { RedisChannel } from '@redlane/channel';
import type { Codec, JsonValue } from '@redlane/client/codec';
import { describe, expect, it } from 'vitest';
import { ways } from './support/drivers.js';
import { testServer } from './support/test-server.js';

const server = await testServer();
const lrange = (list: string) => server.command('LRANGE', list, '0', '-1');
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const inputBytes = async () =>
  Number(/total_net_input_bytes:(\d+)/.exec(String(await server.command('INFO', 'stats')))?.[1]);

/** JSON, written after as many turns of the event loop as the message says. */
const slow: Codec<number> = {
  replies: 'string',
  encode: async (n) => {
    for (let i = 0; i < n; i++) await new Promise((resolve) => setImmediate(resolve));
    return String(n);
  },
  decode: Number,
};

describe.each(ways)('over $name', ({ open }) => {
  it('close() sends what was called before it, however long that takes to be written', async () => {
    await using way = open(server);
    for (const options of [{}, { envelope: true }, { codec: slow as Codec<JsonValue> }, { maxLength: 50 }]) {
      await server.command('DEL', '/foo/client');
      const c = new RedisChannel(way.source, '/foo', 'client', options);
      const sends = [c.sendMsg(1), c.sendMsg(5), c.sendMsg(0), c.sendMsgs([3, 2]), c.sendMsg(4)];
      await c.close();
      await Promise.all(sends);
      const messages = ((await lrange('/foo/client')) as string[]).map((raw) => raw.split('\n').at(-1));
      expect(messages).toEqual(['1', '5', '0', '3', '2', '4']);
    }
  });

  it('refuses a batch for which there is no room before anything of it is sent', async () => {
    await using way = open(server);
    await using c = new RedisChannel(way.source, '/foo', 'client', { maxLength: 1_500 });
    await expect(c.sendMsgs(numbers(2_000))).rejects.toMatchObject({ code: 'CHANNEL_FULL' });
    expect(await server.command('LLEN', '/foo/client')).toBe(0);
    expect(await c.sendMsgs(numbers(1_500))).toBe(1_500);
  });

  it('says how much of a batch was sent, and sends nothing after what was not', async () => {
    await using way = open(server);
    const c = new RedisChannel(way.source, '/foo', 'client', { maxLength: 2, overflow: 'wait' });
    const stop = new AbortController();
    const batch = c.sendMsgs(numbers(4), { signal: stop.signal });
    await expect.poll(() => lrange('/foo/client')).toEqual(['0', '1']);
    stop.abort(new Error('enough'));
    await expect(batch).rejects.toMatchObject({
      code: 'PARTLY_SENT',
      sent: 2,
      maybeExecuted: true,
      cause: { code: 'ABORTED', maybeExecuted: false },
    });
    const last = c.sendMsgs([7, 8, 9]);
    const turnedAway = expect(last).rejects.toMatchObject({ code: 'PARTLY_SENT', sent: 1 });
    await server.command('LPOP', '/foo/client');
    await expect.poll(() => lrange('/foo/client')).toEqual(['1', '7']);
    await c.close();
    await turnedAway;
  });

  it('sends no payload while there is no room', async () => {
    await using way = open(server);
    const options = { maxLength: 1, overflow: 'wait' } as const;
    const c = new RedisChannel(way.source, '/foo', 'client', options);
    await c.sendMsg('first');
    const waiting = Array.from({ length: 100 }, () => c.sendMsg('y'.repeat(1_000)).catch(() => undefined));
    // So that the first attempt is over.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = await inputBytes();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await inputBytes()) - before).toBeLessThan(20_000);
    await server.command('LPOP', '/foo/client');
    await expect.poll(() => server.command('LLEN', '/foo/client')).toBe(1);
    await c.close();
    await Promise.all(waiting);
  });

  it('does not send a request that nobody waits for any more', async () => {
    await using way = open(server);
    const options = { envelope: true, maxLength: 1, overflow: 'wait' } as const;
    await using c = new RedisChannel(way.source, '/foo', 'client', options);
    await c.sendMsg('first');
    const stop = new AbortController();
    const aborted = c.request('aborted', { signal: stop.signal });
    const late = c.request('late', { timeoutMs: 20 });
    await expect(late).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
    stop.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED', maybeExecuted: false });
    const last = c.sendMsg('last');
    await server.command('LPOP', '/foo/client');
    await last;
    expect(await lrange('/foo/client')).toEqual([expect.stringContaining('"last"')]);
  });

  it('has one listener on a signal, however many messages it is for', async () => {
    await using way = open(server);
    const options = { maxLength: 1, overflow: 'wait', envelope: true } as const;
    await using c = new RedisChannel<JsonValue, number>(way.source, '/foo', 'client', options);
    const stop = new AbortController();
    const sends = numbers(100).map((n) => c.sendMsg(n, { signal: stop.signal }));
    const batch = c.sendMsgs(numbers(5_000), { signal: stop.signal });
    const requests = numbers(100).map((n) => c.request(n, { signal: stop.signal }));
    const all = Promise.allSettled([...sends.slice(1), batch, ...requests]);
    await sends[0];
    expect(getEventListeners(stop.signal, 'abort').length).toBeLessThan(3);
    stop.abort();
    const reasons = (await all).map((one) => (one.status === 'rejected' ? one.reason.code : one.value));
    expect(new Set(reasons)).toEqual(new Set(['ABORTED']));
  });
});

it('leaves no rejection to nobody when an iterable throws', async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', hear);
  function* messages(): Generator<number> {
    yield 0;
    throw new Error('no more');
  }
  const failing: Codec<number> = { ...slow, encode: () => Promise.reject(new Error('unwritable')) };
  await using c = new RedisChannel<number, number>(server.port, '/foo', 'client', { codec: failing });
  await expect(c.sendMsgs(messages())).rejects.toThrow('no more');
  await using plain = new RedisChannel<JsonValue, unknown>(server.port, '/foo', 'client');
  const unwritable = function* (): Generator<unknown> {
    yield 1n;
    throw new Error('not reached');
  };
  await expect(plain.sendMsgs(unwritable())).rejects.toMatchObject({ code: 'ENCODE_FAILED' });
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
});
