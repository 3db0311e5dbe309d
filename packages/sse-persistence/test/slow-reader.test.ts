import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type SessionEnd, SseSessions, type SseSessionsOptions } from '../src/index.js';
import { listen } from './support/listen.js';
import { MemoryFeed } from './support/memory-feed.js';
import { SseClient } from './support/sse-client.js';

const EVENT = 'x'.repeat(10_000);
const MIB = 1_048_576;

async function nodeOf(
  feed: MemoryFeed,
  options: SseSessionsOptions = {},
  prepare: (res: ServerResponse) => void = () => undefined,
) {
  const ends: SessionEnd[] = [];
  const sessions = new SseSessions({ ...options, onEnd: (end) => ends.push(end) });
  const responses: ServerResponse[] = [];
  const server = createServer((req, res) => {
    responses.push(res);
    prepare(res);
    void sessions.pipe(feed, req, res);
  });
  const ended = () => vi.waitFor(() => expect(ends.length).toBeGreaterThan(0), { interval: 5 });
  return { ...(await listen(server)), sessions, ends, ended, responses };
}

/** Lets the event loop go round. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

afterEach(() => {
  vi.useRealTimers();
});

describe('a reader of 10 kB/s', () => {
  it('is cut when too much waits for it, and resumes without loss or duplicate', async () => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed);
    using slow = await SseClient.open(node.url);
    await slow.until(({ lastEventId }) => lastEventId !== '');
    const { socket } = slow.response;
    const throttle = setInterval(() => {
      socket.pause();
      slow.response.pause();
      slow.response.read(1_000);
    }, 100);
    let most = 0;
    while (node.sessions.stats().drops === 0) {
      for (let i = 0; i < 10; i++) feed.append(`${feed.last} ${EVENT}`);
      await turn();
      most = Math.max(most, node.sessions.stats().queuedBytes);
    }
    clearInterval(throttle);
    expect(most).toBeLessThan(MIB + 11 * (EVENT.length + 100));
    expect(node.sessions.stats()).toMatchObject({ open: 0, drops: 1, queuedBytes: 0 });
    expect(node.ends).toMatchObject([{ reason: 'slow' }]);
    expect(feed.readers.size).toBe(0);

    slow.response.resume();
    socket.resume();
    await slow.over;
    const { lastEventId } = slow.reader;
    using again = await SseClient.open(node.url, { lastEventId });
    await again.until((reader) => reader.lastEventId === `e1.${feed.last}`);
    const ids = [...slow.events, ...again.events].map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: feed.last }, (_, i) => `e1.${i + 1}`));
  });
});

describe('a burst', () => {
  const wrapped = (res: ServerResponse): void => {
    const { write } = res;
    res.write = ((...args: unknown[]) => Reflect.apply(write, res, args)) as typeof write;
  };

  // A socket says at once that it has taken everything; `res.write` says so in the next tick only.
  it.each([
    ['past res.write', () => undefined],
    ['by res.write', wrapped],
  ])('that is bigger than what may wait, hurts nobody who takes it: %s', async (_, prepare) => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed, { maxQueuedBytes: 100_000 }, prepare);
    using client = await SseClient.open(node.url);
    await client.until(({ lastEventId }) => lastEventId !== '');
    for (let i = 0; i < 100; i++) feed.append(EVENT);
    await client.received(100);
    feed.append(EVENT.repeat(50));
    await client.received(101);
    expect(node.sessions.stats().drops).toBe(0);
  });
});

describe('a long replay', () => {
  it('waits in the log for a slow reader, and is not cut', async () => {
    const feed = new MemoryFeed();
    const count = 2_000;
    for (let i = 0; i < count; i++) feed.append(EVENT);
    await using node = await nodeOf(feed);
    using client = await SseClient.open(node.url, { lastEventId: 'e1.0' });
    let most = 0;
    while (client.events.length < count) {
      client.response.pause();
      for (let i = 0; i < 5; i++) await turn();
      most = Math.max(most, node.sessions.stats().queuedBytes);
      client.response.resume();
      await turn();
    }
    expect(client.events.map(({ id }) => id)).toEqual(Array.from({ length: count }, (_, i) => `e1.${i + 1}`));
    expect(most).toBeLessThan(200_000);
    expect(node.sessions.stats()).toMatchObject({ open: 1, drops: 0 });
  });
});

describe('a reader that takes nothing', () => {
  async function stalled(options: SseSessionsOptions) {
    const feed = new MemoryFeed();
    for (let i = 0; i < 3_000; i++) feed.append(EVENT);
    const node = await nodeOf(feed, options);
    const socket = connect(node.port, '127.0.0.1').pause();
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: node\r\nLast-Event-ID: e1.0\r\n\r\n');
    const isFull = () => expect(node.responses[0]?.socket?.writableNeedDrain).toBe(true);
    return { node, socket, full: vi.waitFor(isFull, { interval: 5 }) };
  }

  it('is let go', async () => {
    const { node, socket } = await stalled({ stallTimeoutMs: 50, heartbeatMs: 20 });
    await node.ended();
    expect(node.ends).toMatchObject([{ reason: 'stalled' }]);
    expect(node.sessions.stats()).toMatchObject({ drops: 1, open: 0 });
    expect(node.responses[0]?.destroyed).toBe(true);
    socket.destroy();
    await node[Symbol.asyncDispose]();
  });

  it('does not hold up a shutdown for ever', async () => {
    const { node, socket, full } = await stalled({});
    await full;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const drained = node.sessions.drain();
    await turn();
    expect(node.ends).toMatchObject([{ reason: 'drained' }]);
    vi.advanceTimersByTime(5_000);
    await drained;
    socket.destroy();
    vi.useRealTimers();
    await node[Symbol.asyncDispose]();
  });

  it('that goes away is known at once', async () => {
    const { node, socket, full } = await stalled({});
    await full;
    socket.resetAndDestroy();
    await node.ended();
    expect(node.ends).toMatchObject([{ reason: 'client' }]);
    await node[Symbol.asyncDispose]();
  });
});
