import { channel } from 'node:diagnostics_channel';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import {
  type SessionEnd,
  type SessionRequestOptions,
  SseSessions,
  type SseSessionsOptions,
} from '../src/index.js';
import { type Listening, listen } from './support/listen.js';
import { MemoryFeed } from './support/memory-feed.js';
import { SseClient } from './support/sse-client.js';

interface Node extends Listening {
  readonly sessions: SseSessions;
  /** Why responses are over, in order. */
  readonly ends: SessionEnd[];
  /** Resolves when so many are over. */
  ended(count: number): Promise<void>;
}

type Handle = (req: IncomingMessage, res: ServerResponse) => SessionRequestOptions;

async function nodeOf(
  feed: MemoryFeed,
  options: SseSessionsOptions = {},
  handle: Handle = listenerOf,
): Promise<Node> {
  const ends: SessionEnd[] = [];
  const sessions = new SseSessions({
    retryMs: 10,
    refusalRetryMs: 10,
    ...options,
    onEnd: (end) => ends.push(end),
  });
  const server = createServer((req, res) => {
    sessions.pipe(feed, req, res, handle(req, res)).catch((error: Error) => {
      res.statusCode = 500;
      res.end(error.message);
    });
  });
  const listening = await listen(server);
  const ended = (count: number) =>
    vi.waitFor(() => expect(ends.length).toBeGreaterThanOrEqual(count), { interval: 5 });
  return { ...listening, sessions, ends, ended };
}

/** `?listener=` */
function listenerOf({ url = '' }: IncomingMessage): SessionRequestOptions {
  return { listener: new URL(url, 'http://node').searchParams.get('listener') ?? undefined };
}

describe('a response', () => {
  it('has the headers of a stream that nobody may hold back, and begins with a cursor', async () => {
    const feed = new MemoryFeed();
    feed.append('old');
    await using node = await nodeOf(feed, { retryMs: 1_000 });
    using client = await SseClient.open(node.url);
    expect(client.response.statusCode).toBe(200);
    expect(client.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    await client.until(({ lastEventId }) => lastEventId === 'e1.1');
    expect(client.reader).toMatchObject({ comments: 1, events: [] });
    expect(client.reader.retry).toBeGreaterThanOrEqual(1_000);
    expect(client.reader.retry).toBeLessThanOrEqual(1_500);
  });

  it('gets what comes, for everybody and for its listener', async () => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed);
    using anna = await SseClient.open(`${node.url}?listener=anna`);
    using nobody = await SseClient.open(node.url);
    feed.append('all', { event: 'hello' });
    feed.append('for anna', { listener: 'anna' });
    feed.append('for bert', { listener: 'bert' });
    feed.append('last');
    await Promise.all([anna.received(3), nobody.received(2)]);
    expect(anna.events).toEqual([
      { id: 'e1.1', type: 'hello', data: 'all' },
      { id: 'e1.2', type: 'message', data: 'for anna' },
      { id: 'e1.4', type: 'message', data: 'last' },
    ]);
    expect(nobody.data).toEqual(['all', 'last']);
  });

  it('has the headers that the user wants instead', async () => {
    await using node = await nodeOf(new MemoryFeed(), {
      headers: { 'cache-control': 'no-store', 'Access-Control-Allow-Origin': '*' },
    });
    using client = await SseClient.open(node.url);
    expect(client.response.headers).toMatchObject({
      'cache-control': 'no-store',
      'access-control-allow-origin': '*',
      'content-type': 'text/event-stream',
    });
  });

  it('keeps what the handler has set, as for CORS', async () => {
    await using node = await nodeOf(new MemoryFeed(), {}, (_, res) => {
      res.setHeader('Access-Control-Allow-Origin', 'https://example.org');
      return {};
    });
    using client = await SseClient.open(node.url);
    expect(client.response.headers['access-control-allow-origin']).toBe('https://example.org');
  });

  it('to HEAD has no body', async () => {
    await using node = await nodeOf(new MemoryFeed());
    using client = await SseClient.open(node.url, { method: 'HEAD' });
    expect(client.response.headers['content-type']).toBe('text/event-stream');
    expect(await client.over).toBe(true);
  });

  it('cannot begin behind another head', async () => {
    const feed = new MemoryFeed();
    const errors: unknown[] = [];
    await using server = await listen(
      createServer((req, res) => {
        res.writeHead(202).flushHeaders();
        new SseSessions().pipe(feed, req, res).catch((error: unknown) => {
          errors.push(error);
          res.end();
        });
      }),
    );
    using client = await SseClient.open(server.url);
    await client.over;
    expect(errors).toEqual([expect.objectContaining({ name: 'SseError', code: 'HEADERS_SENT' })]);
  });
});

describe('a cursor', () => {
  it.each([
    ['in the header', '', 'e1.1', ['two', 'three']],
    ['in the query', '?lastEventId=e1.2', undefined, ['three']],
    ['in the header goes before an older one in the query', '?lastEventId=e1.1', 'e1.2', ['three']],
    ['that is empty is none', '?lastEventId=', '', []],
  ])('%s', async (_, query, lastEventId, expected) => {
    const feed = new MemoryFeed();
    for (const data of ['one', 'two', 'three']) feed.append(data);
    await using node = await nodeOf(feed);
    using client = await SseClient.open(node.url + query, lastEventId === undefined ? {} : { lastEventId });
    await client.until(({ retry }) => retry !== undefined);
    feed.append('live');
    await client.until(({ events }) => events.at(-1)?.data === 'live');
    expect(client.data).toEqual([...expected, 'live']);
    expect(node.sessions.stats().replays).toBe(expected.length > 0 ? 1 : 0);
  });

  it('that is missing: from the oldest event on, if the handler wants it', async () => {
    const feed = new MemoryFeed();
    for (const data of ['one', 'two', 'three']) feed.append(data);
    feed.trim(2);
    await using node = await nodeOf(feed, {}, () => ({ from: 'start' }));
    using client = await SseClient.open(node.url);
    await client.received(2);
    using resumed = await SseClient.open(node.url, { lastEventId: 'e1.2' });
    await resumed.received(1);
    expect([client.data, resumed.data]).toEqual([['two', 'three'], ['three']]);
  });

  it('in a parameter of another name', async () => {
    const feed = new MemoryFeed();
    feed.append('one');
    feed.append('two');
    await using node = await nodeOf(feed, { queryParameter: 'since' });
    using client = await SseClient.open(`${node.url}?since=e1.1`);
    await client.received(1);
    expect(client.data).toEqual(['two']);
  });

  it.each([
    ['of another life', 'e0.1', 'epoch'],
    ['of what is gone', 'e1.0', 'trimmed'],
    ['that is none', '\u00ff nonsense', 'epoch'],
  ])('%s is answered by a reset', async (_, lastEventId, reason) => {
    const feed = new MemoryFeed();
    for (const data of ['one', 'two', 'three']) feed.append(data);
    feed.trim(1);
    await using node = await nodeOf(feed, { resetEvent: 'stale' });
    using client = await SseClient.open(node.url, { lastEventId });
    await client.received(1);
    feed.append('live');
    await client.received(2);
    expect(client.events).toEqual([
      { id: 'e1.3', type: 'stale', data: JSON.stringify({ reason, position: 'e1.3' }) },
      { id: 'e1.4', type: 'message', data: 'live' },
    ]);
    expect(node.sessions.stats()).toMatchObject({ resets: 1 });
  });

  it('is lost in the middle: a reset, and on', async () => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed);
    using client = await SseClient.open(node.url);
    await client.until(({ retry }) => retry !== undefined);
    feed.tell({ type: 'reset', position: 'e2.0', reason: 'epoch' });
    await client.received(1);
    expect(client.events).toEqual([
      { id: 'e2.0', type: 'reset', data: '{"reason":"epoch","position":"e2.0"}' },
    ]);
    expect(node.sessions.stats()).toMatchObject({ resets: 1, open: 1 });
  });
});

describe('who may', () => {
  it('is asked before anything is sent, with the request and the channel', async () => {
    const feed = new MemoryFeed();
    const authorize = vi.fn(() => ({ allow: true, listener: 'anna' }) as const);
    await using node = await nodeOf(feed, { authorize });
    using client = await SseClient.open(`${node.url}/events?listener=bert`, {
      headers: { Authorization: 'Bearer x' },
      lastEventId: 'e1.0',
    });
    feed.append('for anna', { listener: 'anna' });
    await client.received(1);
    const [request, id] = authorize.mock.calls[0] as unknown as [
      import('../src/index.js').SseRequest,
      string,
    ];
    expect(id).toBe('news');
    expect(request).toMatchObject({ method: 'GET', url: '/events?listener=bert', cursor: 'e1.0' });
    expect(request.header('authorization')).toBe('Bearer x');
  });

  it.each([
    [false, 403],
    [{ allow: false, status: 401 } as const, 401],
  ])('may not: %j', async (verdict, status) => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed, { authorize: async () => verdict });
    using client = await SseClient.open(node.url);
    expect(client.response.statusCode).toBe(status);
    expect(await client.over).toBe(true);
    expect(node.ends).toMatchObject([{ reason: 'denied', channel: 'news' }]);
    expect(node.sessions.stats()).toMatchObject({ denials: 1, opened: 0 });
    expect(feed.readers.size).toBe(0);
  });

  it('cannot be found out: the handler answers', async () => {
    await using node = await nodeOf(new MemoryFeed(), {
      authorize: () => Promise.reject(new Error('no database')),
    });
    using client = await SseClient.open(node.url);
    expect(client.response.statusCode).toBe(500);
  });

  it('may for so long', async () => {
    const feed = new MemoryFeed();
    const authorize = () => ({ allow: true, expiresAt: Date.now() + 20 }) as const;
    await using node = await nodeOf(feed, { authorize, heartbeatMs: 20 });
    using client = await SseClient.open(node.url);
    expect(await client.over).toBe(true);
    expect(node.ends).toMatchObject([{ reason: 'expired' }]);
  });
});

describe('the end', () => {
  it('of the connection frees the reader', async () => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed);
    const client = await SseClient.open(`${node.url}?listener=anna`);
    feed.append('one');
    await client.received(1);
    expect(node.sessions.stats()).toMatchObject({ open: 1, opened: 1, delivered: 1 });
    client.close();
    await node.ended(1);
    expect(node.ends).toEqual([
      { reason: 'client', channel: 'news', listener: 'anna', events: 1, bytes: expect.any(Number) },
    ]);
    expect(feed.readers.size).toBe(0);
    expect(node.sessions.stats().open).toBe(0);
  });

  it('comes by age, and the client resumes', async () => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed, { maxAgeMs: 20, heartbeatMs: 20 });
    using client = await SseClient.open(node.url);
    feed.append('one');
    expect(await client.over).toBe(true);
    feed.append('two');
    const { lastEventId } = client.reader;
    using again = await SseClient.open(node.url, { lastEventId });
    await again.over;
    expect([...client.data, ...again.data]).toEqual(['one', 'two']);
    expect(node.ends).toMatchObject([{ reason: 'max-age' }, { reason: 'max-age' }]);
  });

  it('comes by the signal of the handler', async () => {
    const feed = new MemoryFeed();
    const stop = new AbortController();
    await using node = await nodeOf(feed, {}, () => ({ signal: stop.signal }));
    using client = await SseClient.open(node.url);
    stop.abort();
    expect(await client.over).toBe(true);
    expect(node.ends).toMatchObject([{ reason: 'drained' }]);
    using late = await SseClient.open(node.url);
    expect(await late.over).toBe(true);
    expect(node.ends).toMatchObject([{ reason: 'drained' }, { reason: 'refused' }]);
  });

  it('comes when the channel cannot be read any further', async () => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed);
    using client = await SseClient.open(node.url);
    await client.until(({ retry }) => retry !== undefined);
    const error = new Error('no Redis');
    feed.fail(error);
    expect(await client.over).toBe(true);
    expect(node.ends).toMatchObject([{ reason: 'failed', error }]);
  });

  it('that is final: what was sent before arrives, and the next request gets 204', async () => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed);
    using client = await SseClient.open(`${node.url}?listener=anna`);
    await client.until(({ retry }) => retry !== undefined);
    feed.append('goodbye');
    feed.tell({ type: 'stopped' });
    expect(await client.over).toBe(true);
    // The reader says it before it reads on.
    feed.refused.set('anna', { type: 'stopped' });
    using again = await SseClient.open(`${node.url}?listener=anna`, {
      lastEventId: client.reader.lastEventId,
    });
    expect(again.response.statusCode).toBe(204);
    expect(node.ends).toMatchObject([{ reason: 'stopped' }, { reason: 'stopped' }]);
  });

  it('is published', async () => {
    const messages: unknown[] = [];
    const listener = (message: unknown): void => void messages.push(message);
    const sessions = channel('redlane:sse-session');
    sessions.subscribe(listener);
    try {
      const feed = new MemoryFeed('published');
      await using node = await nodeOf(feed);
      const client = await SseClient.open(node.url);
      client.close();
      await node.ended(1);
    } finally {
      sessions.unsubscribe(listener);
    }
    expect(messages).toMatchObject([
      { event: 'opened', channel: 'published' },
      { event: 'ended', channel: 'published', reason: 'client' },
    ]);
  });

  it('is told by pipe, and whoever throws when told hurts nobody', async () => {
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    const feed = new MemoryFeed();
    const sessions = new SseSessions({
      onEnd: () => {
        throw new Error('from onEnd');
      },
    });
    const piped: Promise<SessionEnd>[] = [];
    await using server = await listen(
      createServer((req, res) => void piped.push(sessions.pipe(feed, req, res, { listener: 'anna' }))),
    );
    const client = await SseClient.open(server.url);
    client.close();
    expect(await piped[0]).toMatchObject({ reason: 'client', listener: 'anna' });
    expect((await warned).message).toBe('from onEnd');
    expect(sessions.stats().open).toBe(0);
  });
});

describe('heartbeats', () => {
  it('come when nothing else does', async () => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed, { heartbeatMs: 20 });
    using client = await SseClient.open(node.url);
    await client.until(({ comments }) => comments >= 4);
    expect(client.events).toEqual([]);
  });
});

describe('one listener', () => {
  it('has one response: the newer one takes over, and the older page learns of it', async () => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed);
    using older = await SseClient.open(`${node.url}?listener=anna`);
    using other = await SseClient.open(`${node.url}?listener=bert`);
    using newer = await SseClient.open(`${node.url}?listener=anna`);
    expect(await older.over).toBe(true);
    expect(older.events.map(({ type }) => type)).toEqual(['taken-over']);
    expect(older.reader.retry).toBe(3_600_000);
    feed.append('one');
    await Promise.all([newer.received(1), other.received(1)]);
    expect(node.ends).toMatchObject([{ reason: 'taken-over', listener: 'anna' }]);
    expect(node.sessions.stats().open).toBe(2);
  });

  it('has one response: the newer one is told to come back later', async () => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed, { listenerPolicy: 'refuse', refusalRetryMs: 1_000 });
    const older = await SseClient.open(`${node.url}?listener=anna`);
    using newer = await SseClient.open(`${node.url}?listener=anna`);
    expect(newer.response.statusCode).toBe(200);
    expect(await newer.over).toBe(true);
    expect(newer.reader.retry).toBeGreaterThanOrEqual(500);
    expect(newer.reader.retry).toBeLessThanOrEqual(1_500);
    older.close();
    await node.ended(2);
    using later = await SseClient.open(`${node.url}?listener=anna`);
    feed.append('one');
    await later.received(1);
    expect(node.ends).toMatchObject([{ reason: 'refused' }, { reason: 'client' }]);
    expect(node.sessions.stats()).toMatchObject({ refusals: 1 });
  });

  it('shares', async () => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed, { listenerPolicy: 'share' });
    using one = await SseClient.open(`${node.url}?listener=anna`);
    using two = await SseClient.open(`${node.url}?listener=anna`);
    feed.append('mail', { listener: 'anna' });
    await Promise.all([one.received(1), two.received(1)]);
    expect(node.sessions.stats().open).toBe(2);
  });

  it('in another channel is another one', async () => {
    const feeds = [new MemoryFeed('a'), new MemoryFeed('b')] as const;
    const sessions = new SseSessions();
    await using server = await listen(
      createServer((req, res) => {
        void sessions.pipe(feeds[req.url === '/a' ? 0 : 1], req, res, { listener: 'anna' });
      }),
    );
    using a = await SseClient.open(`${server.url}/a`);
    using b = await SseClient.open(`${server.url}/b`);
    feeds[0].append('to a');
    feeds[1].append('to b');
    await Promise.all([a.received(1), b.received(1)]);
    expect([a.data, b.data]).toEqual([['to a'], ['to b']]);
  });

  it('is served elsewhere: come back later, or taken over from there', async () => {
    const feed = new MemoryFeed();
    feed.refused.set('anna', { type: 'busy' });
    await using node = await nodeOf(feed);
    using refused = await SseClient.open(`${node.url}?listener=anna`);
    expect(await refused.over).toBe(true);
    feed.refused.clear();
    using client = await SseClient.open(`${node.url}?listener=anna`);
    await client.until(({ lastEventId }) => lastEventId !== '');
    feed.tell({ type: 'taken-over' });
    expect(await client.over).toBe(true);
    expect(client.reader.retry).toBe(3_600_000);
    expect(node.ends).toMatchObject([{ reason: 'refused' }, { reason: 'taken-over' }]);
  });
});

describe('refusals for the moment', () => {
  it('come when there are too many, also while they are still beginning', async () => {
    const feed = new MemoryFeed();
    feed.isSilent = true;
    await using node = await nodeOf(feed, { maxSessions: 2 });
    const first = [SseClient.open(node.url), SseClient.open(node.url)];
    await vi.waitFor(() => expect(node.sessions.stats().opening).toBe(2), { interval: 5 });
    using third = await SseClient.open(node.url);
    expect(third.response.statusCode).toBe(200);
    expect(await third.over).toBe(true);
    expect(third.reader.retry).toBeGreaterThan(0);
    feed.isSilent = false;
    feed.wake();
    for (const client of await Promise.all(first)) client.close();
    await node.ended(3);
    expect(node.sessions.stats()).toMatchObject({ refusals: 1, opened: 2, open: 0, opening: 0 });
  });

  it('come when the channel cannot be read in time', async () => {
    const feed = new MemoryFeed();
    feed.isSilent = true;
    await using node = await nodeOf(feed, { openTimeoutMs: 10 });
    using client = await SseClient.open(node.url);
    expect(await client.over).toBe(true);
    const error = expect.objectContaining({ message: 'news could not be read within 10 ms' });
    expect(node.ends).toMatchObject([{ reason: 'refused', error }]);
    expect(feed.readers.size).toBe(0);
  });

  it('come when the channel cannot be opened', async () => {
    const feed = new MemoryFeed();
    const error = new Error('closed');
    feed.open = () => {
      throw error;
    };
    await using node = await nodeOf(feed);
    using client = await SseClient.open(node.url);
    expect(await client.over).toBe(true);
    expect(node.ends).toMatchObject([{ reason: 'refused', error }]);
  });

  it('do not come when the client goes in the tick in which all is ready', async () => {
    const feed = new MemoryFeed();
    feed.isSilent = true;
    const responses: ServerResponse[] = [];
    await using node = await nodeOf(feed, {}, (_, res) => {
      responses.push(res);
      return {};
    });
    const client = SseClient.open(node.url);
    client.catch(() => undefined);
    await vi.waitFor(() => expect(node.sessions.stats().opening).toBe(1), { interval: 5 });
    feed.isSilent = false;
    feed.wake();
    responses[0]?.emit('close');
    await node.ended(1);
    expect(node.ends).toMatchObject([{ reason: 'client' }]);
    expect(node.sessions.stats()).toMatchObject({ open: 0, opened: 0 });
    expect(feed.readers.size).toBe(0);
    responses[0]?.destroy();
  });

  it('do not come when the client has gone before', async () => {
    const feed = new MemoryFeed();
    feed.isSilent = true;
    await using node = await nodeOf(feed);
    const stop = new AbortController();
    const client = SseClient.open(node.url, { signal: stop.signal });
    client.catch(() => undefined);
    await vi.waitFor(() => expect(node.sessions.stats().opening).toBe(1), { interval: 5 });
    stop.abort();
    await node.ended(1);
    expect(node.ends).toMatchObject([{ reason: 'client' }]);
    expect(feed.readers.size).toBe(0);
  });
});

describe('drain', () => {
  it('ends everybody with a time to come back, lets the rest out, and refuses who comes', async () => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed, { refusalRetryMs: 1_000 });
    const clients = await Promise.all(Array.from({ length: 5 }, () => SseClient.open(node.url)));
    feed.append('last words');
    await Promise.all(clients.map((client) => client.received(1)));
    await node.sessions.drain();
    expect(await Promise.all(clients.map(({ over }) => over))).toEqual([true, true, true, true, true]);
    for (const { data, reader } of clients) {
      expect(data).toEqual(['last words']);
      expect(reader.retry).toBeGreaterThanOrEqual(500);
    }
    using late = await SseClient.open(node.url);
    expect(await late.over).toBe(true);
    expect(node.sessions.stats()).toMatchObject({ open: 0, draining: true, refusals: 1 });
  });

  it('spreads', async () => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed);
    const clients = await Promise.all(Array.from({ length: 3 }, () => SseClient.open(node.url)));
    const drained = node.sessions.drain({ spreadMs: 60 });
    await node.ended(1);
    expect(node.sessions.stats().open).toBeGreaterThan(0);
    await drained;
    expect(node.ends.map(({ reason }) => reason)).toEqual(['drained', 'drained', 'drained']);
    await Promise.all(clients.map(({ over }) => over));
  });
});

describe('options', () => {
  it.each([
    [{ retryMs: -1 }, 'retryMs'],
    [{ retryMs: 1.5 }, 'retryMs'],
    [{ heartbeatMs: 0 }, 'heartbeatMs'],
    [{ maxAgeMs: Number.NaN }, 'maxAgeMs'],
    [{ maxQueuedBytes: '1' }, 'maxQueuedBytes'],
    [{ listenerPolicy: 'fight' }, 'listenerPolicy'],
    [{ resetEvent: 'a\nb' }, 'resetEvent'],
    [{ queryParameter: '' }, 'queryParameter'],
    [{ authorize: true }, 'authorize'],
  ])('%j', (options, option) => {
    expect(() => new SseSessions(options as SseSessionsOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option }),
    );
  });
});
