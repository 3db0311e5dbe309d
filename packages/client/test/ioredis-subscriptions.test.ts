import { startFaultProxy } from '@redlane/redis-server';
import { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import type { Gap, Message, RedisDriver } from '../src/index.js';
import { type IoredisDriverOptions, ioredisDriver } from '../src/ioredis/index.js';
import { testServer } from './support/test-server.js';

const server = await testServer();
const made: RedisDriver[] = [];

function connect(
  options: IoredisDriverOptions = {},
  { host, port }: { host: string; port: number } = server,
  more: object = {},
): RedisDriver {
  const instance = new Redis({ host, port, lazyConnect: true, retryStrategy: () => 10, ...more });
  const driver = ioredisDriver(instance, options);
  made.push(driver);
  return driver;
}

async function subscribers(): Promise<string[]> {
  const list = String(await server.command('CLIENT', 'LIST', 'TYPE', 'pubsub'));
  return list
    .trim()
    .split('\n')
    .filter((line) => line !== '');
}

afterEach(async () => {
  await Promise.all(made.splice(0).map((driver) => driver.close()));
});

it('keeps shard channels apart from the others, which ioredis would forget with the last of them', async () => {
  const driver = connect();
  const heard: string[] = [];
  const hear = ({ payload }: Message): void => void heard.push(payload);
  await driver.subscribe({ channel: 'plain' }, hear);
  const shard = await driver.subscribe({ shard: 'shard' }, hear);
  const other = await driver.subscribe({ shard: 'other' }, hear);
  expect(await subscribers()).toHaveLength(2);
  await driver.send(['SPUBLISH', 'shard', 'one']);
  await expect.poll(() => heard).toEqual(['one']);
  await shard.unsubscribe();
  await other.unsubscribe();
  await driver.send(['PUBLISH', 'plain', 'two']);
  await expect.poll(() => heard).toEqual(['one', 'two']);
  await expect.poll(subscribers).toHaveLength(1);
});

it('restores thousands of topics, and reports a gap for each', async () => {
  const driver = connect();
  const gaps: Gap[] = [];
  const heard: string[] = [];
  driver.on('gap', (gap) => gaps.push(gap));
  const names = Array.from({ length: 1_000 }, (_, index) => `channel ${index}`);
  await Promise.all(
    names.map((channel) => driver.subscribe({ channel }, (message) => heard.push(message.channel))),
  );
  await driver.subscribe({ pattern: 'channel *' }, () => undefined);
  await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await expect.poll(() => gaps).toHaveLength(1_001);
  expect(new Set(gaps.map(({ topic }) => JSON.stringify(topic))).size).toBe(1_001);
  await driver.batch(names.map((name) => ['PUBLISH', name, 'x']));
  await expect.poll(() => heard).toHaveLength(1_000);
});

it('does not let one that is not allowed take others along', async () => {
  const rules = ['reset', 'on', 'nopass', '~*', '+@all', '&open*'];
  await server.command('ACL', 'SETUSER', 'limited', ...rules);
  const driver = connect({}, server, { username: 'limited', password: 'any' });
  const heard: string[] = [];
  const [open, shut, late] = await Promise.allSettled([
    driver.subscribe({ channel: 'open' }, ({ payload }) => heard.push(payload)),
    driver.subscribe({ channel: 'shut' }, () => undefined),
    driver.subscribe({ channel: 'open too' }, () => undefined),
  ]);
  expect(open.status).toBe('fulfilled');
  expect(late.status).toBe('fulfilled');
  expect(shut).toMatchObject({ reason: { code: 'NOPERM', command: 'SUBSCRIBE' } });
  await driver.send(['PUBLISH', 'open', 'x']);
  await expect.poll(() => heard).toEqual(['x']);
});

it('tells of a topic that is not allowed any more after a reconnect', async () => {
  await server.command('ACL', 'SETUSER', 'fired', 'reset', 'on', 'nopass', '~*', '+@all', '&*');
  const driver = connect({}, server, { username: 'fired', password: 'any' });
  const errors: Error[] = [];
  driver.on('error', (error) => errors.push(error));
  await driver.subscribe({ channel: 'kept' }, () => undefined);
  await driver.subscribe({ channel: 'lost' }, () => undefined);
  // It also ends their connections.
  await server.command('ACL', 'SETUSER', 'fired', 'resetchannels', '&kept');
  await expect.poll(() => errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ code: 'NOPERM' });
  await expect.poll(() => server.command('PUBSUB', 'NUMSUB', 'kept', 'lost')).toEqual(['kept', 1, 'lost', 0]);
});

it('finds a server that is silent, and reports since when', async () => {
  await using proxy = await startFaultProxy({ target: server });
  const driver = connect({ pingIntervalMs: 40, silenceTimeoutMs: 80 }, proxy);
  const gaps: Gap[] = [];
  const before = Date.now();
  await driver.subscribe({ channel: 'c' }, () => undefined, { onGap: (gap) => gaps.push(gap) });
  await expect.poll(() => proxy.commands({ name: 'PING' }).length).toBeGreaterThan(0);
  for (const connection of proxy.connections) connection.set({ stalled: true });
  const stalledAt = Date.now();
  await expect.poll(() => gaps).toHaveLength(1);
  expect(gaps[0]).toMatchObject({ topic: { channel: 'c' }, reason: 'connection' });
  expect(gaps[0]?.from).toBeGreaterThanOrEqual(before);
  expect(gaps[0]?.from).toBeLessThanOrEqual(stalledAt);
});

it('gives a subscription up when nobody waits for it any more', async () => {
  await using proxy = await startFaultProxy({ target: server });
  const driver = connect({}, proxy);
  proxy.set({ stalled: true }, 'toClient');
  const end = new AbortController();
  const aborted = driver.subscribe({ channel: 'c' }, () => undefined, { signal: end.signal });
  const late = driver.subscribe({ channel: 'd' }, () => undefined, { timeoutMs: 50 });
  await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' });
  end.abort();
  await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
  await proxy.restore();
  await driver.subscribe({ channel: 'e' }, () => undefined);
  await expect
    .poll(() => server.command('PUBSUB', 'NUMSUB', 'c', 'd', 'e'))
    .toEqual(['c', 0, 'd', 0, 'e', 1]);
});

it('reports what a callback rejects with', async () => {
  const driver = connect();
  const errors: Error[] = [];
  driver.on('error', (error) => errors.push(error));
  await driver.subscribe({ channel: 'c' }, () => Promise.reject(new Error('later')) as never);
  await driver.send(['PUBLISH', 'c', 'x']);
  await expect.poll(() => errors.map(({ message }) => message)).toEqual(['later']);
});
