import { execFileSync } from 'node:child_process';
import { startFaultProxy } from '@redlane/redis-server';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type BadRecord,
  BlockingRedisQueue,
  Connection,
  MemorySSEChannelRepository,
  Message,
  MessageQueueListener,
  PersistableListener,
  RedisConnectionsRepository,
  RedisQueue,
  RedisSSEChannelRepository,
  SSEChannel,
} from '../src/index.js';
import { encodeChannelDict } from '../src/repository/channel-dict.js';
import { testServer } from './support/test-server.js';
import { type Way, ways } from './support/ways.js';

const server = await testServer();

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe.each(ways)('repositories over $name', ({ open }) => {
  let way: Way;
  beforeEach(() => {
    way = open(server);
    return () => way[Symbol.asyncDispose]();
  });

  const connections = (options = {}) => new RedisConnectionsRepository(way.driver, options);
  const repositoryOf = (options = {}) => new RedisSSEChannelRepository(way.driver, options);
  const ids = (list: readonly Connection[]) => list.map(({ listener }) => listener.id);

  it('keep the listeners of each channel, sorted, each once', async () => {
    const repository = connections();
    for (const [channel, id] of [
      ['a', 'y'],
      ['a', 'x'],
      ['a:b', 'z'],
      ['*', 'w'],
    ] as const) {
      const listener = new PersistableListener(id);
      expect(listener.kvKey).toBe(id);
      expect(listener.kvValueAsDict).toEqual({ id });
      await repository.persist(channel, new Connection(listener, repository.createQueue(id)));
    }
    // Fault 13: ids are no globs, and no prefixes of others.
    expect(ids(await all(repository.load('a')))).toEqual(['x', 'y']);
    expect(ids(await all(repository.load('*')))).toEqual(['w']);
    await expect.poll(async () => ids(await all(repository.loadAll()))).toEqual(['w', 'x', 'y', 'z']);
    const [connection] = await all(repository.load('a'));
    expect(connection?.listener).toBeInstanceOf(PersistableListener);
    expect(connection?.listener.isRunning).toBe(false);
    await connection?.queue.push(new Message('m'));
    await repository.delete('a', 'x');
    await repository.delete('a', 'x');
    expect(ids(await all(repository.load('a')))).toEqual(['y']);
    expect(await repository.createQueue('x').length()).toBe(0);
  });

  it('fault 17: keep the type of queue', async () => {
    const repository = connections({ queueType: 'blocking' });
    const blocking = repository.createQueue('b');
    expect(blocking).toBeInstanceOf(BlockingRedisQueue);
    await repository.persist('a', new Connection(new PersistableListener('b'), blocking));
    await repository.persist(
      'a',
      new Connection(new PersistableListener('p'), repository.createQueue('p', 'plain')),
    );
    const loaded = await all(connections().load('a'));
    expect(loaded.map(({ queue }) => queue instanceof BlockingRedisQueue)).toEqual([true, false]);
    expect(loaded[1]?.queue).toBeInstanceOf(RedisQueue);
  });

  it('fault 16: give a channel its own listeners only', async () => {
    const repository = repositoryOf();
    for (const channelId of ['one', 'two']) {
      const channel = new SSEChannel({ channelId, connectionsRepository: repository.connectionsRepository });
      await channel.registerListener(new MessageQueueListener(`of ${channelId}`));
      await repository.persist(channel);
    }
    const loaded = await all(repository.load());
    expect(loaded.map(({ id }) => id)).toEqual(['one', 'two']);
    expect(loaded.map((channel) => channel.stats().listeners)).toEqual([1, 1]);
    expect(loaded[0]?.getListener('of one').id).toBe('of one');
    const fresh = new SSEChannel({
      channelId: 'two',
      connectionsRepository: repository.connectionsRepository,
    });
    await fresh.setupByDict({ stream_delay_seconds: 1, retry_timeout_milliseconds: 7 });
    expect([fresh.streamDelaySeconds, fresh.retryTimeoutMilliseconds]).toEqual([1, 7]);
    expect(fresh.getListener('of two').id).toBe('of two');
    await expect(fresh.setupByDict({})).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('fault 10: delete a channel with all that it has, and nothing else, twice if need be', async () => {
    const repository = repositoryOf();
    const [channel, other] = ['a:b', 'a'].map(
      (channelId) => new SSEChannel({ channelId, connectionsRepository: repository.connectionsRepository }),
    ) as [SSEChannel, SSEChannel];
    for (const each of [channel, other]) {
      await repository.persist(each);
      await each.registerListener(new MessageQueueListener(`l:${each.id}`));
      await each.broadcast(new Message('m'));
      await each.dispatch(`l:${each.id}`, new Message('m'));
      await repository.connectionsRepository.createQueue(`l:${each.id}`).push(new Message('m'));
    }
    await repository.delete('a:b');
    await repository.delete('a:b');
    const left = (await server.command('KEYS', '*')) as string[];
    expect(left.filter((key) => key.includes('a%3Ab') || key.includes('a:b'))).toEqual([]);
    expect((await all(repository.load())).map(({ id }) => id)).toEqual(['a']);
    await repository.deleteListener('a', 'l:a');
    await repository.deleteListener('a', 'l:a');
    expect(await all(repository.connectionsRepository.load('a'))).toEqual([]);
    const names = ((await server.command('KEYS', '*')) as string[]).sort();
    expect(names).not.toContain('sse:q:{l%3Aa}');
    expect(names).not.toContain('sse:{a}:in:l%3Aa');
    await repository.delete('a');
    expect((await server.command('KEYS', '*')) as string[]).toEqual([]);
  });

  it('fault 14: report what cannot be read, and go on; or throw it', async () => {
    const bad: [string, BadRecord][] = [];
    const onError = (error: Error, record: BadRecord) => bad.push([error.name, record]);
    const repository = repositoryOf({ onError });
    const channel = new SSEChannel({
      channelId: 'b',
      connectionsRepository: repository.connectionsRepository,
    });
    await repository.persist(channel);
    await channel.registerListener(new MessageQueueListener('good'));
    await server.command('HSET', 'sse:{b}:listeners', 'bad', 'no json', 'worse', '{"v":9}');
    for (const [id, text] of [
      ['a', 'no json'],
      ['c', '{"channel_id": "c", "extra": 1}'],
      ['d', '{"channel_id": "other"}'],
    ] as const) {
      await server.command('SET', `eric-redis-queues:c:${id}`, text);
    }
    expect((await all(repository.load({ discover: true }))).map(({ id }) => id)).toEqual(['b']);
    const what = bad.map(([name, { channelId, listenerId }]) => [name, channelId, listenerId]);
    expect(what.sort((one, other) => (String(one) < String(other) ? -1 : 1))).toEqual([
      ['InvalidChannelException', 'a', undefined],
      ['InvalidChannelException', 'c', undefined],
      ['InvalidChannelException', 'd', undefined],
      ['InvalidListenerException', 'b', 'bad'],
      ['InvalidListenerException', 'b', 'worse'],
    ]);
    await expect(all(repositoryOf({ strict: true }).load())).rejects.toMatchObject({
      code: 'INVALID_CHANNEL',
    });
    await expect(all(connections({ strict: true }).load('b'))).rejects.toMatchObject({
      code: 'INVALID_LISTENER',
    });
  });

  it('share a channel with Python both ways, byte for byte', async () => {
    const repository = repositoryOf();
    const channel = new SSEChannel({
      channelId: 'ch1 é😀"\\\u007f',
      retryTimeoutMilliseconds: 5,
      connectionsRepository: repository.connectionsRepository,
    });
    await repository.persist(channel);
    const key = `eric-redis-queues:c:${channel.id}`;
    const text = String(await server.command('GET', key));
    expect(text).toBe(
      '{"channel_id": "ch1 \\u00e9\\ud83d\\ude00\\"\\\\\\u007f", "stream_delay_seconds": 0, "retry_timeout_milliseconds": 5}',
    );
    expect(await server.command('PTTL', key)).toBe(-1);
    // What Python writes: with and without numbers.
    await server.command('FLUSHALL');
    await server.command('SET', key, text);
    await server.command('SET', 'eric-redis-queues:c:bare', '{"channel_id": "bare"}');
    expect(await all(repository.load())).toEqual([]);
    const loaded = await all(repository.load({ discover: true }));
    expect(loaded.map(({ kvValueAsDict }) => kvValueAsDict)).toEqual([
      { channel_id: 'bare', stream_delay_seconds: 0, retry_timeout_milliseconds: 3_000 },
      { channel_id: channel.id, stream_delay_seconds: 0, retry_timeout_milliseconds: 5 },
    ]);
    expect((await all(repository.load())).length).toBe(2);
  });

  it('fault 5: streams that are idle send nothing', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using other = open(proxy);
    const waiting: Promise<unknown>[] = [];
    const idle = async (channel: SSEChannel): Promise<string[]> => {
      const listeners = await Promise.all([1, 2, 3].map(() => channel.addListener()));
      for (const listener of listeners) {
        listener.start();
        waiting.push(channel.messageStream(listener).next());
      }
      return listeners.map(({ id }) => id);
    };
    const channel = new SSEChannel({ channelId: 'c', driver: other.driver });
    const popping = new SSEChannel({ channelId: 'p', driver: other.driver, delivery: 'pop' });
    const topics = (await idle(popping)).map((id) => `sse:q:{${id}}`);
    const ids = await idle(channel);
    await expect
      .poll(() => server.command('PUBSUB', 'CHANNELS', 'sse:*'))
      .toEqual(expect.arrayContaining(['sse:{c}', ...topics]));
    // What belongs to their beginning ends with the positions, which are written down once for all.
    const isWritten = ({ args }: { readonly args: readonly unknown[] }): boolean =>
      ids.every((id) => args.some((arg, i) => String(arg) === id && /\.\d+$/.test(String(args[i + 1]))));
    await expect.poll(() => proxy.commands().some(isWritten), { timeout: 5_000 }).toBe(true);
    proxy.clearCommands();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(proxy.commands().map(({ args }) => String(args[0]))).toEqual([]);
    await channel.broadcast(new Message('m'));
    await popping.broadcast(new Message('m'));
    await Promise.all(waiting);
    await channel.close();
    await popping.close();
  });

  it('fault 12: a broadcast is one call, however many listeners there are', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using other = open(proxy);
    const channel = new SSEChannel({ channelId: 'c', driver: other.driver });
    await Promise.all(Array.from({ length: 50 }, () => channel.addListener()));
    await channel.broadcast(new Message('m'));
    proxy.clearCommands();
    await channel.broadcast(new Message('m'));
    expect(proxy.commands().map(({ args }) => String(args[0]))).toEqual(['EVALSHA']);
    await channel.close();
  });

  it('scan nothing, block nothing, and give each key of theirs a time to live', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using other = open(proxy);
    const repository = new RedisSSEChannelRepository(other.driver);
    const { connectionsRepository } = repository;
    const channel = new SSEChannel({ channelId: 'c', connectionsRepository });
    const popping = new SSEChannel({ channelId: 'p', connectionsRepository, delivery: 'pop' });
    for (const each of [channel, popping]) {
      await repository.persist(each);
      const listener = await each.addListener();
      listener.start();
      await each.dispatch(listener.id, new Message('m'), { idempotencyKey: 'k' });
      await each.broadcast(new Message('m'));
      const events = each.messageStream(listener);
      await events.next();
      await events.next();
      await each.end('somebody');
      await each.close();
      await events.return?.();
    }
    await server.command('RPUSH', 'sse:q:{x}', 'bad');
    await server.command('PEXPIRE', 'sse:q:{x}', '10000');
    await expect(connectionsRepository.createQueue('x').pop()).rejects.toMatchObject({
      code: 'INVALID_MESSAGE_FORMAT',
    });
    await all(repository.load());
    await all(connectionsRepository.loadAll());
    const names = new Set(proxy.commands().map(({ args }) => String(args[0]).toUpperCase()));
    for (const name of ['SCAN', 'KEYS', 'BLPOP', 'XREAD', 'FLUSHALL']) expect(names).not.toContain(name);
    const keys = ((await server.command('KEYS', '*')) as string[]).sort();
    expect(keys.filter((key) => key.startsWith('sse:')).length).toBeGreaterThan(12);
    for (const key of keys) {
      const ttlMs = Number(await server.command('PTTL', key));
      const isForGood = key.startsWith('eric') || key === 'sse:channels';
      expect([key, isForGood ? ttlMs === -1 : ttlMs > 0]).toEqual([key, true]);
    }
  });

  it('keep the index for as long as a persisted channel is in it, and else for a while', async () => {
    const indexTtlMs = async () => Number(await server.command('PTTL', 'sse:channels'));
    const use = async (channelId: string): Promise<void> => {
      const connectionsRepository = connections();
      await using channel = new SSEChannel({ channelId, connectionsRepository });
      await channel.addListener();
      await expect.poll(() => server.command('ZSCORE', 'sse:channels', channelId)).not.toBeNull();
    };
    await use('one');
    await expect.poll(indexTtlMs).toBeGreaterThan(0);
    const repository = repositoryOf();
    const { connectionsRepository } = repository;
    await using channel = new SSEChannel({ channelId: 'kept', connectionsRepository });
    await repository.persist(channel);
    await use('two');
    expect(await indexTtlMs()).toBe(-1);
    await repository.delete('kept');
    await use('three');
    await expect.poll(indexTtlMs).toBeGreaterThan(0);
  });

  it('wrap what Redis says', async () => {
    await server.command('SET', 'sse:{a}:listeners', 'no hash');
    await server.command('SET', 'sse:channels', 'no set');
    await expect(all(connections().load('a'))).rejects.toMatchObject({
      code: 'REPOSITORY_ERROR',
      cause: { code: 'WRONGTYPE' },
    });
    await expect(all(repositoryOf().load())).rejects.toMatchObject({ name: 'RepositoryError' });
  });
});

it('write the bytes that Python would', (context) => {
  const dict = {
    channel_id: 'a\x7f\n\u2028é😀"\\/',
    stream_delay_seconds: 0.5,
    retry_timeout_milliseconds: 5,
  };
  const program = 'import json, sys; sys.stdout.write(json.dumps(json.loads(sys.stdin.read())))';
  let python: string;
  try {
    python = execFileSync('python3', ['-c', program], { encoding: 'utf8', input: JSON.stringify(dict) });
  } catch {
    return context.skip('there is no python3');
  }
  expect(encodeChannelDict(dict)).toBe(python);
});

it('keep channels in memory, too', async () => {
  const repository = new MemorySSEChannelRepository();
  const channel = new SSEChannel({ channelId: 'a', connectionsRepository: repository.connectionsRepository });
  await repository.persist(channel);
  const [one, two] = [await channel.addListener(), await channel.addListener()];
  const [loaded] = await all(repository.load());
  expect(loaded?.getListener(one.id).id).toBe(one.id);
  await repository.deleteListener('a', two.id);
  expect((await all(repository.connectionsRepository.loadAll())).length).toBe(1);
  await repository.delete('a');
  expect(await all(repository.load())).toEqual([]);
  expect(await all(repository.connectionsRepository.load('a'))).toEqual([]);
});

it('refuse options that are none', () => {
  const wrong: [object, string][] = [
    [{ queueType: 'other' }, 'queueType'],
    [{ listenerTtlMs: 5 }, 'listenerTtlMs'],
    [{ presenceMs: 5 }, 'presenceMs'],
    [{ queue: { maxLength: 0 } }, 'maxLength'],
    [{ onError: 5 }, 'onError'],
  ];
  for (const [options, option] of wrong) {
    expect(() => new RedisConnectionsRepository('127.0.0.1', 1, 0, options)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option }),
    );
  }
});
