import { json } from '@redlane/client/codec';
import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ClientType,
  type PubSubFailure,
  type PubSubGap,
  type RedisPubSubClient,
  typedChannel,
} from '../src/index.js';
import { type Bed, beds } from './support/beds.js';
import { gate, Heard } from './support/heard.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
beforeEach(() => server.command('FLUSHALL'));

describe.each(beds)('a pub/sub client over $name', ({ make }) => {
  let bed: Bed;
  let client: RedisPubSubClient<unknown>;
  let errors: PubSubFailure[];
  let gaps: PubSubGap[];
  beforeEach(async () => {
    bed = make();
    client = await bed.open(ClientType.PUB_SUB, server);
    errors = [];
    gaps = [];
    client.on('error', (failure) => errors.push(failure));
    client.on('gap', (gap) => gaps.push(gap));
    return () => bed[Symbol.asyncDispose]();
  });

  const numSub = async (channel: string) => (await client.numSub(channel)).get(channel);

  /** Waits until a listener of its own, registered behind all others, has heard of a message. */
  const settle = async (channel = 'news') => {
    const heard = new Heard();
    const last = await client.registerListener(heard.listener, channel);
    await client.publish(channel, 'settled');
    await heard.until('settled');
    await last.unregister();
  };

  describe('listeners', () => {
    it('get channel and message, in order, and publish tells how many clients got it', async () => {
      const heard = new Heard();
      await using listener = await client.registerListener(heard.listener, 'news');
      const counts = await Promise.all(['a', 'b', 'c'].map((message) => client.publish('news', message)));
      await heard.count(3);
      expect(counts).toEqual([1, 1, 1]);
      expect(heard.messages).toEqual(['news: a', 'news: b', 'news: c']);
      expect(await client.publishSync('nobody', 'x')).toBe(0);
      expect(await client.publishAsync('nobody', new Uint8Array([1]))).toBe(0);
      expect(String(listener)).toBe('ScriptPubSubListener[Channel: news]');
      expect([listener.getChannel(), listener.getFunction(), listener.kind]).toEqual([
        'news',
        heard.listener,
        'sync',
      ]);
    });

    it('that are sync are awaited, and hold up nobody else', async () => {
      const { opened, open } = gate();
      const slow: string[] = [];
      const heard = new Heard();
      const listener = await client.registerSyncListener(async (_, message) => {
        slow.push(`${message} begins`);
        await opened;
        slow.push(`${message} ends`);
      }, 'news');
      await client.registerSyncListener(heard.listener, 'news');
      for (const message of ['a', 'b']) await client.publish('news', message);
      await heard.count(2);
      expect(slow).toEqual(['a begins']);
      expect(listener.stats).toMatchObject({ received: 2, delivered: 1, waiting: 1, running: 1 });
      open();
      await expect.poll(() => slow).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    });

    it('that are async are not awaited, up to a limit', async () => {
      const { opened, open } = gate();
      const begun: string[] = [];
      const listener = client.registerAsyncListener(
        (_, message) => {
          begun.push(message);
          return opened;
        },
        'news',
        { queue: { concurrency: 3 } },
      );
      await listener.ready;
      for (const message of ['a', 'b', 'c', 'd']) await client.publish('news', message);
      await settle();
      expect(begun).toEqual(['a', 'b', 'c']);
      expect(listener.stats).toMatchObject({ running: 3, waiting: 2 });
      open();
      await expect.poll(() => begun).toEqual(['a', 'b', 'c', 'd', 'settled']);
    });

    it('that throw or reject are reported, and hurt nobody', async () => {
      const heard = new Heard();
      const thrower = await client.registerListener(() => {
        throw new Error('thrown');
      }, 'news');
      const rejecter = client.registerAsyncListener(() => Promise.reject(new Error('rejected')), 'news');
      await rejecter.ready;
      await client.registerListener(heard.listener, 'news');
      await client.publish('news', 'a');
      await client.publish('news', 'b');
      await heard.count(2);
      await expect.poll(() => errors.length).toBe(4);
      const told = errors.map(({ error, listener, channel }) => [
        (error as Error).message,
        listener,
        channel,
      ]);
      expect(told.filter(([message]) => message === 'thrown')).toEqual([
        ['thrown', thrower, 'news'],
        ['thrown', thrower, 'news'],
      ]);
      expect(told.filter(([message]) => message === 'rejected')[0]).toEqual(['rejected', rejecter, 'news']);
      expect(thrower.stats.failed).toBe(2);
    });

    it('end after one message with once', async () => {
      const heard = new Heard();
      await client.registerListener(heard.listener, 'news', { once: true });
      await Promise.all([client.publish('news', 'a'), client.publish('news', 'b')]);
      await heard.count(1);
      await expect.poll(() => numSub('news')).toBe(0);
      expect(heard.messages).toEqual(['news: a']);
      const next = client.once('news');
      await expect.poll(() => numSub('news')).toBe(1);
      await client.publish('news', 'c');
      expect(await next).toEqual({ channel: 'news', message: 'c' });
      await expect.poll(() => numSub('news')).toBe(0);
    });

    it('end by their signal, before and after the confirmation', async () => {
      const ending = new AbortController();
      const heard = new Heard();
      await client.registerListener(heard.listener, 'news', { signal: ending.signal });
      expect(await numSub('news')).toBe(1);
      ending.abort();
      await expect.poll(() => numSub('news')).toBe(0);
      await expect(
        client.registerListener(heard.listener, 'news', { signal: AbortSignal.abort() }),
      ).rejects.toMatchObject({ code: 'ABORTED' });
      expect(client.listenerCount).toBe(0);
    });

    it('are unregistered by themselves, by function and by channel', async () => {
      const heard = new Heard();
      const other = new Heard();
      const one = await client.registerListener(heard.listener, 'a');
      await client.registerListener(heard.listener, 'b');
      await client.registerPatternListener(heard.listener, 'c*');
      await client.registerListener(other.listener, 'a');
      await client.unregisterListener(one);
      await client.unregisterListener(one);
      expect([await numSub('a'), await numSub('b'), await client.numPat()]).toEqual([1, 1, 1]);
      await client.unregisterListener(heard.listener);
      expect([await numSub('a'), await numSub('b'), await client.numPat()]).toEqual([1, 0, 0]);
      await client.unregisterListeners('a');
      await client.unregisterListeners('a');
      await client.unregisterListener(() => undefined);
      expect([await numSub('a'), client.listenerCount]).toEqual([0, 0]);
    });

    it('may unregister themselves and others while they are called', async () => {
      const heard = new Heard();
      const one = await client.registerListener(async () => {
        await client.unregisterListeners('news');
      }, 'news');
      await client.registerListener(heard.listener, 'news');
      await client.publish('news', 'a');
      await expect.poll(() => numSub('news')).toBe(0);
      expect(heard.messages).toEqual([]);
      expect(one.stats.delivered).toBe(1);
    });
  });

  describe('queues', () => {
    /** A listener that is stuck in its first message. */
    const stuck = async (queue: object) => {
      const { opened, open } = gate();
      const seen: string[] = [];
      const listener = await client.registerListener(
        async (_, message) => {
          seen.push(message);
          await opened;
        },
        'news',
        { queue },
      );
      for (const message of ['a', 'b', 'c', 'd', 'e']) await client.publish('news', message);
      await expect.poll(() => listener.stats.received).toBe(5);
      return { seen, open, listener };
    };

    it('drop the oldest by default, and say so when there is room', async () => {
      const { seen, open, listener } = await stuck({ limit: 2 });
      expect(listener.stats).toMatchObject({ waiting: 2, dropped: 2 });
      expect(gaps).toEqual([]);
      open();
      await expect.poll(() => seen).toEqual(['a', 'd', 'e']);
      expect(gaps).toMatchObject([
        { channel: 'news', reason: 'overflow', dropped: 2, filled: false, listener },
      ]);
      expect(gaps[0]?.from).toBeLessThanOrEqual(gaps[0]?.to ?? 0);
    });

    it('drop the newest', async () => {
      const { seen, open } = await stuck({ limit: 2, policy: 'dropNewest' });
      open();
      await expect.poll(() => seen).toEqual(['a', 'b', 'c']);
      expect(gaps).toMatchObject([{ reason: 'overflow', dropped: 2 }]);
    });

    it('end the listener with an error', async () => {
      const { opened, open } = gate();
      const listener = await client.registerListener(() => opened, 'news', {
        queue: { limit: 2, policy: 'error' },
      });
      for (const message of ['a', 'b', 'c', 'd', 'e']) await client.publish('news', message);
      await expect
        .poll(() => errors)
        .toMatchObject([{ error: { code: 'LISTENER_OVERFLOW', limit: 2 }, listener }]);
      await expect.poll(() => numSub('news')).toBe(0);
      expect(listener.stats).toMatchObject({ delivered: 1, dropped: 1, waiting: 0 });
      open();
    });

    it('pause, lose nothing and hold up nobody else', async () => {
      const { opened, open } = gate();
      const count = 2_000;
      const seen: string[] = [];
      const heard = new Heard();
      const listener = await client.registerListener(
        async (_, message) => {
          seen.push(message);
          await opened;
        },
        'news',
        { queue: { limit: 10, policy: 'pause' } },
      );
      await client.registerListener(heard.listener, 'news');
      const text = 'x'.repeat(1_000);
      for (let i = 0; i < count; i += 100) {
        await Promise.all(Array.from({ length: 100 }, (_, j) => client.publish('news', `${i + j} ${text}`)));
      }
      await heard.count(count);
      // What was read already may exceed the limit; most of it waits at the server.
      expect(listener.stats.received).toBeLessThan(count);
      open();
      await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(count);
      expect(seen.map((message) => Number.parseInt(message, 10))).toEqual(
        Array.from({ length: count }, (_, i) => i),
      );
      expect([gaps, listener.stats.dropped]).toEqual([[], 0]);
      await listener.unregister();
      expect(await numSub('news')).toBe(1);
    });

    it.each([{ limit: 0 }, { policy: 'block' }, { concurrency: -1 }])('refuse %o', async (queue) => {
      await expect(
        client.registerListener(() => undefined, 'news', { queue } as never),
      ).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      expect(client.listenerCount).toBe(0);
    });
  });

  describe('patterns and shards', () => {
    it('reach those who match, each by its own subscription', async () => {
      const calls: unknown[] = [];
      const note = (who: string) => (channel: string, message: string, info: object) =>
        void calls.push([who, channel, message, info]);
      await client.registerPatternListener(note('all'), 'user:*');
      await client.registerPatternListener(note('mail'), 'user:*:mail', { kind: 'async' });
      await client.registerPatternListener(note('none'), 'order:*');
      await client.registerListener(note('channel'), 'user:1:mail');
      await client.publish('user:1:mail', 'hi');
      await client.publish('user:2', 'ho');
      await expect.poll(() => calls.length).toBe(4);
      expect(calls).toEqual(
        expect.arrayContaining([
          ['all', 'user:1:mail', 'hi', { pattern: 'user:*' }],
          ['mail', 'user:1:mail', 'hi', { pattern: 'user:*:mail' }],
          ['channel', 'user:1:mail', 'hi', {}],
          ['all', 'user:2', 'ho', { pattern: 'user:*' }],
        ]),
      );
    });

    it('of shards are apart from channels', async () => {
      const heard = new Heard();
      const plain = new Heard();
      const shard = await client.registerShardListener(heard.listener, 'orders');
      await client.registerListener(plain.listener, 'orders');
      expect(await client.publishSharded('orders', 's')).toBe(1);
      expect(await client.publish('orders', 'p')).toBe(1);
      await Promise.all([heard.count(1), plain.count(1)]);
      expect([heard.messages, plain.messages]).toEqual([['orders: s'], ['orders: p']]);
      expect(await client.channels('*', { sharded: true })).toEqual(['orders']);
      expect(await client.numSub('orders', { sharded: true })).toEqual(new Map([['orders', 1]]));
      await client.unregisterListeners({ shard: 'orders' });
      expect(await client.channels('*', { sharded: true })).toEqual([]);
      expect(await numSub('orders')).toBe(1);
      await shard.unregister();
    });
  });

  describe('values', () => {
    it('are JSON by a typed channel', async () => {
      const orders = typedChannel<{ id: number }>('orders');
      const seen: number[] = [];
      await client.registerListener((_, order) => void seen.push(order.id), orders);
      await client.publish(orders, { id: 1 });
      await client.publish('orders', '{"id":2}');
      await client.publish('orders', 'no JSON');
      await client.publish(orders, { id: 3 });
      await expect.poll(() => seen).toEqual([1, 2, 3]);
      expect(errors).toMatchObject([{ error: { code: 'DECODE_FAILED' }, channel: 'orders' }]);
      await expect(client.publish(orders, { id: Number.NaN })).rejects.toMatchObject({
        code: 'ENCODE_FAILED',
      });
      await expect(client.publish('orders', 1 as never)).rejects.toMatchObject({ code: 'ENCODE_FAILED' });
    });

    it('are checked by a schema, which may take its time, in order', async () => {
      const schema = z.object({ id: z.number() }).transform(async ({ id }) => {
        await Promise.resolve();
        return `#${id}`;
      });
      const orders = typedChannel('orders', { schema, codec: json() as never });
      const seen: string[] = [];
      const listener = client.registerAsyncListener((_, order) => void seen.push(order), orders);
      await listener.ready;
      await Promise.all([client.publish(orders, { id: 1 }), client.publish(orders, { id: 2 })]);
      await client.publish('orders', '{"id":"x"}');
      await client.publish(orders, { id: 3 });
      await expect.poll(() => seen).toEqual(['#1', '#2', '#3']);
      expect(errors).toMatchObject([{ error: { code: 'DECODE_FAILED' }, listener }]);
      await expect(client.publish(orders, { id: 'x' } as never)).rejects.toMatchObject({
        code: 'ENCODE_FAILED',
      });
    });

    it('share a channel with text, whatever form they want', async () => {
      const heard = new Heard();
      const orders = typedChannel<{ id: number }>('orders');
      const seen: unknown[] = [];
      await client.registerListener(heard.listener, 'orders');
      await client.registerListener((_, order) => void seen.push(order), orders);
      expect(await numSub('orders')).toBe(1);
      await client.publish(orders, { id: 1 });
      await heard.count(1);
      expect([heard.messages, seen]).toEqual([['orders: {"id":1}'], [{ id: 1 }]]);
      await client.unregisterListener(heard.listener);
      expect(await numSub('orders')).toBe(1);
    });
  });

  describe('messages()', () => {
    it('iterates what comes, and unsubscribes when the loop is left', async () => {
      const messages = client.messages(['news', { pattern: 'user:*' }]);
      await messages.ready();
      for (const message of ['a', 'b']) await client.publish('news', message);
      await client.publish('user:1', 'c');
      const seen: unknown[] = [];
      for await (const message of messages) {
        seen.push(message);
        if (seen.length === 3) break;
      }
      expect(seen).toEqual([
        { channel: 'news', message: 'a' },
        { channel: 'news', message: 'b' },
        { channel: 'user:1', message: 'c', pattern: 'user:*' },
      ]);
      expect([await numSub('news'), await client.numPat(), client.listenerCount]).toEqual([0, 0, 0]);
      expect(await messages.next()).toEqual({ done: true, value: undefined });
    });

    it('subscribes at the first next()', async () => {
      const messages = client.messages(typedChannel<number>('numbers'));
      expect(client.listenerCount).toBe(0);
      const first = messages.next();
      await messages.ready();
      await client.publish('numbers', '1');
      expect((await first).value).toEqual({ channel: 'numbers', message: 1 });
      await messages.return();
    });

    it('rejects once when its signal is aborted, or its queue is full', async () => {
      const ending = new AbortController();
      const messages = client.messages('news', { signal: ending.signal });
      const next = messages.next();
      await messages.ready();
      ending.abort();
      await expect(next).rejects.toMatchObject({ code: 'ABORTED' });
      expect(await messages.next()).toEqual({ done: true, value: undefined });
      const full = client.messages('news', { queue: { limit: 1, policy: 'error' } });
      await full.ready();
      for (const message of ['a', 'b', 'c']) await client.publish('news', message);
      await expect.poll(() => errors.length).toBe(1);
      await expect(full.next()).rejects.toMatchObject({ code: 'LISTENER_OVERFLOW' });
      expect(await full.next()).toEqual({ done: true, value: undefined });
    });

    it('ends with the client', async () => {
      const next = client.messages('news').next();
      await expect.poll(() => numSub('news')).toBe(1);
      await client.close();
      expect(await next).toEqual({ done: true, value: undefined });
      expect(() => client.messages('news')).toThrow(expect.objectContaining({ code: 'CLOSED' }));
    });
  });

  it('is closed for whoever is told while it closes', async () => {
    const { opened, open } = gate();
    const listener = await client.registerListener(() => opened, 'news', { queue: { limit: 1 } });
    const late: Promise<PromiseSettledResult<unknown>[]>[] = [];
    client.on('gap', () => {
      late.push(Promise.allSettled([listener.unregister(), client.publish('news', 'late')]));
    });
    for (const message of ['a', 'b', 'c']) await client.publish('news', message);
    await expect.poll(() => listener.stats.dropped).toBe(1);
    await client.close();
    expect((await late[0])?.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(late.length).toBe(1);
    open();
  });

  it('takes what the channel carries', () => {
    const orders = typedChannel<{ id: number }>('orders');
    const publish = (): unknown => [
      // @ts-expect-error A channel by its name carries text or bytes.
      client.publish('orders', 1),
      // @ts-expect-error A typed one carries its values.
      client.publish(orders, { id: 'x' }),
      client.publish(orders, { id: 1 }),
    ];
    expect(publish).toBeTypeOf('function');
  });

  it('counts subscribers and channels', async () => {
    await client.registerListener(() => undefined, 'a');
    await client.registerListener(() => undefined, 'ab');
    expect(await client.numSub(['a', 'b'])).toEqual(
      new Map([
        ['a', 1],
        ['b', 0],
      ]),
    );
    expect((await client.channels()).sort()).toEqual(['a', 'ab']);
    expect(await client.channels('?b')).toEqual(['ab']);
  });

  it('refuses what is no channel and no function', async () => {
    const bad = { code: 'INVALID_OPTION' };
    await expect(client.registerListener(() => undefined, '')).rejects.toMatchObject(bad);
    await expect(client.registerListener(undefined as never, 'a')).rejects.toMatchObject(bad);
    await expect(client.unregisterListeners({} as never)).rejects.toMatchObject(bad);
    await expect(client.publish('', 'a')).rejects.toMatchObject(bad);
    expect(() => client.messages([])).toThrow(expect.objectContaining(bad));
    expect(() => client.messages(['a', 'b'], { replay: true })).toThrow(expect.objectContaining(bad));
    await expect(client.registerListener(() => undefined, 'a', { replay: 1 } as never)).rejects.toMatchObject(
      bad,
    );
  });
});
