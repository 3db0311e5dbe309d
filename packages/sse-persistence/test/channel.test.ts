import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AnyMessage,
  Connection,
  InvalidListenerException,
  MemoryConnectionsRepository,
  MemoryQueue,
  Message,
  MessageQueueListener,
  RedisConnectionsRepository,
  type ServerSentEvent,
  SignedMessage,
  SSEChannel,
  type SSEChannelOptions,
  UniqueMessage,
} from '../src/index.js';
import { testServer } from './support/test-server.js';
import { ways } from './support/ways.js';

const server = await testServer();

type Events = AsyncIterator<ServerSentEvent, undefined>;

/** The data of the next events; types of those that are no messages. */
async function next(events: Events, count: number): Promise<string[]> {
  const data: string[] = [];
  while (data.length < count) {
    const { done, value } = await events.next();
    if (done) return [...data, 'over'];
    data.push(value.message === undefined ? value.event : value.data);
  }
  return data;
}

const backends: readonly {
  readonly name: string;
  readonly isRedis: boolean;
  open(): AsyncDisposable & { repository: Required<Pick<SSEChannelOptions, 'connectionsRepository'>> };
}[] = [
  ...ways.map(({ name, open }) => ({
    name,
    isRedis: true,
    open: () => {
      const way = open(server);
      return {
        repository: { connectionsRepository: new RedisConnectionsRepository(way.driver) },
        [Symbol.asyncDispose]: () => way[Symbol.asyncDispose](),
      };
    },
  })),
  {
    name: 'memory',
    isRedis: false,
    open: () => ({
      repository: { connectionsRepository: new MemoryConnectionsRepository() },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  },
];

describe.each(backends)('channels over $name', ({ isRedis, open }) => {
  let backend: ReturnType<typeof open>;
  const channels: SSEChannel[] = [];
  beforeEach(() => {
    backend = open();
    return async () => {
      for (const channel of channels.splice(0)) await channel.close();
      await backend[Symbol.asyncDispose]();
    };
  });

  /** One in another process, so to speak, when it is called again. */
  const channelOf = (options: SSEChannelOptions = {}) => {
    const channel = new SSEChannel({ channelId: 'news', ...backend.repository, ...options });
    channels.push(channel);
    return channel;
  };

  const started = async (channel: SSEChannel, id?: string) => {
    const listener = new MessageQueueListener(id);
    await channel.registerListener(listener);
    listener.start();
    return listener;
  };

  describe.each(['log', 'pop'] as const)('delivery by %s', (delivery) => {
    it('has what the seed has', async () => {
      const channel = channelOf({ delivery, streamDelaySeconds: 0.001, retryTimeoutMilliseconds: 5 });
      expect(channel.kvKey).toBe('news');
      expect(channel.kvValueAsDict).toEqual({
        channel_id: 'news',
        stream_delay_seconds: 0.001,
        retry_timeout_milliseconds: 5,
      });
      expect(new SSEChannel().id).toMatch(/^[\da-f-]{36}$/);
      expect(new SSEChannel().retryTimeoutMilliseconds).toBe(3_000);
      const listener = await channel.addListener();
      expect(listener.isRunning).toBe(false);
      expect(channel.getListener(listener.id)).toBe(listener);
      await expect(channel.deliverNext(listener.id)).rejects.toMatchObject({ code: 'NO_MESSAGES' });
      listener.start();
      await expect(channel.deliverNext(listener.id)).rejects.toMatchObject({ code: 'NO_MESSAGES' });
      const heard: unknown[] = [];
      listener.onMessage = (message) => heard.push(message);
      const message = new UniqueMessage('m', new SignedMessage('ann', 'greeting', { n: 1 }));
      await channel.dispatch(listener.id, message);
      await channel.broadcast(new Message('all'));
      expect(await channel.deliverNext(listener.id)).toEqual(message);
      expect(await channel.deliverNext(listener.id)).toEqual(new Message('all'));
      expect(heard).toEqual([message, new Message('all')]);
      await expect(channel.deliverNext(listener.id)).rejects.toMatchObject({ code: 'NO_MESSAGES' });
      expect(channel.adapt(message)).toEqual({ event: 'greeting', retry: 5, data: '{"n":1}' });
      expect(channel.adapt(new Message('x', 'text'))).toMatchObject({ data: 'text' });
      await channel.removeListener(listener.id);
      expect(() => channel.getListener(listener.id)).toThrow(InvalidListenerException);
      await expect(channel.removeListener(listener.id)).rejects.toMatchObject({ code: 'INVALID_LISTENER' });
      expect(channel.stats()).toMatchObject({ dispatched: 1, broadcasts: 1, delivered: 2, listeners: 0 });
    });

    it('streams what comes, and what has come since the listener was registered', async () => {
      const channel = channelOf({ delivery });
      const listener = await started(channel, 'bob');
      await channel.dispatch('bob', new Message('a', 1));
      const events = channel.messageStream(listener);
      const first = (await events.next()).value as ServerSentEvent;
      expect(first).toMatchObject({ event: 'a', data: '1', retry: 3_000, message: new Message('a', 1) });
      const pending = events.next();
      await channel.broadcast(new Message('b', { all: true }));
      const second = (await pending).value as ServerSentEvent;
      expect(second).toMatchObject({ event: 'b', data: '{"all":true}' });
      expect(second.retry).toBeUndefined();
      await events.return?.();
      expect(await events.next()).toEqual({ done: true, value: undefined });
    });

    it('ends a stream at once when its listener is stopped, by its signal, and by return', async () => {
      const channel = channelOf({ delivery, streamDelaySeconds: 3_600 });
      const listener = await started(channel);
      const stopped = channel.messageStream(listener);
      const waiting = stopped.next();
      listener.stop();
      expect(await waiting).toEqual({ done: true, value: undefined });
      expect(await next(channel.messageStream(listener), 1)).toEqual(['over']);
      listener.start();
      const controller = new AbortController();
      const aborted = channel.messageStream(listener, { signal: controller.signal });
      const rejected = expect(aborted.next()).rejects.toMatchObject({ code: 'ABORTED' });
      controller.abort();
      await rejected;
      // Also while it pauses between events.
      const pausing = channel.messageStream(listener);
      await channel.broadcast(new Message('a'));
      expect(await next(pausing, 1)).toEqual(['null']);
      const behind = pausing.next();
      listener.stop();
      expect(await behind).toEqual({ done: true, value: undefined });
      listener.start();
      const returned = channel.messageStream(listener);
      const open = returned.next();
      await returned.return?.();
      expect((await open).done).toBe(true);
    });

    it('fault 6: the stream of an unknown listener is one error event, and then over', async () => {
      const channel = channelOf({ delivery });
      const stranger = new MessageQueueListener('stranger');
      stranger.start();
      const events: ServerSentEvent[] = [];
      for await (const event of channel.messageStream(stranger)) events.push(event);
      expect(events).toMatchObject([{ event: 'error', data: '{"code":"INVALID_LISTENER"}' }]);
      await expect(channel.dispatch('stranger', new Message('x'))).rejects.toMatchObject({
        code: 'INVALID_LISTENER',
      });
    });

    it('goes on when onMessage has thrown, and tells clients no more than that', async () => {
      const channel = channelOf({ delivery });
      const listener = await started(channel);
      listener.onMessage = ({ type }) => {
        if (type === 'bad') throw new Error('secret');
      };
      const events = channel.messageStream(listener);
      for (const type of ['bad', 'good']) await channel.dispatch(listener.id, new Message(type));
      expect((await events.next()).value).toMatchObject({
        event: 'error',
        data: '{"code":"ERROR"}',
        error: { message: 'secret' },
      });
      expect((await events.next()).value).toMatchObject({ event: 'good' });
    });

    it('watch adds a listener, and removes it at the end', async () => {
      const channel = channelOf({ delivery });
      const events = channel.watch();
      const first = events.next();
      await expect.poll(() => channel.stats().listeners).toBe(1);
      await channel.broadcast(new Message('a', 'hello'));
      expect((await first).value).toMatchObject({ data: 'hello' });
      await events.return(undefined);
      expect(channel.stats().listeners).toBe(0);
    });

    it('fault 11: any process sends to a listener that another one has registered', async () => {
      const [one, other] = [channelOf({ delivery }), channelOf({ delivery })];
      const listener = await started(one, 'bob');
      const events = one.messageStream(listener);
      await other.dispatch('bob', new Message('a', 'unicast'));
      await other.broadcast(new Message('b', 'broadcast'));
      expect(await next(events, 2)).toEqual(['unicast', 'broadcast']);
      expect(() => other.getListener('bob')).toThrow(InvalidListenerException);
      await other.loadPersistedData();
      expect(other.getListener('bob').id).toBe('bob');
    });

    it('refuses what would break a stream, and ids that are none', async () => {
      const channel = channelOf({ delivery });
      const listener = await started(channel);
      for (const message of [new Message('a\ndata: x', 1), new Message('a', () => 1)]) {
        for (const sending of [channel.broadcast(message), channel.dispatch(listener.id, message)]) {
          await expect(sending).rejects.toMatchObject({ code: 'INVALID_MESSAGE_FORMAT' });
        }
      }
      expect(() => channelOf({ channelId: '' })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    });

    it('is closed for good', async () => {
      const channel = channelOf({ delivery });
      const listener = await started(channel);
      const events = channel.messageStream(listener);
      const waiting = delivery === 'log' ? events.next() : undefined;
      waiting?.catch(() => undefined);
      if (delivery === 'log') await expect.poll(() => channel.stats().readers).toBe(1);
      await channel.close();
      if (waiting !== undefined) await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
      await expect(channel.broadcast(new Message('a'))).rejects.toMatchObject({ code: 'CLOSED' });
      await expect(channel.dispatch('x', new Message('a'))).rejects.toMatchObject({ code: 'CLOSED' });
    });
  });

  it('fault 7: every event has an id, from which any process goes on', async () => {
    const [one, other] = [channelOf(), channelOf()];
    const listener = await started(one, 'bob');
    const events = one.messageStream(listener);
    const sent: (string | undefined)[] = [];
    for (const n of [1, 2, 3]) sent.push(await one.broadcast(new Message('n', n)));
    sent.push(await one.dispatch('bob', new Message('n', 4)));
    const ids: (string | undefined)[] = [];
    for (let i = 0; i < 4; i++) ids.push((await events.next()).value?.id);
    expect(ids).toEqual(sent);
    expect(new Set(ids).size).toBe(4);
    const again = other.messageStream(listener, { lastEventId: ids[1] });
    expect(await next(again, 2)).toEqual(['3', '4']);
    expect(other.stats().replays).toBe(1);
  });

  it('goes on where the listener was when there is no id', async () => {
    const listener = await started(channelOf(), 'bob');
    const [one] = channels;
    for (const n of [1, 2, 3]) await one?.broadcast(new Message('n', n));
    const first = one?.messageStream(listener) as Events;
    expect(await next(first, 2)).toEqual(['1', '2']);
    await one?.close();
    expect(await next(channelOf().messageStream(listener), 1)).toEqual(['3']);
  });

  it('resets when it cannot go on from an id', async () => {
    const channel = channelOf();
    const listener = await started(channel);
    const events = channel.messageStream(listener, { lastEventId: 'other.5' });
    const { value } = await events.next();
    expect(value).toMatchObject({ event: 'reset', id: await channel.position() });
    expect(JSON.parse(value?.data ?? '')).toMatchObject({ reason: 'epoch' });
    await channel.broadcast(new Message('a', 'behind'));
    expect(await next(events, 1)).toEqual(['behind']);
    expect(channel.stats().resets).toBe(1);
  });

  it('sends once with an idempotency key, and to all but one', async () => {
    const channel = channelOf();
    const [ann, bob] = [await started(channel, 'ann'), await started(channel, 'bob')];
    const id = await channel.broadcast(new Message('a', 1), { idempotencyKey: 'k', exclude: 'ann' });
    expect(await channel.broadcast(new Message('a', 2), { idempotencyKey: 'k' })).toBe(id);
    await channel.broadcast(new Message('a', 3));
    expect(await next(channel.messageStream(bob), 2)).toEqual(['1', '3']);
    expect(await next(channel.messageStream(ann), 1)).toEqual(['3']);
  });

  it('fault 20: a listener has one stream, or what the policy says', async () => {
    const channel = channelOf();
    const listener = await started(channel);
    const first = channel.messageStream(listener);
    const waiting = first.next();
    await expect.poll(() => channel.stats().readers).toBe(1);
    const refused = channel.messageStream(listener, { policy: 'refuse' });
    expect(await next(refused, 2)).toEqual(['error', 'over']);
    const second = channel.messageStream(listener);
    const taking = second.next();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await channel.broadcast(new Message('a', 'x'));
    const { value } = await taking;
    expect(value).toMatchObject({ data: 'x' });
    // Where the listener was depends on what the other one has read by then.
    const share = { policy: 'share', lastEventId: value?.id } as const;
    const both = [
      channel.messageStream(listener, share).next(),
      channel.messageStream(listener, share).next(),
    ];
    await expect.poll(() => channel.stats().readers).toBe(3);
    await channel.broadcast(new Message('a', 'y'));
    for (const each of both) expect((await each).value).toMatchObject({ data: 'y' });
    expect(channel.stats()).toMatchObject({ takenOver: 1, refused: 1 });
  });

  it('ends for a listener, or for all, until it is reopened', async () => {
    const [one, other] = isRedis ? [channelOf(), channelOf()] : [channelOf(), channelOf()];
    const [ann, bob] = [await started(one, 'ann'), await started(one, 'bob')];
    const streams = [one.messageStream(ann), one.messageStream(bob)] as const;
    const [forAnn, forBob] = streams.map((stream) => stream.next());
    await expect.poll(() => one.presence()).toEqual(['ann', 'bob']);
    await other.end('ann');
    expect(await forAnn).toMatchObject({ done: true });
    expect(await next(other.messageStream(ann), 1)).toEqual(['over']);
    await other.end();
    expect(await forBob).toMatchObject({ done: true });
    await expect.poll(() => one.presence()).toEqual([]);
    expect(await next(one.messageStream(bob), 1)).toEqual(['over']);
    await one.reopen();
    await other.broadcast(new Message('a', 'again'));
    expect(await next(one.messageStream(bob), 1)).toEqual(['again']);
    expect(await next(one.messageStream(ann), 1)).toEqual(['over']);
    await one.reopen('ann');
    expect(await next(one.messageStream(ann), 1)).toEqual(['again']);
  });

  it('gives frames to responses, each made once', async () => {
    const channel = channelOf();
    const readers = [0, 1].map(() =>
      channel.feed.open({
        cursor: undefined,
        listener: undefined,
        from: 'now',
        policy: 'share',
        onReadable: () => undefined,
      }),
    );
    const items = (reader: (typeof readers)[number]) =>
      expect.poll(() => reader.read()).toMatchObject({ type: 'open' });
    for (const reader of readers) await items(reader);
    const id = await channel.broadcast(new Message('t', 'a\nb'));
    const frames: unknown[] = [];
    for (const reader of readers) {
      await expect
        .poll(() => {
          const item = reader.read();
          if (item?.type === 'event') frames.push(item.frame);
          return item?.type;
        })
        .toBe('event');
    }
    expect(String((frames[0] as { bytes: Buffer }).bytes)).toBe(`event: t\nid: ${id}\ndata: a\ndata: b\n\n`);
    if (isRedis) expect(frames[0]).toBe(frames[1]);
    for (const reader of readers) reader.close();
    expect(channel.stats().readers).toBe(0);
  });

  it('has no responses where messages are popped', () => {
    const channel = channelOf({ delivery: 'pop' });
    const options = {
      cursor: undefined,
      listener: undefined,
      from: 'now',
      policy: 'share',
      onReadable: () => undefined,
    } as const;
    expect(() => channel.feed.open(options)).toThrow(expect.objectContaining({ code: 'INVALID_CHANNEL' }));
  });
});

it("pops in memory by a repository of one's own, without logs", async () => {
  const queues = new Map<string, MemoryQueue>();
  const kept = new Map<string, Connection>();
  const failing = new MemoryQueue();
  failing.push = () => Promise.reject(new Error('full'));
  const channel = new SSEChannel({
    connectionsRepository: {
      createQueue: (id) => queues.get(id) ?? new MemoryQueue(),
      async *loadAll() {},
      async *load() {
        yield* kept.values();
      },
      persist: async (_channelId, connection) => void kept.set(connection.listener.id, connection),
      delete: async (_channelId, id) => void kept.delete(id),
    },
  });
  expect(channel.delivery).toBe('pop');
  const good = await channel.addListener();
  good.start();
  channel.registerConnection(new MessageQueueListener('broken'), failing);
  const other = await channel.addListener();
  other.start();
  // Fault 12: a failure keeps the message from nobody else.
  await expect(channel.broadcast(new Message('a', 1))).rejects.toMatchObject({ code: 'REPOSITORY_ERROR' });
  const got: AnyMessage[] = [await channel.deliverNext(good.id), await channel.deliverNext(other.id)];
  expect(got).toEqual([new Message('a', 1), new Message('a', 1)]);
  await expect(channel.presence()).rejects.toMatchObject({ code: 'INVALID_CHANNEL' });
  expect(new Connection(good, failing).listener).toBe(good);
});
