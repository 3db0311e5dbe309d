import { RedisChannel } from '@redlane/channel';
import type { Codec } from '@redlane/client/codec';
import { startFaultProxy } from '@redlane/redis-server';
import { describe, expect, it } from 'vitest';
import { ways } from './support/drivers.js';
import { testServer } from './support/test-server.js';

const server = await testServer();
const lrange = (list: string) => server.command('LRANGE', list, '0', '-1');

/** Reads as slowly as it is told, and cannot read `bad`. */
function slowCodec(): { readonly codec: Codec<unknown>; readonly reading: Promise<void>; go(): void } {
  let begin!: () => void;
  let go!: () => void;
  const reading = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const gone = new Promise<void>((resolve) => {
    go = resolve;
  });
  const decode = async (raw: unknown): Promise<unknown> => {
    begin();
    await gone;
    if (String(raw) === 'bad') throw new Error('cannot be read');
    return String(raw);
  };
  return { codec: { replies: 'string', encode: String, decode }, reading, go };
}

describe.each(ways)('close() while a message is being read, over $name', ({ open }) => {
  it('lets its receive have it', async () => {
    for (const receive of ['recvMsg', 'brecvMsg', 'recvLastMsg', 'messages'] as const) {
      await using way = open(server);
      await server.command('RPUSH', '/foo/client', 'one');
      const { codec, reading, go } = slowCodec();
      const s = new RedisChannel(way.source, '/foo', 'server', { codec });
      const received =
        receive === 'messages'
          ? s
              .messages()
              .next()
              .then(({ value }) => value)
          : s[receive]();
      await reading;
      const closed = s.close();
      go();
      expect([receive, await received]).toEqual([receive, 'one']);
      await closed;
    }
  });

  it('makes a dead letter of it when it cannot be read, and gives back what came with it', async () => {
    await using way = open(server);
    await server.command('RPUSH', '/foo/client', 'bad', 'two', 'three');
    const { codec, reading, go } = slowCodec();
    const s = new RedisChannel(way.source, '/foo', 'server', { codec });
    const received = s.recvMsgs(9);
    await reading;
    const closed = s.close();
    go();
    await expect(received).rejects.toMatchObject({ code: 'DECODE_FAILED' });
    await closed;
    expect(await lrange('/foo/client')).toEqual(['two', 'three']);
    expect(await server.command('LLEN', '/foo/client:dead')).toBe(1);
  });

  it('does not wait for receives that wait for a message', async () => {
    await using way = open(server);
    const s = new RedisChannel(way.source, '/foo', 'server');
    const waits = [s.brecvMsg(), s.brecvLastMsg(), s.brecvMsgs(3)].map((wait) =>
      wait.catch((error: { code: string }) => error.code),
    );
    const iteration = s.messages().next();
    await s.close();
    expect(await Promise.all(waits)).toEqual(['CLOSED', 'CLOSED', 'CLOSED']);
    expect(await iteration).toEqual({ done: true, value: undefined });
  });
});

it('the clock is asked before anything is taken', async () => {
  await using proxy = await startFaultProxy({ target: server });
  await using c = new RedisChannel(server.port, '/foo', 'client', { envelope: true });
  await using s = new RedisChannel(proxy.port, '/foo', 'server', { envelope: true });
  await c.sendMsg('precious', { ttlMs: 60_000 });
  expect(await s.recvMsg()).toBe('precious');
  const names = proxy.commands().map(({ args: [name] }) => String(name));
  expect(names.indexOf('TIME')).toBeGreaterThan(-1);
  expect(names.indexOf('TIME')).toBeLessThan(names.indexOf('LPOP'));
});
