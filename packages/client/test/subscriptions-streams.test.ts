import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Gap, type Message, type MessageStream, RedisClient } from '../src/index.js';

let server: RedisServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
});
afterEach(async () => {
  await expect.poll(() => server.command('PUBSUB', 'CHANNELS')).toEqual([]);
});

function open(options: object = {}): RedisClient {
  return new RedisClient({ host: server.host, port: server.port, ...options });
}

async function publish(...payloads: (string | number)[]): Promise<void> {
  for (const payload of payloads) await server.command('PUBLISH', 'a', String(payload));
}

async function received(stream: MessageStream<Message>, count: number): Promise<void> {
  await expect.poll(() => stream.received).toBe(count);
}

async function take(stream: MessageStream<Message>, count: number): Promise<string[]> {
  const payloads: string[] = [];
  while (payloads.length < count) {
    const { value } = await stream.next();
    if (value === undefined) break;
    payloads.push(value.payload);
  }
  return payloads;
}

describe('a stream', () => {
  it('subscribes when it is read, and unsubscribes at the end of the loop', async () => {
    await using client = open();
    const stream = client.subscribe(['a', { pattern: 'b*' }]);
    expect(client.metrics().subscriptions).toMatchObject({ channels: 0, patterns: 0 });
    const heard: Message[] = [];
    const reading = (async () => {
      for await (const message of stream) if (heard.push(message) === 2) break;
    })();
    await expect.poll(() => server.command('PUBSUB', 'NUMPAT')).toBe(1);
    await publish('1');
    await server.command('PUBLISH', 'b2', '2');
    await reading;
    expect(heard).toEqual([
      { channel: 'a', payload: '1' },
      { channel: 'b2', payload: '2', pattern: 'b*' },
    ]);
    expect(client.metrics().subscriptions).toMatchObject({ channels: 0, patterns: 0 });
    expect(await server.command('PUBSUB', 'NUMPAT')).toBe(0);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('keeps what comes after ready() for a later reader', async () => {
    await using client = open();
    await using stream = client.subscribe('a');
    await stream.ready();
    await publish(1, 2, 3);
    await received(stream, 3);
    expect(stream.buffered).toBe(3);
    expect(await take(stream, 3)).toEqual(['1', '2', '3']);
  });

  it('gives bytes when asked', async () => {
    await using client = open();
    await using stream = client.subscribe('a', { replies: 'bytes' });
    await stream.ready();
    await publish('ü');
    expect((await stream.next()).value?.payload).toEqual(Buffer.from('ü'));
  });

  it('answers several readers in order, and none after return()', async () => {
    await using client = open();
    const stream = client.subscribe('a');
    await stream.ready();
    const reads = [stream.next(), stream.next(), stream.next()];
    await publish(1, 2);
    expect((await reads[0])?.value?.payload).toBe('1');
    expect((await reads[1])?.value?.payload).toBe('2');
    await stream.return();
    expect(await reads[2]).toEqual({ done: true, value: undefined });
  });

  it('that is given up before it was ever confirmed ends at once', async () => {
    await using client = new RedisClient({
      host: server.host,
      port: 1,
      reconnect: { minDelayMs: 60_000, maxDelayMs: 60_000 },
    });
    const stream = client.subscribe('a', { timeoutMs: 0 });
    const next = stream.next();
    await stream.return();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('rejects once when the server refuses one of its topics, and leaves the others', async () => {
    await server.command('ACL', 'SETUSER', 'narrow', 'on', 'nopass', '+@all', '~*', 'resetchannels', '&a');
    await using client = open({ username: 'narrow', password: 'x' });
    const stream = client.subscribe(['a', 'b']);
    await expect(stream.next()).rejects.toMatchObject({ code: 'NOPERM' });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await expect(stream.ready()).rejects.toMatchObject({ code: 'NOPERM' });
    expect(await server.command('PUBSUB', 'NUMSUB', 'a')).toEqual(['a', 0]);
  });

  it('rejects when its signal is aborted, before and while it is read', async () => {
    await using client = open();
    const late = client.subscribe('a', { signal: AbortSignal.abort('late') });
    await expect(late.next()).rejects.toMatchObject({ code: 'ABORTED', cause: 'late' });
    const controller = new AbortController();
    const stream = client.subscribe('a', { signal: controller.signal });
    await stream.ready();
    const next = stream.next();
    controller.abort('enough');
    await expect(next).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await expect.poll(() => client.metrics().subscriptions.channels).toBe(0);
  });

  it('tells gaps of its connection', async () => {
    await using client = open();
    const gaps: Gap[] = [];
    await using stream = client.subscribe('a', { onGap: (gap) => gaps.push(gap) });
    await stream.ready();
    await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await expect.poll(() => gaps).toMatchObject([{ topic: { channel: 'a' }, reason: 'connection' }]);
  });

  it.each([
    ['buffer.limit', ['a', { buffer: { limit: 0 } }]],
    ['buffer.policy', ['a', { buffer: { policy: 'block' } }]],
    ['buffer.policy', ['a', { buffer: { policy: 'pause' } }]],
    ['topics', [[]]],
    ['topic', [[7]]],
  ])('with a wrong %s is refused at once', async (option, args) => {
    await using client = open();
    const subscribe = client.subscribe.bind(client) as (...args: unknown[]) => unknown;
    expect(() => subscribe(...args)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', option }));
  });
});

describe('a full buffer', () => {
  it.each([
    ['dropOldest', ['3', '4', '5']],
    ['dropNewest', ['1', '2', '3']],
  ] as const)('with %s keeps its limit, and tells the gap when there is room', async (policy, kept) => {
    await using client = open();
    const own: Gap[] = [];
    const all: Gap[] = [];
    using _ = client.onGap((gap) => all.push(gap));
    await using stream = client.subscribe('a', {
      buffer: { limit: 3, policy },
      onGap: (gap) => own.push(gap),
    });
    await stream.ready();
    const before = Date.now();
    await publish(1, 2, 3, 4, 5);
    await received(stream, 5);
    expect(stream).toMatchObject({ buffered: 3, dropped: 2 });
    expect(own).toEqual([]);
    expect(await take(stream, 3)).toEqual(kept);
    expect(own).toMatchObject([{ topic: { channel: 'a' }, reason: 'overflow', dropped: 2 }]);
    expect(all).toEqual(own);
    expect(own[0]?.from).toBeLessThanOrEqual(before);
    expect(own[0]?.to).toBeGreaterThanOrEqual(before);
    expect(client.metrics().subscriptions).toMatchObject({ dropped: 2, gaps: 1 });
    await publish(6);
    expect(await take(stream, 1)).toEqual(['6']);
    expect(own).toHaveLength(1);
  });

  it('with error gives what there is, and then fails', async () => {
    await using client = open();
    const stream = client.subscribe('a', { buffer: { limit: 2, policy: 'error' } });
    await stream.ready();
    await publish(1, 2, 3);
    await received(stream, 3);
    expect(await take(stream, 2)).toEqual(['1', '2']);
    await expect(stream.next()).rejects.toMatchObject({ code: 'BUFFER_OVERFLOW', limit: 2 });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(await server.command('PUBSUB', 'NUMSUB', 'a')).toEqual(['a', 0]);
  });

  it.each([2, 3])(
    'with pause stops the reading of a connection of its own (RESP%i), and loses nothing',
    async (protocol) => {
      // A watchdog that did not know of it would find the server silent.
      await using client = open({
        protocol,
        subscriptions: 'dedicated',
        pingIntervalMs: 50,
        silenceTimeoutMs: 300,
      });
      const gaps: Gap[] = [];
      using _ = client.onGap((gap) => gaps.push(gap));
      await using stream = client.subscribe('a', { buffer: { limit: 10, policy: 'pause' } });
      await stream.ready();
      const payload = 'x'.repeat(10_000);
      const count = 400;
      await using publisher = open();
      await publisher.pipeline(Array.from({ length: count }, (_, i) => ['PUBLISH', 'a', `${i} ${payload}`]));
      await expect.poll(() => stream.buffered).toBeGreaterThan(10);
      // Commands go on meanwhile, for longer than the watchdog waits.
      await sleep(700);
      expect(await client.call('PING')).toBe('PONG');
      expect(stream.buffered).toBeLessThan(count);
      const numbers = (await take(stream, count)).map((text) => Number.parseInt(text, 10));
      expect(numbers).toEqual(Array.from({ length: count }, (_, i) => i));
      expect(gaps).toEqual([]);
      expect(stream.dropped).toBe(0);
    },
  );
});
