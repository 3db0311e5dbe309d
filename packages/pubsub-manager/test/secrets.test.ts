import { inspect } from 'node:util';
import { type RedisServer, startFaultProxy, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClientType, type Logger, RedisManager, RedisURI } from '../src/index.js';

const PASSWORD = 'hunter2-password';
const MESSAGE = 'hunter2-message';

let server: RedisServer;
beforeAll(async () => {
  server = await startServer({ password: PASSWORD });
});
afterAll(() => server.stop());

/** All that a log, a crash or a debugger would show of it. */
function shown(value: unknown): string {
  const { stack = '' } = (value ?? {}) as { stack?: string };
  return [inspect(value, { depth: Infinity, showHidden: true }), JSON.stringify(value), stack].join('\n');
}

const checkShown = (value: unknown): void => expect(shown(value)).not.toContain('hunter2');

const uriOf = (password: string): string => `redis://${password}@${server.host}:${server.port}`;

it.each([
  ['a wrong password', () => uriOf(`${PASSWORD}-wrong`)],
  ['nobody there', () => `redis://${PASSWORD}@${server.host}:1`],
  ['an unknown parameter', () => `redis://${PASSWORD}@${server.host}?what=1`],
  ['a bad port', () => `redis://user:${PASSWORD}@${server.host}:port`],
  ['a bad scheme', () => `http://user:${PASSWORD}@${server.host}`],
  ['a fragment', () => `redis://user:${PASSWORD}#x@${server.host}`],
])('opening with %s fails without showing the password', async (_, address) => {
  await using manager = new RedisManager();
  const error = await manager.openRedisClient(ClientType.PUB_SUB, address()).then(
    () => expect.unreachable('it must fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  checkShown(error);
});

it('URI, builder, manager and clients do not show the password', async () => {
  await using manager = new RedisManager();
  const builder = manager.newRedisURI().withHost(server.host).withPort(server.port).withPassword(PASSWORD);
  const client = await manager.openRedisClient(ClientType.PUB_SUB, builder.build());
  const byText = await manager.openRedisClient(ClientType.COMMAND, uriOf(PASSWORD));
  const listener = await client.registerListener(() => undefined, 'news');
  await byText.getCommands().set('k', MESSAGE);
  for (const value of [builder, builder.build(), manager, client, byText, listener]) checkShown(value);
  for (const one of manager.getRedisClients()) checkShown(one.getRedisURI());
  checkShown(RedisURI.create(uriOf(PASSWORD)));
  expect(`${builder.build()} ${RedisURI.create(uriOf(PASSWORD))}`).not.toContain('hunter2');
});

it('the logger is told neither passwords nor messages', async () => {
  const lines: unknown[] = [];
  const log = (message: string, details: object): void => void lines.push([message, details]);
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  await using proxy = await startFaultProxy({ target: server });
  await using manager = new RedisManager({ logger });
  const client = await manager.openRedisClient(ClientType.PUB_SUB, {
    port: proxy.port,
    password: PASSWORD,
    reconnect: { minDelayMs: 1, maxDelayMs: 5 },
  });
  const heard: string[] = [];
  await client.registerListener((_, message) => {
    heard.push(message);
    throw new Error('the listener fails');
  }, 'news');
  await client.publish('news', MESSAGE);
  await expect.poll(() => heard).toEqual([MESSAGE]);
  proxy.cut('RST');
  await expect.poll(() => shown(lines)).toMatch(/messages may have been missed/);
  expect(shown(lines)).toContain('the listener fails');
  checkShown(lines);
});
