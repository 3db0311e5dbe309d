import { type RedisServer, startFaultProxy, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ClientType,
  type MessageInfo,
  type PubSubGap,
  type RedisPubSubClient,
  typedChannel,
} from '../src/index.js';
import { type Bed, beds } from './support/beds.js';
import { checkDurable } from './support/durable-kills.js';
import { gate, Heard } from './support/heard.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
beforeEach(() => server.command('FLUSHALL'));

describe.each(beds)('durable messages over $name', ({ make }) => {
  let bed: Bed;
  let client: RedisPubSubClient<unknown>;
  let gaps: PubSubGap[];
  const history = { size: 5, exact: true };
  beforeEach(async () => {
    bed = make({ durable: (channel) => (channel === 'short' ? { history } : {}) });
    client = await bed.open(ClientType.PUB_SUB, server);
    gaps = [];
    client.on('gap', (gap) => gaps.push(gap));
    return () => bed[Symbol.asyncDispose]();
  });

  const write = async (channel: string, ...messages: string[]) => {
    const ids: string[] = [];
    for (const message of messages) ids.push((await client.publishDurable(channel, message)).id);
    return ids;
  };

  it('come from the beginning, and then live, once and in order', async () => {
    const [first] = await write('news', 'a', 'b');
    const heard = new Heard();
    const listener = await client.registerListener(heard.listener, 'news', { replay: true });
    const [, last] = await write('news', 'c', 'd');
    await heard.count(4);
    expect(heard.messages).toEqual(['news: a', 'news: b', 'news: c', 'news: d']);
    expect(listener.lastId).toBe(last);
    expect(first).not.toBe(last);
    expect(gaps).toEqual([]);
  });

  it('come from behind an id, with their ids and times', async () => {
    const [, second, third] = await write('news', 'a', 'b', 'c');
    const seen: [string, MessageInfo][] = [];
    await client.registerListener((_, message, info) => void seen.push([message, info]), 'news', {
      replay: second ?? '',
    });
    await expect.poll(() => seen.length).toBe(1);
    expect(seen[0]).toMatchObject(['c', { id: third }]);
    expect(Math.abs((seen[0]?.[1].at ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('reach plain listeners as any other, in the same step', async () => {
    const heard = new Heard();
    const replayed = new Heard();
    await client.registerListener(heard.listener, 'news');
    await client.registerListener(replayed.listener, 'news', { replay: true });
    await write('news', 'a');
    await client.publish('news', 'fleeting');
    await write('news', 'b');
    await Promise.all([heard.count(3), replayed.count(2)]);
    expect(heard.messages).toEqual(['news: a', 'news: fleeting', 'news: b']);
    expect(replayed.messages).toEqual(['news: a', 'news: b']);
  });

  it('are one when they have the same idempotency key', async () => {
    const one = await client.publishDurable('news', 'a', { idempotencyKey: 'k' });
    const again = await client.publishDurable('news', 'a', { idempotencyKey: 'k' });
    expect([one.duplicate, again]).toEqual([false, { id: one.id, duplicate: true }]);
  });

  it('that are trimmed are told as a gap, and the rest comes', async () => {
    const [first] = await write('short', '1', '2', '3', '4', '5', '6', '7', '8');
    const heard = new Heard();
    const listener = await client.registerListener(heard.listener, 'short', { replay: first ?? '' });
    await heard.count(5);
    expect(heard.messages).toEqual(['4', '5', '6', '7', '8'].map((message) => `short: ${message}`));
    expect(gaps).toMatchObject([
      {
        channel: 'short',
        reason: 'trimmed',
        filled: false,
        dropped: 2,
        listener,
        topic: { channel: 'short' },
      },
    ]);
  });

  it('that are trimmed while a listener is behind are told as a gap, too', async () => {
    const { opened, open } = gate();
    const seen: number[] = [];
    const listener = await client.registerListener(
      async (_, message) => {
        seen.push(Number(message));
        await opened;
      },
      'short',
      { replay: true, queue: { limit: 2 } },
    );
    // More than a process keeps of the newest.
    const count = 600;
    for (let i = 1; i <= count; i++) await client.publishDurable('short', String(i));
    open();
    await expect.poll(() => seen.at(-1)).toBe(count);
    const missed = gaps.reduce((sum, { dropped = 0 }) => sum + dropped, 0);
    expect(gaps.length).toBeGreaterThan(0);
    for (const gap of gaps) expect(gap).toMatchObject({ reason: 'trimmed', filled: false, listener });
    expect(seen.length + missed).toBe(count);
    expect(listener.stats.dropped).toBe(0);
  });

  it('of a stream that is lost are told as a gap, and the new ones come', async () => {
    const [, last] = await write('news', 'a', 'b');
    await server.command('FLUSHALL');
    await write('news', 'c');
    const heard = new Heard();
    await client.registerListener(heard.listener, 'news', { replay: last ?? '' });
    await heard.count(1);
    expect(heard.messages).toEqual(['news: c']);
    expect(gaps).toMatchObject([{ reason: 'lost', filled: false, from: 0 }]);
  });

  it('wait for a slow listener in the stream, and are never dropped', async () => {
    const count = 3_000;
    const { opened, open } = gate();
    const seen: number[] = [];
    const listener = await client.registerListener(
      async (_, message) => {
        await opened;
        seen.push(Number(message));
      },
      'news',
      { replay: true, queue: { limit: 10 } },
    );
    for (let i = 0; i < count; i += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, j) => client.publishDurable('news', String(i + j))));
    }
    expect(listener.stats.received).toBeLessThanOrEqual(11);
    open();
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(count);
    expect(seen).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(listener.stats.dropped).toBe(0);
  });

  it('are values of typed channels, also by messages() and once', async () => {
    const orders = typedChannel<{ id: number }>('orders');
    const { id } = await client.publishDurable(orders, { id: 1 });
    await client.publishDurable(orders, { id: 2 });
    const messages = client.messages(orders, { replay: true });
    expect((await messages.next()).value).toMatchObject({ message: { id: 1 }, id });
    expect((await messages.next()).value).toMatchObject({ message: { id: 2 } });
    await messages.return();
    expect((await client.once(orders, { replay: id })).message).toEqual({ id: 2 });
  });

  it('end with their listener, their signal and the client', async () => {
    const heard = new Heard();
    const ending = new AbortController();
    const listener = await client.registerListener(heard.listener, 'news', { replay: true });
    await client.registerListener(heard.listener, 'news', { replay: true, signal: ending.signal });
    await client.registerListener(heard.listener, 'news', { replay: true });
    await listener.unregister();
    ending.abort();
    expect(client.listenerCount).toBe(1);
    await write('news', 'a');
    await heard.count(1);
    await client.close();
    expect(client.listenerCount).toBe(0);
    await expect(client.publishDurable('news', 'b')).rejects.toMatchObject({ code: 'CLOSED' });
    expect(heard.messages).toEqual(['news: a']);
  });

  it('keep channels with braces apart, each in one slot', async () => {
    await write('{a}:b', '1');
    await write('a}b', '2');
    const keys = ((await server.command('KEYS', '*:log')) as string[]).sort();
    expect(keys).toEqual(['pubsub:{%7Ba%7D:b}:log', 'pubsub:{a%7Db}:log']);
  });

  it('fill the gap of a lost connection', async () => {
    await using proxy = await startFaultProxy({ target: server });
    const subscriber = await bed.open(ClientType.PUB_SUB, proxy);
    const told: PubSubGap[] = [];
    subscriber.on('gap', (gap) => told.push(gap));
    const heard = new Heard();
    await subscriber.registerListener(heard.listener, 'news', { replay: true });
    await write('news', 'a');
    await heard.count(1);
    await proxy.refuse('RST');
    proxy.cut('RST');
    await write('news', 'b', 'c');
    await proxy.accept();
    await heard.count(3);
    expect(heard.messages).toEqual(['news: a', 'news: b', 'news: c']);
    await expect
      .poll(() => told)
      .toMatchObject([{ channel: 'news', topic: { channel: 'news' }, reason: 'connection', filled: true }]);
    await subscriber.close();
  });

  it('come once and in order while connections are killed', async () => {
    await checkDurable({ server, bed, messages: 5_000, kills: 6, seed: 1 });
  });
});
