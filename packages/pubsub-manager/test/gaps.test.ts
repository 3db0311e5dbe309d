import { type FaultProxy, type RedisServer, startFaultProxy, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ClientEvents, ClientType, type Logger, type RedisPubSubClient } from '../src/index.js';
import { type Bed, beds } from './support/beds.js';
import { Heard } from './support/heard.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

type Told = { [Name in keyof ClientEvents]: [Name, ClientEvents[Name]] }[keyof ClientEvents];

describe.each(beds)('the loss of a connection over $name', ({ name, make }) => {
  let bed: Bed;
  let proxy: FaultProxy;
  let client: RedisPubSubClient<unknown>;
  let told: Told[];
  let logged: string[];
  beforeEach(async () => {
    logged = [];
    const note = (level: string) => (message: string) => void logged.push(`${level}: ${message}`);
    const logger: Logger = {
      debug: note('debug'),
      info: note('info'),
      warn: note('warn'),
      error: note('error'),
    };
    bed = make({ logger });
    proxy = await startFaultProxy({ target: server });
    told = [];
    for (const event of ['connect', 'disconnect', 'reconnecting', 'reconnectFailed', 'gap', 'error'] as const)
      bed.manager.on(event, (details) => void told.push([event, details] as Told));
    client = await bed.open(ClientType.PUB_SUB, proxy);
    return async () => {
      await bed[Symbol.asyncDispose]();
      await proxy.close();
    };
  });

  const events = () => told.map(([event]) => event);
  const gaps = () => told.flatMap((each) => (each[0] === 'gap' ? [each[1]] : []));

  it('is a gap of each topic, with its times, told once for all listeners', async () => {
    const heard = new Heard();
    await client.registerListener(heard.listener, 'news');
    await client.registerListener(() => undefined, 'news');
    client.registerAsyncListener(() => undefined, 'news');
    await client.registerPatternListener(heard.listener, 'user:*');
    await client.registerShardListener(heard.listener, 'orders');
    const before = Date.now();
    await proxy.refuse('RST');
    proxy.cut('RST');
    await server.command('PUBLISH', 'news', 'lost');
    await proxy.accept();
    await expect.poll(() => gaps().length).toBe(3);
    const topics = gaps().map(({ topic }) => topic);
    expect(topics).toEqual(
      expect.arrayContaining([{ channel: 'news' }, { pattern: 'user:*' }, { shard: 'orders' }]),
    );
    for (const gap of gaps()) {
      expect(gap).toMatchObject({ client, reason: 'connection', filled: false });
      expect([gap.from <= before + 1_000, gap.to >= before]).toEqual([true, true]);
    }
    await server.command('PUBLISH', 'news', 'after');
    await heard.until('after');
    expect(heard.messages).toEqual(['news: after']);
    expect(logged).toContain('warn: messages may have been missed');
  });

  it('is told by disconnect, reconnecting and connect, and logged', async () => {
    if (name === 'RedisClient') expect(events()).toEqual(['connect']);
    await client.registerListener(() => undefined, 'news');
    told.length = 0;
    proxy.cut('RST');
    await expect.poll(() => events()).toContain('connect');
    const states = events().filter((event) => event !== 'gap' && event !== 'reconnectFailed');
    expect(states.slice(0, 2)).toEqual(['disconnect', 'reconnecting']);
    expect(states.at(-1)).toBe('connect');
    expect(told[0]?.[1]).toMatchObject({ client, cause: expect.any(Error) });
    expect(logged).toEqual(
      expect.arrayContaining([
        'info: opened a Redis client',
        'warn: lost the connection to Redis',
        'debug: connecting to Redis again',
        'info: connected to Redis',
      ]),
    );
  });

  it('leaves the listeners of a topic that nobody lost alone', async () => {
    const other = await bed.open(ClientType.PUB_SUB, server);
    await other.registerListener(() => undefined, 'news');
    proxy.cut('RST');
    await client.registerListener(() => undefined, 'more');
    await client.publish('more', 'x');
    expect(gaps().filter((gap) => gap.client === other)).toEqual([]);
  });
});

it('attempts that fail are told, and listeners of events that throw hurt nobody', async () => {
  const [bedOf] = beds;
  await using bed = bedOf?.make({ logger: {} }) as Bed;
  await using proxy = await startFaultProxy({ target: server });
  const client = await bed.open(ClientType.PUB_SUB, proxy);
  const failed = new Promise<ClientEvents['reconnectFailed']>((resolve) => {
    client.on('reconnectFailed', () => {
      throw new Error('mine');
    });
    client.on('reconnectFailed', resolve);
  });
  await proxy.refuse('RST');
  proxy.cut('RST');
  expect(await failed).toMatchObject({ client, final: false, cause: expect.any(Error) });
});

it('without autoReconnect the first loss closes the connection', async () => {
  const [bedOf] = beds;
  await using bed = bedOf?.make() as Bed;
  await using proxy = await startFaultProxy({ target: server });
  const client = await bed.open(ClientType.PUB_SUB, proxy, { autoReconnect: false });
  const lost = new Promise((resolve) => {
    client.on('disconnect', resolve);
  });
  proxy.cut('RST');
  await lost;
  await expect(client.publish('news', 'a')).rejects.toMatchObject({ maybeExecuted: false });
  expect(proxy.connections).toEqual([]);
});
