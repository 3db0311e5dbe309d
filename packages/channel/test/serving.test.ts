import { once } from 'node:events';
import { RedisChannel } from '@redlane/channel';
import { type JsonValue, json } from '@redlane/client/codec';
import { describe, expect, it, vi } from 'vitest';
import { ways } from './support/drivers.js';
import { testServer } from './support/test-server.js';

const server = await testServer();
const envelope = { envelope: true } as const;

describe.each(ways)('over $name', ({ open }) => {
  const pair = (source: ReturnType<typeof open>['source'], name = '/kitchen') => ({
    c: new RedisChannel<JsonValue, JsonValue>(source, name, 'client', envelope),
    s: new RedisChannel<JsonValue, JsonValue>(source, name, 'server', envelope),
  });

  it('tells of a server that refuses it, and goes on when it does not any more', async () => {
    await using way = open(server);
    const { c, s } = pair(way.source);
    const errors: unknown[] = [];
    const serving = s.serve((n) => n, { onError: (error) => errors.push(error) });
    expect(await c.request(1)).toBe(1);
    await server.command('SET', '/kitchen/client', 'no list');
    await expect.poll(() => errors, { timeout: 5_000 }).toMatchObject([{ code: 'WRONGTYPE' }]);
    await server.command('DEL', '/kitchen/client');
    expect(await c.request(2)).toBe(2);
    await c.close();
    await s.close();
    await serving.ended;
  });

  it('lets handlers that are at work send while the channel closes', async () => {
    await using way = open(server);
    const { c, s } = pair(way.source);
    const errors: unknown[] = [];
    let finish: () => void = () => undefined;
    const began = new Promise<void>((begin) => {
      s.serve(
        async (job) => {
          begin();
          await new Promise<void>((resolve) => (finish = resolve));
          await s.sendMsg(`${job} done`);
          return null;
        },
        { onError: (error) => errors.push(error) },
      );
    });
    await c.sendMsg('job');
    await began;
    const closed = s.close();
    await expect(s.recvMsg()).rejects.toMatchObject({ code: 'CLOSED' });
    finish();
    await closed;
    expect(errors).toEqual([]);
    expect(await c.recvMsg()).toBe('job done');
    await expect(s.sendMsg('more')).rejects.toMatchObject({ code: 'CLOSED' });
    await c.close();
  });

  it('does not wait for a handler that closes the channel', async () => {
    await using way = open(server);
    const { c, s } = pair(way.source);
    const closed = new Promise<string>((resolve) => {
      s.serve(
        async () => {
          await s.close();
          resolve('closed');
          return null;
        },
        { graceMs: Number.POSITIVE_INFINITY },
      );
    });
    await c.sendMsg('close');
    expect(await closed).toBe('closed');
    await c.close();
  });

  it('gives handlers time, then a signal, and then waits no more', async () => {
    await using way = open(server);
    const { c, s } = pair(way.source);
    const ended: string[] = [];
    const begun: unknown[] = [];
    s.serve(
      async (job, { signal }) => {
        begun.push(job);
        if (job === 'hangs') return new Promise<never>(() => undefined);
        await once(signal, 'abort');
        ended.push('told');
        return 'told';
      },
      { graceMs: 50 },
    );
    const reply = c.request('listens');
    await c.sendMsg('hangs');
    await expect.poll(() => begun).toEqual(['listens', 'hangs']);
    await s.close();
    expect(ended).toEqual(['told']);
    expect(await reply).toBe('told');
    await c.close();
  });
});

it('warns of what nobody is told', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
  await using c = new RedisChannel(server.port, '/warn', 'client', envelope);
  await using s = new RedisChannel(server.port, '/warn', 'server', envelope);
  s.serve(() => {
    throw new Error('no way');
  });
  await c.sendMsg(1);
  await expect
    .poll(() => warn.mock.calls)
    .toEqual([[expect.stringContaining('no way'), { type: 'ChannelWarning', code: 'REDLANE_SERVE' }]]);
  warn.mockRestore();
});

it('after close, all calls say that it is closed', async () => {
  const s = new RedisChannel(server.port, '/closed', 'server', { reliable: true, codec: json() });
  await s.close();
  const calls = [
    s.listChannel('/'),
    s.channels('/').next(),
    s.deadLetters(),
    s.redrive(1),
    s.recover(),
    s.stats(),
    s.ack([]),
    s.nack([]),
    s.destroyChannel(),
    s.sendMsgs([1]),
  ];
  for (const call of calls) await expect(call).rejects.toMatchObject({ name: 'ChannelClosedError' });
});
