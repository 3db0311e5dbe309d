import { type RedisServer, startFaultProxy, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ClientType,
  type PubSubFailure,
  type PubSubGap,
  RedisManager,
  type RedisPubSubClient,
  RedisURI,
} from '../src/index.js';
import { type Bed, beds, type Place } from './support/beds.js';
import { gate, Heard } from './support/heard.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startServer({ users: { guest: 'on >pw resetchannels &open* ~* +@all' } });
});
afterAll(() => server.stop());

interface Stage {
  readonly bed: Bed;
  readonly client: RedisPubSubClient<unknown>;
  /** May use no other channels than `open*`. */
  readonly guest: RedisPubSubClient<unknown>;
  readonly errors: PubSubFailure[];
  readonly gaps: PubSubGap[];
  numSub(channel: string): Promise<number>;
  open(place: Place): Promise<RedisPubSubClient<unknown>>;
}

/** Each fault of the seed (by its number), and what happens here instead. */
const faults: readonly [number, string, (stage: Stage) => Promise<void>][] = [
  [
    1,
    'the last sync listener leaves, and the async ones go on hearing',
    async ({ client, numSub }) => {
      const heard = new Heard();
      const asynchronous = client.registerAsyncListener(heard.listener, 'news');
      const synchronous = await client.registerSyncListener(() => undefined, 'news');
      await asynchronous.ready;
      await client.unregisterListener(synchronous);
      expect(await numSub('news')).toBe(1);
      await client.publish('news', 'a');
      await heard.count(1);
      await client.unregisterListener(asynchronous);
      expect(await numSub('news')).toBe(0);
    },
  ],
  [
    2,
    'a listener whose subscription is refused is nowhere, and hears nothing when it is allowed later',
    async ({ guest, client }) => {
      const heard = new Heard();
      await expect(guest.registerListener(heard.listener, 'closed')).rejects.toMatchObject({
        code: 'NOPERM',
      });
      expect(guest.listenerCount).toBe(0);
      await server.command('ACL', 'SETUSER', 'guest', '&closed');
      const later = new Heard();
      await guest.registerListener(later.listener, 'closed');
      await client.publish('closed', 'a');
      await later.count(1);
      expect(heard.messages).toEqual([]);
      await guest.unregisterListeners('closed');
      await server.command('ACL', 'SETUSER', 'guest', 'resetchannels', '&open*');
    },
  ],
  [
    3,
    'an async subscription that fails is told, by ready and by error',
    async ({ guest, errors }) => {
      const listener = guest.registerAsyncListener(() => undefined, 'closed');
      await expect(listener.ready).rejects.toMatchObject({ code: 'NOPERM' });
      await expect
        .poll(() => errors)
        .toMatchObject([{ error: { code: 'NOPERM' }, channel: 'closed', listener }]);
    },
  ],
  [
    4,
    'a listener throws, and the others get that message',
    async ({ client, errors }) => {
      const heard = new Heard();
      const thrower = await client.registerListener(() => {
        throw new Error('mine');
      }, 'news');
      await client.registerListener(heard.listener, 'news');
      await client.publish('news', 'a');
      await heard.count(1);
      expect(errors).toMatchObject([{ error: { message: 'mine' }, channel: 'news', listener: thrower }]);
    },
  ],
  [
    5,
    'a listener that publishes and waits for it blocks nothing',
    async ({ client }) => {
      const heard = new Heard();
      const { opened, open } = gate();
      await client.registerListener(async () => {
        await client.publishSync('answers', 'pong');
        await opened;
      }, 'questions');
      await client.registerListener(heard.listener, 'answers');
      await client.registerListener(heard.listener, 'questions');
      await client.publish('questions', 'ping');
      await client.publish('questions', 'ping');
      await heard.count(3);
      expect([...heard.messages].sort()).toEqual(['answers: pong', 'questions: ping', 'questions: ping']);
      open();
    },
  ],
  [
    6,
    'a client is closed twice without harm',
    async ({ bed, client }) => {
      await bed.manager.closeRedisClient(client);
      await bed.manager.closeRedisClient(client);
      await bed.manager.closeRedisClientAsync(client);
      expect(client.closed).toBe(true);
    },
  ],
  [
    7,
    'whatever makes opening fail, nothing stays open',
    async ({ bed }) => {
      const before = bed.manager.getRedisClients().length;
      const connections = String(await server.command('CLIENT', 'LIST')).split('\n').length;
      for (const uri of ['redis://127.0.0.1:1', `redis://nobody:pw@127.0.0.1:${server.port}`])
        await expect(bed.manager.openRedisClient(ClientType.PUB_SUB, uri)).rejects.toThrow('cannot connect');
      expect(bed.manager.getRedisClients().length).toBe(before);
      expect(String(await server.command('CLIENT', 'LIST')).split('\n').length).toBe(connections);
    },
  ],
  [
    8,
    'clients of one address share one connection',
    async () => {
      await using manager = new RedisManager();
      const uri = RedisURI.create('127.0.0.1', server.port);
      const [one, other] = [
        await manager.openRedisClient(ClientType.PUB_SUB, uri),
        await manager.openRedisClient(ClientType.COMMAND, uri),
      ];
      expect(one.getRedisClient()).toBe(other.getRedisClient() as unknown);
    },
  ],
  [
    9,
    'there are patterns, shard channels and bytes',
    async ({ client }) => {
      const heard = new Heard();
      await client.registerPatternListener(heard.listener, 'user:*');
      await client.registerShardListener(heard.listener, 'orders');
      await client.publish('user:1', new Uint8Array([0x68, 0x69]));
      await client.publishSharded('orders', 'ho');
      await heard.count(2);
      expect([...heard.messages].sort()).toEqual(['orders: ho', 'user:1: hi']);
    },
  ],
  [
    10,
    'what is lost while connecting again is a gap, or is filled',
    async ({ bed, open }) => {
      await using proxy = await startFaultProxy({ target: server });
      const client = await open(proxy);
      const gaps: PubSubGap[] = [];
      client.on('gap', (gap) => gaps.push(gap));
      const durable = new Heard();
      await client.registerListener(() => undefined, 'news');
      await client.registerListener(durable.listener, 'durable', { replay: true });
      const publisher = await bed.open(ClientType.PUB_SUB, server);
      await proxy.refuse('RST');
      proxy.cut('RST');
      await publisher.publishDurable('durable', 'kept');
      await proxy.accept();
      await durable.count(1);
      await expect
        .poll(() => gaps.map(({ channel, filled }) => `${channel} ${filled}`).sort())
        .toEqual(['durable true', 'news false']);
      await client.close();
    },
  ],
  [
    11,
    'a listener of another channel costs a message nothing',
    async ({ client }) => {
      const heard = new Heard();
      const others = await Promise.all(
        Array.from({ length: 50 }, (_, i) => client.registerListener(() => undefined, `other:${i}`)),
      );
      await client.registerListener(heard.listener, 'news');
      await client.publish('news', 'a');
      await heard.count(1);
      expect(others.map(({ stats }) => stats.received)).toEqual(others.map(() => 0));
    },
  ],
  [
    12,
    'unregistering where nobody listens sends nothing',
    async ({ open }) => {
      await using proxy = await startFaultProxy({ target: server });
      const client = await open(proxy);
      const listener = await client.registerListener(() => undefined, 'news');
      await listener.unregister();
      proxy.clearCommands();
      await client.unregisterListeners('news');
      await client.unregisterListener(listener);
      await client.numSub('fence');
      expect(proxy.commands().map(({ args }) => args[0]?.toUpperCase())).not.toContain('UNSUBSCRIBE');
      await client.close();
    },
  ],
  [
    13,
    'nobody is called after unregister has resolved',
    async ({ client, numSub }) => {
      const calls: string[] = [];
      const { opened, open } = gate();
      const listener = await client.registerListener(async (_, message) => {
        calls.push(message);
        await opened;
      }, 'news');
      for (const message of ['a', 'b', 'c']) await client.publish('news', message);
      await expect.poll(() => listener.stats.waiting).toBe(2);
      await listener.unregister();
      await client.publish('news', 'd');
      open();
      expect(await numSub('news')).toBe(0);
      expect([calls, listener.stats.waiting]).toEqual([['a'], 0]);
    },
  ],
  [
    14,
    'user, password, TLS and database can be given, and do not show',
    async () => {
      await using manager = new RedisManager();
      const uri = manager
        .newRedisURI()
        .withHost('127.0.0.1')
        .withPort(server.port)
        .withAuthentication('guest', 'pw')
        .withDatabase(3)
        .build();
      const client = await manager.openRedisClient(ClientType.COMMAND, uri);
      expect(await client.getCommands().aclWhoami()).toBe('guest');
      expect(String(await client.getCommands().clientInfo())).toContain(' db=3 ');
      expect(`${uri} ${JSON.stringify(uri)}`).not.toContain('pw');
    },
  ],
  [
    15,
    'ids are unique, and ports are numbers or text',
    async ({ bed }) => {
      const clients = await Promise.all([
        bed.manager.openRedisClient(ClientType.BASIC, '127.0.0.1', server.port, null),
        bed.manager.openRedisClient(ClientType.BASIC, '127.0.0.1', String(server.port), null),
      ]);
      const ids = bed.manager.getRedisClients().map((client) => client.getClientId());
      expect(new Set(ids).size).toBe(ids.length);
      expect(clients.map((client) => client.getRedisURI()?.port)).toEqual([server.port, server.port]);
    },
  ],
  [
    16,
    'what waits for a connection is bounded',
    async () => {
      await using proxy = await startFaultProxy({ target: server });
      await using manager = new RedisManager();
      const client = await manager.openRedisClient(ClientType.PUB_SUB, '127.0.0.1', proxy.port, null, {
        requestQueueSize: 2,
      });
      const lost = new Promise((resolve) => {
        client.on('disconnect', resolve);
      });
      await proxy.refuse('RST');
      proxy.cut('RST');
      await lost;
      const sent = Array.from({ length: 4 }, () => client.publish('news', 'a'));
      await expect(sent[2]).rejects.toMatchObject({ code: 'QUEUE_FULL', maybeExecuted: false });
      await expect(sent[3]).rejects.toMatchObject({ code: 'QUEUE_FULL' });
      await proxy.accept();
      expect(await Promise.all(sent.slice(0, 2))).toEqual([0, 0]);
    },
  ],
  [
    17,
    'publish counts the clients at the server, not the listeners',
    async ({ client, guest }) => {
      for (const one of [client, client, guest]) await one.registerListener(() => undefined, 'open');
      expect(await client.publish('open', 'a')).toBe(2);
    },
  ],
];

describe.each(beds)('the seed’s faults over $name', ({ make }) => {
  let stage: Stage;
  beforeEach(async () => {
    const bed = make();
    const client = await bed.open(ClientType.PUB_SUB, server);
    const { port } = server;
    const guest = await bed.open(ClientType.PUB_SUB, { port, username: 'guest', password: 'pw' });
    const errors: PubSubFailure[] = [];
    const gaps: PubSubGap[] = [];
    bed.manager.on('error', (failure) => errors.push(failure));
    bed.manager.on('gap', (gap) => gaps.push(gap));
    stage = {
      bed,
      client,
      guest,
      errors,
      gaps,
      numSub: async (channel) => (await client.numSub(channel)).get(channel) ?? 0,
      open: (place) => bed.open(ClientType.PUB_SUB, place),
    };
    return () => bed[Symbol.asyncDispose]();
  });

  it.each(faults)('%i: %s', (_, __, check) => check(stage));
});
