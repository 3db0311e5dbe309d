import { describe, expect, it, vi } from 'vitest';
import { type SessionEnd, SseSessions, type SseSessionsOptions } from '../src/index.js';
import { EventReader } from './support/event-reader.js';
import { MemoryFeed } from './support/memory-feed.js';

function nodeOf(options: SseSessionsOptions = {}) {
  const ends: SessionEnd[] = [];
  const feed = new MemoryFeed();
  const sessions = new SseSessions({
    retryMs: 0,
    refusalRetryMs: 0,
    ...options,
    onEnd: (end) => ends.push(end),
  });
  return { feed, sessions, ends };
}

const requestOf = (init: RequestInit = {}) => new Request('http://node/events?listener=anna', init);

/** Reads a body as it comes. */
class Body {
  readonly reader: EventReader = new EventReader();
  readonly #source: ReadableStreamDefaultReader<Uint8Array>;

  constructor(response: Response) {
    this.#source = (response.body as ReadableStream<Uint8Array>).getReader();
  }

  /** Reads on; `false` when it is over. */
  async more(): Promise<boolean> {
    const { done, value } = await this.#source.read();
    if (!done) this.reader.feed(Buffer.from(value));
    return !done;
  }

  async until(isSo: (reader: EventReader) => boolean): Promise<void> {
    while (!isSo(this.reader)) if (!(await this.more())) throw new Error('the body was over');
  }

  cancel(): Promise<void> {
    return this.#source.cancel();
  }
}

describe('toResponse', () => {
  it('streams', async () => {
    const { feed, sessions, ends } = nodeOf();
    const response = await sessions.toResponse(feed, requestOf(), { listener: 'anna' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform');
    const body = new Body(response);
    feed.append('all');
    feed.append('for anna', { listener: 'anna' });
    await body.until(({ events }) => events.length === 2);
    expect(body.reader.events.map(({ data }) => data)).toEqual(['all', 'for anna']);
    await body.cancel();
    expect(ends).toMatchObject([{ reason: 'client', listener: 'anna', events: 2 }]);
    expect(feed.readers.size).toBe(0);
    expect(sessions.stats()).toMatchObject({ open: 0, delivered: 2, queuedBytes: 0 });
  });

  it('resumes by the header, and by the query', async () => {
    const { feed, sessions } = nodeOf();
    for (const data of ['one', 'two', 'three']) feed.append(data);
    const header = await sessions.toResponse(feed, requestOf({ headers: { 'Last-Event-ID': 'e1.2' } }));
    const query = await sessions.toResponse(feed, new Request('http://node/?lastEventId=e1.1'));
    const bodies = [new Body(header), new Body(query)];
    for (const body of bodies) await body.until(({ lastEventId }) => lastEventId === 'e1.3');
    expect(bodies.map(({ reader }) => reader.events.map(({ data }) => data))).toEqual([
      ['three'],
      ['two', 'three'],
    ]);
  });

  it.each([
    ['denied', { authorize: () => false }, 403],
    ['refused', { maxSessions: 0 }, 200],
  ])('%s', async (reason, options, status) => {
    const { feed, sessions, ends } = nodeOf(options);
    const response = await sessions.toResponse(feed, requestOf());
    expect(response.status).toBe(status);
    expect(await response.text()).toBe(status === 200 ? 'retry: 0\n\n' : '');
    expect(ends).toMatchObject([{ reason }]);
  });

  it('stopped for good: 204', async () => {
    const { feed, sessions } = nodeOf();
    feed.refused.set('', { type: 'stopped' });
    expect(await sessions.toResponse(feed, requestOf())).toMatchObject({ status: 204, body: null });
  });

  it('rejects when it cannot be found out who may', async () => {
    const { feed, sessions } = nodeOf({ authorize: () => Promise.reject(new Error('no database')) });
    await expect(sessions.toResponse(feed, requestOf())).rejects.toThrow('no database');
  });

  it('ends when the request is aborted, before the answer and after', async () => {
    const { feed, sessions, ends } = nodeOf();
    feed.isSilent = true;
    const early = new AbortController();
    const unanswered = sessions.toResponse(feed, requestOf({ signal: early.signal }));
    await vi.waitFor(() => expect(sessions.stats().opening).toBe(1), { interval: 5 });
    early.abort();
    // Nobody gets it, but the handler goes on.
    expect((await unanswered).status).toBe(499);
    expect(ends).toMatchObject([{ reason: 'client' }]);
    feed.isSilent = false;
    const late = new AbortController();
    const response = await sessions.toResponse(feed, requestOf({ signal: late.signal }));
    late.abort();
    expect(ends).toMatchObject([{ reason: 'client' }, { reason: 'client' }]);
    await expect(response.text()).rejects.toThrow();
    expect(feed.readers.size).toBe(0);
  });

  it('drains: what waits arrives, and the body ends', async () => {
    const { feed, sessions } = nodeOf();
    const body = new Body(await sessions.toResponse(feed, requestOf()));
    feed.append('one');
    await body.until(({ events }) => events.length === 1);
    await sessions.drain();
    await body.more();
    expect(body.reader.retry).toBe(0);
    expect(await body.more()).toBe(false);
  });

  it('waits for a body that nobody reads: a replay stays in the log, live events up to the limit', async () => {
    const { feed, sessions, ends } = nodeOf({ maxQueuedBytes: 200_000 });
    for (let i = 0; i < 100; i++) feed.append('x'.repeat(10_000));
    const replayed = new Body(
      await sessions.toResponse(feed, requestOf({ headers: { 'Last-Event-ID': 'e1.0' } })),
    );
    await vi.waitFor(() => expect(sessions.stats().delivered).toBeGreaterThan(0), { interval: 5 });
    expect(sessions.stats().queuedBytes).toBeLessThan(150_000);
    await replayed.until(({ events }) => events.length === 100);
    for (let i = 0; i < 100; i++) feed.append('y'.repeat(10_000));
    await vi.waitFor(() => expect(ends).toMatchObject([{ reason: 'slow' }]), { interval: 5 });
    while (await replayed.more());
    const { lastEventId, events } = replayed.reader;
    const again = new Body(
      await sessions.toResponse(feed, requestOf({ headers: { 'Last-Event-ID': lastEventId } })),
    );
    await again.until(({ lastEventId: last }) => last === 'e1.200');
    expect([...events, ...again.reader.events].map(({ id }) => id)).toEqual(
      Array.from({ length: 200 }, (_, i) => `e1.${i + 1}`),
    );
  });

  it('lets go of a body that nobody reads', async () => {
    const { feed, sessions, ends } = nodeOf({ stallTimeoutMs: 20, heartbeatMs: 20 });
    for (let i = 0; i < 100; i++) feed.append('x'.repeat(10_000));
    await sessions.toResponse(feed, requestOf({ headers: { 'Last-Event-ID': 'e1.0' } }));
    await vi.waitFor(() => expect(ends).toMatchObject([{ reason: 'stalled' }]), { interval: 5 });
  });
});
