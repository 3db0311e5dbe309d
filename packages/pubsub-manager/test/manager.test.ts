import { RedisClient } from '@redlane/client';
import { toDriver } from '@redlane/client/driver';
import { type RedisServer, startFaultProxy, startSentinel, startServer } from '@redlane/redis-server';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import {
  ClientOptions,
  ClientType,
  RedisCommandClient,
  RedisManager,
  RedisPubSubClient,
  RedisURI,
  ScriptRedisClient,
} from '../src/index.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startServer({ password: 'secret', users: { alice: 'on >wonder ~* &* +@all' } });
});
afterAll(() => server.stop());

let manager: RedisManager;
beforeEach(() => {
  manager = new RedisManager();
});
afterEach(() => manager.close());

const clientCount = async () =>
  String(await server.command('CLIENT', 'LIST'))
    .split('\n')
    .filter((line) => line.includes(' addr=127.')).length;

describe('openRedisClient', () => {
  const { COMMAND } = ClientType;
  const options = ClientOptions.builder().requestQueueSize(100).build();
  it.each<[string, () => Promise<RedisCommandClient<never> | RedisCommandClient>]>([
    ['ip, port, password', () => manager.openRedisClient(COMMAND, '127.0.0.1', server.port, 'secret')],
    ['a port as text', () => manager.openRedisClient(COMMAND, '127.0.0.1', String(server.port), 'secret')],
    [
      'ip, port, password, options',
      () => manager.openRedisClient(COMMAND, '127.0.0.1', server.port, 'secret', options),
    ],
    ['a URI', () => manager.openRedisClient(COMMAND, `redis://:secret@127.0.0.1:${server.port}`)],
    [
      'a URI with a user',
      () => manager.openRedisClient(COMMAND, `redis://alice:wonder@127.0.0.1:${server.port}/3`),
    ],
    [
      'a URI and options',
      () => manager.openRedisClient(COMMAND, `redis://secret@127.0.0.1:${server.port}`, options),
    ],
    [
      'a built URI',
      () => {
        const uri = manager
          .newRedisURI()
          .withHost('127.0.0.1')
          .withPort(server.port)
          .withPassword('secret')
          .build();
        return manager.openRedisClient(COMMAND, uri, { timeoutMs: 1_000 });
      },
    ],
    [
      'a socket',
      () => manager.openRedisClient(COMMAND, `redis-socket://secret@${server.socketPath}?database=1`),
    ],
    [
      'options of a RedisClient',
      () => manager.openRedisClient(COMMAND, { port: server.port, password: 'secret', db: 2 }, options),
    ],
  ])('takes %s', async (_, open) => {
    const client = await open();
    expect(client).toBeInstanceOf(RedisCommandClient);
    await client.getCommands().set('k', 'v', { ex: 10 });
    expect(await client.getAsyncCommands().get('k')).toBe('v');
    expect(await client.getConnection().send(['DEL', 'k'])).toBe(1);
  });

  it('gives the class of the type', async () => {
    const uri = RedisURI.create(server.url);
    const basic = await manager.openRedisClient(ClientType.BASIC, uri);
    const pubSub = await manager.openRedisClient(ClientType.PUB_SUB, uri);
    expectTypeOf(basic).toEqualTypeOf<ScriptRedisClient<RedisClient>>();
    expectTypeOf(pubSub).toEqualTypeOf<RedisPubSubClient<RedisClient>>();
    expect(basic.constructor).toBe(ScriptRedisClient);
    expect(pubSub).toBeInstanceOf(RedisPubSubClient);
    expect([basic.getClientId(), pubSub.getClientId()]).toEqual([0, 1]);
    expect([basic.getRedisURI(), basic.getClientOptions().autoReconnect]).toEqual([uri, true]);
    expect(await basic.getRedisClient().call('PING')).toBe('PONG');
    expect(manager.getRedisClients()).toEqual([basic, pubSub]);
    expect(manager.getRedisClients('', ClientType.PUB_SUB)).toEqual([pubSub]);
    expect(manager.getRedisClients('nobody')).toEqual([]);
  });

  it('uses what a user has, and leaves it open', async () => {
    const own = new RedisClient(server.url);
    const redis = new Redis(server.port, { password: 'secret', lazyConnect: true });
    const driver = toDriver(server.url);
    const clients = [
      await manager.openRedisClient(ClientType.PUB_SUB, own),
      await manager.openRedisClient(ClientType.PUB_SUB, redis),
      await manager.openRedisClient(ClientType.PUB_SUB, driver),
    ];
    expectTypeOf(clients[0] as RedisPubSubClient<RedisClient>).toEqualTypeOf<
      RedisPubSubClient<RedisClient>
    >();
    // One or the other will do, too.
    const either = (source: RedisClient | Redis) => manager.openRedisClient(ClientType.PUB_SUB, source);
    expectTypeOf(either).returns.resolves.toEqualTypeOf<RedisPubSubClient<RedisClient | Redis>>();
    for (const client of clients) await client.registerListener(() => undefined, 'news');
    expect(await driver.send(['PUBSUB', 'NUMSUB', 'news'])).toEqual(['news', 3]);
    expect(clients.map((client) => client.getRedisClient())).toEqual([own, redis, driver]);
    await manager.close();
    expect(await driver.send(['PUBSUB', 'NUMSUB', 'news'])).toEqual(['news', 0]);
    expect([await own.call('PING'), await redis.ping()]).toEqual(['PONG', 'PONG']);
    await Promise.all([own.close(), driver.close()]);
    redis.disconnect();
  });

  it.each<[string, unknown[], string]>([
    ['no type', ['NONE', 'redis://localhost'], 'clientType'],
    ['a port that is none', ['BASIC', 'localhost', '63x79'], 'port'],
    ['no address', ['BASIC', undefined], 'redisURI'],
    ['a number', ['BASIC', 6379], 'redisURI'],
    ['an unknown option', ['BASIC', 'redis://localhost', { autoreconnect: true }], 'autoreconnect'],
    ['an unknown scheme', ['BASIC', 'http://localhost'], 'uri'],
  ])('refuses %s', async (_, args, option) => {
    const open = manager.openRedisClient as (...all: unknown[]) => Promise<unknown>;
    await expect(open(...args)).rejects.toMatchObject({ code: 'INVALID_OPTION', option });
    expect(manager.getRedisClients()).toEqual([]);
  });

  it.each([
    ['a wrong password', () => `redis://wrong@127.0.0.1:${server.port}`, 'AUTH_FAILED'],
    ['a server that is not there', () => 'redis://127.0.0.1:1', 'CONNECT_FAILED'],
  ])('rejects for %s and leaves nothing open', async (_, uri, code) => {
    const before = await clientCount();
    await expect(manager.openRedisClient(ClientType.PUB_SUB, uri())).rejects.toMatchObject({ code });
    expect(manager.getRedisClients()).toEqual([]);
    expect(await clientCount()).toBe(before);
  });

  it('shares a connection among clients of one address, and closes it with the last', async () => {
    const before = await clientCount();
    const open = (options = {}) => manager.openRedisClient(ClientType.PUB_SUB, server.url, options);
    const [one, other] = [await open(), await open()];
    const apart = await open({ timeoutMs: 1_234 });
    expect(other.getRedisClient()).toBe(one.getRedisClient());
    expect(apart.getRedisClient()).not.toBe(one.getRedisClient());
    expect(await clientCount()).toBe(before + 2);
    await one.registerListener(() => undefined, 'news');
    await other.registerListener(() => undefined, 'news');
    await one.close();
    expect(await other.numSub('news')).toEqual(new Map([['news', 1]]));
    await other.close();
    await apart.close();
    await expect.poll(clientCount).toBe(before);
    const lonely = new RedisManager({ shareConnections: false });
    const pair = [
      await lonely.openRedisClient(ClientType.COMMAND, server.url),
      await lonely.openRedisClient(ClientType.COMMAND, server.url),
    ];
    expect(pair[0]?.getRedisClient()).not.toBe(pair[1]?.getRedisClient());
    await lonely.close();
  });

  it('applies the options', async () => {
    await using proxy = await startFaultProxy({ target: server });
    const defaults = { requestQueueSize: 1, disconnectedBehavior: 'REJECT_COMMANDS' } as const;
    await using strict = new RedisManager({ defaults });
    const uri = `redis://secret@127.0.0.1:${proxy.port}`;
    const client = await strict.openRedisClient(ClientType.COMMAND, uri, {
      bufferUsageRatio: 2,
      timeoutMs: 777,
    });
    expect(client.getClientOptions().fields).toEqual({ ...defaults, bufferUsageRatio: 2, timeoutMs: 777 });
    const commands = client.getCommands();
    const outcomes = await Promise.allSettled([commands.ping(), commands.ping()]);
    expect(outcomes).toMatchObject([{ status: 'fulfilled' }, { reason: { code: 'QUEUE_FULL' } }]);
    const lost = new Promise((resolve) => {
      client.on('disconnect', resolve);
    });
    await proxy.refuse('RST');
    proxy.cut('RST');
    await lost;
    await expect(commands.ping()).rejects.toMatchObject({ code: 'CONNECTION_LOST', maybeExecuted: false });
  });
});

describe('owners', () => {
  it('close what they have opened, and nothing else', async () => {
    const scope = manager.scope('chat');
    expect(manager.scope('chat')).toBe(scope);
    const mine = await scope.openRedisClient(ClientType.PUB_SUB, server.url);
    const command = await scope.openRedisClient(ClientType.COMMAND, server.url);
    const other = await manager.openRedisClient(ClientType.PUB_SUB, server.url);
    expect([mine.owner, other.owner]).toEqual(['chat', '']);
    expect(scope.getRedisClients()).toEqual([mine, command]);
    expect(manager.getRedisClients(scope, ClientType.COMMAND)).toEqual([command]);
    await scope.close();
    await scope.close();
    expect([mine.closed, command.closed, other.closed]).toEqual([true, true, false]);
    expect(manager.getRedisClients('chat')).toEqual([]);
    expect(await other.publish('news', 'a')).toBe(0);
    await using fresh = manager.scope('chat');
    expect(fresh).not.toBe(scope);
    await expect(mine.publish('news', 'a')).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('close what is being opened', async () => {
    await using proxy = await startFaultProxy({ target: server });
    proxy.set({ stalled: true }, 'toClient');
    const arrived = proxy.waitForConnection();
    const scope = manager.scope('late');
    const opening = scope.openRedisClient(ClientType.PUB_SUB, `redis://secret@127.0.0.1:${proxy.port}`);
    const rejected = expect(opening).rejects.toMatchObject({ code: 'MANAGER_CLOSED' });
    await arrived;
    await scope.close();
    await rejected;
    await proxy.restore();
    await expect.poll(() => proxy.connections.length).toBe(0);
  });

  it('that are closed open nothing any more', async () => {
    await manager.close();
    await manager.close();
    await expect(manager.openRedisClient(ClientType.BASIC, server.url)).rejects.toMatchObject({
      code: 'MANAGER_CLOSED',
    });
  });
});

it('closes a client once, however it is asked', async () => {
  const client = await manager.openRedisClient(ClientType.PUB_SUB, server.url);
  await Promise.all([
    manager.closeRedisClient(client),
    manager.closeRedisClientAsync(client),
    client.close(),
  ]);
  await manager.closeRedisClient(client);
  expect(manager.getRedisClients()).toEqual([]);
});

it('finds the master by sentinels', async () => {
  await using group = await startSentinel({ masterName: 'main', replicas: 0, sentinels: 1 });
  const [sentinel] = group.sentinels;
  const uri = manager
    .newRedisURI()
    .withSentinel('127.0.0.1', sentinel?.port ?? 0)
    .withSentinelMasterId('main')
    .build();
  const built = await manager.openRedisClient(ClientType.COMMAND, uri);
  expect(built.getConnection().topology).toBe('sentinel');
  const text = await manager.openRedisClient(
    ClientType.COMMAND,
    `redis-sentinel://127.0.0.1:${sentinel?.port}#main`,
  );
  expect(await text.getCommands().ping()).toBe('PONG');
  expect(text.getRedisClient()).toBe(built.getRedisClient());
  await manager.close();
});
