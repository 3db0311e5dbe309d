import { inspect } from 'node:util';
import { getClient, RedisChannel, waitServe } from '@redlane/channel';
import { expect, it } from 'vitest';
import { testServer } from './support/test-server.js';

const PASSWORD = 'hunter2-password';
const MESSAGE = 'hunter2-message';

const server = await testServer({ password: PASSWORD });
const url = (password: string): string => `redis://:${password}@${server.host}:${server.port}`;

/** All that a log, a crash or a debugger would show of it. */
function shown(value: unknown): string {
  const { stack = '' } = value as { stack?: string };
  return [
    inspect(value, { depth: Infinity, showHidden: true, getters: true }),
    JSON.stringify(value),
    stack,
  ].join('\n');
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it must fail'),
    (error: unknown) => error,
  );
}

it.each([
  [
    'of a list that is none',
    'WRONGTYPE',
    async () => {
      for (const end of ['client', 'server']) await server.command('SET', `/c/${end}`, 'x');
      await using channel = new RedisChannel(url(PASSWORD), '/c', 'client');
      return await errorOf(channel.sendMsg(MESSAGE));
    },
  ],
  [
    'of a value that has no form',
    'ENCODE_FAILED',
    async () => {
      await using channel = new RedisChannel<never, unknown>(url(PASSWORD), '/c', 'client');
      return await errorOf(channel.sendMsg({ text: MESSAGE, number: Number.NaN }));
    },
  ],
  [
    'of a full list',
    'CHANNEL_FULL',
    async () => {
      await using channel = new RedisChannel(url(PASSWORD), '/c', 'client', {
        maxLength: 1,
        overflow: 'reject',
      });
      await channel.sendMsg('one');
      return await errorOf(channel.sendMsg(MESSAGE));
    },
  ],
  [
    'of a request that nobody serves',
    'REQUEST_TIMEOUT',
    async () => {
      await using channel = new RedisChannel(url(PASSWORD), '/c', 'client', { envelope: true });
      return await errorOf(channel.request(MESSAGE, { timeoutMs: 20 }));
    },
  ],
  [
    'of a channel that is closed',
    'CLOSED',
    async () => {
      const channel = new RedisChannel(url(PASSWORD), '/c', 'client');
      await channel.close();
      return await errorOf(channel.sendMsg(MESSAGE));
    },
  ],
  [
    'of a wrong password',
    'NOT_SERVING',
    () => errorOf(waitServe(url(`${PASSWORD}-wrong`), { timeoutMs: 50 })),
  ],
])('an error %s shows neither password nor message', async (_, code, provoke) => {
  const error = await provoke();
  expect(error).toMatchObject({ code });
  expect(shown(error)).not.toContain('hunter2');
});

it('what is inspected shows neither password nor message', async () => {
  await using shared = getClient(url(PASSWORD));
  await using client = new RedisChannel<string, string>(shared.client, '/c', 'client', { envelope: true });
  await using receiver = new RedisChannel<string, string, true>(url(PASSWORD), '/c', 'server', {
    envelope: true,
    reliable: true,
  });
  await client.sendMsg('first');
  await receiver.recvMsg();
  const request = client.request(MESSAGE, { timeoutMs: 5_000 });
  const serving = receiver.serve((text) => text);
  for (const value of [client, receiver, serving, shared, client.stats, receiver.stats])
    expect(shown(value)).not.toContain('hunter2');
  expect(await request).toBe(MESSAGE);
  await serving.stop();
});

it('globalThis shows no address of a shared client', async () => {
  await using shared = getClient(url(PASSWORD));
  expect(await shared.client.call('PING')).toBe('PONG');
  expect(inspect(globalThis, { depth: 3 })).not.toContain(PASSWORD);
});
