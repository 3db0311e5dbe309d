import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RedisChannel } from '@redlane/channel';
import { RedisClient } from '@redlane/client';
import { ClientType, RedisManager } from '@redlane/pubsub-manager';
import { type RedisServer, startServer } from '@redlane/redis-server';
import { PersistableListener, SSEChannel } from '@redlane/sse-persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Inspection, inspect } from '../../src/inspect/inspect.js';

const LIMITS = { prefix: '/', messages: 2 };
/** As the help says, with a password. */
const RIGHTS = 'on >secret +@read +@connection +time +eval +evalsha +pubsub ~* resetchannels';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = ['--import', 'tsx', '--conditions=@redlane/source', 'src/inspect/cli.ts'];

let server: RedisServer;
let worker: RedisChannel<unknown, unknown, true>;
let holder: typeof worker;
let manager: RedisManager;
let sse: SSEChannel;

beforeAll(async () => {
  server = await startServer({ users: { viewer: RIGHTS } });
  await using client = new RedisChannel(server.url, '/orders', 'client', { envelope: true });
  await client.sendMsgs([1, 2, 3, 4, 5].map((n) => ({ n })));
  worker = new RedisChannel(server.url, '/orders', 'server', {
    envelope: true,
    reliable: true,
    consumerId: 'w/1',
  });
  const [first] = await worker.recvMsgs(4);
  if (first !== undefined) await worker.nack(first, { requeue: false });
  await using idle = new RedisChannel(server.url, '/all/idle', 'server');
  await idle.sendMsg('reply');
  await using sender = new RedisChannel(server.url, '/held', 'client');
  await sender.sendMsg('only');
  holder = new RedisChannel(server.url, '/held', 'server', { reliable: true });
  await holder.recvMsg();
  sse = new SSEChannel({ channelId: 'desk/1', driver: server.url });
  await sse.registerListener(new PersistableListener('one'));
  const two = new PersistableListener('two');
  await sse.registerListener(two);
  two.start();
  const stream = sse.messageStream(two);
  const event = stream.next();
  await sse.dispatch('two', { type: 'greeting', payload: 'hello' });
  await event;
  await using news = new SSEChannel({ channelId: 'news', driver: server.url });
  await news.broadcast({ type: 'headline', payload: 'nobody listens' });
  manager = new RedisManager();
  const pubsub = await manager.openRedisClient(ClientType.PUB_SUB, server.url);
  await pubsub.registerSyncListener(() => undefined, 'news');
  await pubsub.registerPatternListener(() => undefined, 'n*');
  await pubsub.registerShardListener(() => undefined, 'shards');
});

afterAll(async () => {
  await worker.close();
  await holder.close();
  await sse.close();
  await manager.close();
  await server.stop();
});

describe('the inspector', () => {
  it('sees channels, receivers with what they hold, SSE channels with listeners, and subscriptions', async () => {
    await using client = new RedisClient(server.url);
    const { channels, sse, subscriptions } = await inspect(client, LIMITS);
    expect(channels).toMatchObject([
      { channel: '/all/idle', to: 'client', waiting: 1, consumers: [], oldestAgeMs: null },
      // Its lists are empty: all that was sent is in process.
      {
        channel: '/held',
        to: 'server',
        waiting: 0,
        inProcess: 1,
        consumers: [{ pending: [{ text: '"only"' }] }],
      },
      {
        channel: '/orders',
        to: 'server',
        waiting: 1,
        inProcess: 3,
        deadLetters: 1,
        oldestAgeMs: expect.any(Number),
        consumers: [
          {
            id: 'w/1',
            inProcess: 3,
            pending: [
              { deliveries: 1, text: '{"n":2}' },
              { deliveries: 1, text: '{"n":3}' },
            ],
          },
        ],
      },
    ]);
    expect(sse).toMatchObject([
      {
        channel: 'desk/1',
        listeners: [
          { id: 'one', isPresent: false, position: expect.stringMatching(/\.0$/) },
          { id: 'two', isPresent: true },
        ],
        unreadable: [],
      },
      { channel: 'news', listeners: [] },
    ]);
    expect(subscriptions.channels).toContainEqual({ channel: 'news', subscribers: 1 });
    expect(subscriptions.patterns).toBe(1);
    expect(subscriptions.shardChannels).toContainEqual({ channel: 'shards', subscribers: 1 });
  });

  it('leaves out what others have under names like ours', async () => {
    await server.command('HSET', 'sse:{100%}:meta', 'e', 'x');
    await using client = new RedisClient(server.url);
    const { sse } = await inspect(client, LIMITS);
    expect(sse.map(({ channel }) => channel)).toEqual(['desk/1', 'news']);
    await server.command('DEL', 'sse:{100%}:meta');
  });

  it('lists what is below a prefix only', async () => {
    await using client = new RedisClient(server.url);
    const { channels } = await inspect(client, { prefix: '/all/', messages: 3 });
    expect(channels.map(({ channel }) => channel)).toEqual(['/all/idle']);
  });

  it('needs no right to write, and writes nothing', async () => {
    await server.command('ACL', 'LOG', 'RESET');
    await using client = new RedisClient(server.url, { username: 'viewer', password: 'secret' });
    const { channels, sse } = await inspect(client, LIMITS);
    expect([channels.length, sse.length]).toEqual([3, 2]);
    expect(await server.command('ACL', 'LOG')).toEqual([]);
    // The rights are what keeps it from writing, in scripts as well.
    await expect(client.call('SET', 'key', 'value')).rejects.toThrow(/NOPERM|no permissions/);
    await expect(client.call('EVAL', "return redis.call('SET', 'key', 'value')", '0')).rejects.toThrow();
  });
});

describe('pnpm inspect', { timeout: 60_000 }, () => {
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    promisify(execFile)(process.execPath, [...cli, ...args], {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', REDIS_URL: server.url, ...env },
    });

  it('prints tables, or JSON', async () => {
    const [text, json] = await Promise.all([run([]), run(['--json', '--messages', '1'])]);
    expect(text.stderr).toBe('');
    expect(text.stdout).toMatch(/^ {2}\/orders +server +1 +0 +3 +1 +1 /m);
    expect(text.stdout).toMatch(/^ {2}news +channel +1$/m);
    const { channels } = JSON.parse(json.stdout) as Inspection;
    expect(channels.find(({ channel }) => channel === '/orders')?.consumers[0]?.pending).toHaveLength(1);
  });

  it('shows no password', async () => {
    const url = server.url.replace('//', '//viewer:secret@');
    const { stdout } = await run(['--url', url], { REDIS_URL: '' });
    expect(stdout).toContain(server.url);
    expect(stdout).not.toContain('secret');
  });

  it('looks again and again with --watch, until it is told to stop', async () => {
    const child = spawn(process.execPath, [...cli, '--watch', '--every', '0.1', '--json'], {
      cwd: root,
      env: { ...process.env, REDIS_URL: server.url },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const lines: Inspection[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(JSON.parse(line) as Inspection);
      if (lines.length === 1) await server.command('RPUSH', '/watched/client', '1');
      if (lines.at(-1)?.channels.some(({ channel }) => channel === '/watched')) child.kill('SIGINT');
    }
    expect(await exited).toEqual([0, null]);
    expect(lines[0]?.channels.some(({ channel }) => channel === '/watched')).toBe(false);
    await server.command('DEL', '/watched/client');
  });

  it('says what is wrong, with status 2 for what was typed and 1 for the rest', async () => {
    await expect(run(['--prefix', 'orders'])).rejects.toMatchObject({
      code: 2,
      stderr: '--prefix must begin and end with "/", as in /orders/\nTry --help.\n',
    });
    await expect(run(['--url', 'redis://127.0.0.1:1'])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^inspect: cannot connect to 127\.0\.0\.1:1: /),
      stdout: '',
    });
    expect((await run(['--help'])).stdout).toContain('pnpm inspect [options]');
  });
});
