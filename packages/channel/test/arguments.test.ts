import { RedisChannel, waitServe } from '@redlane/channel';
import { expect, it } from 'vitest';
import { testServer } from './support/test-server.js';

const server = await testServer();
const refused = (option: string) => ({ code: 'INVALID_OPTION', option });

it('refuses options that are none, by their own names', () => {
  const wrong: [options: unknown, option: string][] = [
    [null, 'options'],
    ['5', 'options'],
    [{ consumerId: 5 }, 'consumerId'],
    [{ consumerId: '' }, 'consumerId'],
    [{ onUndecodable: 5 }, 'onUndecodable'],
    [{ codec: {} }, 'codec.encode'],
    [{ codec: null }, 'codec'],
    [{ expireMs: '5' }, 'expireMs'],
    [Number.NaN, 'expireMs'],
  ];
  for (const [options, option] of wrong) {
    expect(() => new RedisChannel(server.port, '/foo', 'client', options as never)).toThrow(
      expect.objectContaining(refused(option)),
    );
  }
});

it('refuses arguments that are none, and says what they are to be', async () => {
  await using c = new RedisChannel(server.port, '/foo', 'client', { envelope: true });
  await expect(c.brecvMsg(-1)).rejects.toThrow('number of seconds from 0 to Infinity, got -1');
  const calls: [call: () => Promise<unknown>, option: string][] = [
    [() => c.brecvMsg('5' as never), 'wait'],
    [() => c.brecvMsg(null as never), 'wait'],
    [() => c.brecvMsgs(1, null as never), 'wait'],
    [() => c.sendMsg(1, null as never), 'options'],
    [() => c.sendMsg(1, { signal: 5 as never }), 'signal'],
    [() => c.sendMsgs(5 as never), 'messages'],
    [() => c.sendMsgs('text'), 'messages'],
    [() => c.sendMsgs([], null as never), 'options'],
    [() => c.request(1, null as never), 'options'],
    [() => c.listChannel(undefined as never), 'prefix'],
    [() => c.listChannel([''] as never), 'prefix'],
    [() => waitServe(server.port, null as never), 'wait'],
  ];
  for (const [call, option] of calls) await expect(call()).rejects.toMatchObject(refused(option));
  const served: [handler: unknown, options: unknown, option: string][] = [
    [undefined, {}, 'handler'],
    [() => 1, null, 'options'],
    [() => 1, { onError: 1 }, 'onError'],
    [() => 1, { graceMs: -1 }, 'graceMs'],
    [() => 1, { signal: {} }, 'signal'],
  ];
  for (const [handler, options, option] of served) {
    expect(() => c.serve(handler as never, options as never)).toThrow(
      expect.objectContaining(refused(option)),
    );
  }
});
