import { inspect } from 'node:util';
import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RedisClient } from '../src/index.js';

const PASSWORD = 'hunter2-password';
const ARGUMENT = 'hunter2-argument';

let server: RedisServer;
beforeAll(async () => {
  server = await startServer({ password: PASSWORD });
});
afterAll(() => server.stop());

const urlOf = (password: string): string => `tcp://default:${password}@${server.host}:${server.port}/`;

/** All that a log, a crash or a debugger would show of it. */
function checkShown(value: unknown): void {
  const { stack = '' } = (value ?? {}) as { stack?: string };
  const text = [inspect(value, { depth: Infinity }), JSON.stringify(value), stack].join('\n');
  expect(text).not.toContain('hunter2');
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it must fail'),
    (error: unknown) => error,
  );
}

it('errors show neither passwords nor arguments', async () => {
  await using client = new RedisClient(urlOf(PASSWORD));
  await client.executeCommand('SET', 'text', 'x');
  checkShown(await errorOf(client.executeCommand('LPUSH', 'text', ARGUMENT)));
  checkShown(await client.batchExecute(['LPUSH', 'text', ARGUMENT]));
  checkShown(await errorOf(client.executeCommand('SET', 'k', { [ARGUMENT]: 1 } as never)));
  const [sha] = await client.registerScript(`return redis.call('LPUSH', 'text', '${ARGUMENT}')`);
  checkShown(await errorOf(client.evalRegistered(sha as never, 0, ARGUMENT)));
  await client.shutdown();
  checkShown(await errorOf(client.executeCommand('SET', 'k', ARGUMENT)));
});

it('a login that fails shows no password', async () => {
  await using wrong = new RedisClient({ url: urlOf(`${PASSWORD}-wrong`), timeoutMs: 100 });
  checkShown(await errorOf(wrong.executeCommand('SET', 'k', ARGUMENT)));
  for (const url of [`http://a:${PASSWORD}@h`, `tcp://a:${PASSWORD}@h:port`, `tcp://a:${PASSWORD}/x@h`]) {
    const open = async (): Promise<unknown> => {
      await using client = new RedisClient(url);
      return client.executeCommand('PING');
    };
    checkShown(await errorOf(open()));
  }
});

it('what is printed shows no password', async () => {
  await using client = new RedisClient(urlOf(PASSWORD));
  await client.executeCommand('SET', 'k', ARGUMENT);
  await using connection = await client.getConnection();
  const [matcher] = await client.subscribe('topic');
  for (const value of [client, connection, matcher, new RedisClient({ key: `-----BEGIN ${PASSWORD}` })])
    checkShown(value);
});
