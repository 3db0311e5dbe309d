import { createServer } from 'node:http';
import { ensureChromium } from '@redlane/browser';
import { type RedisServer, startServer } from '@redlane/redis-server';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Message, SSEChannel, type SseSessionsOptions } from '../src/index.js';
import { Front } from './support/front.js';
import { listen } from './support/listen.js';

const PAGE = `<!doctype html><title>events</title><script>
  window.received = [];
  window.errors = 0;
  window.open = (url) => {
    window.source?.close();
    window.source = new EventSource(url);
    source.onmessage = ({ data, lastEventId }) => received.push({ data, lastEventId });
    source.addEventListener('reset', () => received.push({ data: 'reset' }));
    source.onerror = () => { errors++; };
  };
</script>`;

/** What the page has as globals. */
interface PageState {
  received: { data: string; lastEventId: string }[];
  errors: number;
  source: EventSource;
  open(url: string): void;
}
declare const window: PageState;

let redis: RedisServer;
let browser: Browser | undefined;
let reason: string | undefined;

beforeAll(async () => {
  redis = await startServer();
  const found = await ensureChromium();
  if ('reason' in found) reason = found.reason;
  // Root has no sandbox, and what is opened here is our own.
  else browser = await chromium.launch({ executablePath: found.path, args: ['--no-sandbox'] });
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await redis.stop();
});

beforeEach(({ skip }) => {
  if (reason !== undefined) skip(reason);
});

/** A process of its own as far as Redis and HTTP are concerned. */
async function startNode(name: string, options: SseSessionsOptions = {}) {
  const headers = { 'Access-Control-Allow-Origin': '*' };
  const channel = new SSEChannel({
    channelId: name,
    driver: redis.url,
    sessions: { retryMs: 20, refusalRetryMs: 20, headers, ...options },
  });
  let requests = 0;
  const server = createServer((req, res) => {
    if (!req.url?.startsWith('/events')) {
      res.setHeader('Content-Type', 'text/html').end(PAGE);
      return;
    }
    requests++;
    void channel.pipe(req, res, { listener: 'page' });
  });
  const listening = await listen(server);
  return {
    ...listening,
    channel,
    sessions: channel.sessions,
    requests: () => requests,
    send: (data: string) => channel.broadcast(new Message('message', data)),
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await channel.close();
    },
  };
}

async function openPage(url: string): Promise<Page> {
  const page = await (browser as Browser).newPage();
  await page.goto(url);
  return page;
}

const received = (page: Page) => page.evaluate(() => window.received.map(({ data }) => data));
const count = (page: Page, wanted: number) =>
  page.waitForFunction((least) => window.received.length >= least, wanted, { polling: 10 });
const numbers = (upTo: number) => Array.from({ length: upTo }, (_, i) => `${i + 1}`);

describe('the EventSource of a browser', () => {
  it('loses its network, resumes on another node behind the same address, and gets every event once', async () => {
    await using one = await startNode('front');
    await using two = await startNode('front');
    await using publisher = await startNode('front');
    await using front = await Front.to(one.port);
    const page = await openPage(front.url);
    await page.evaluate(() => window.open('/events'));
    await vi.waitFor(() => expect(one.sessions.stats().open).toBe(1));
    let sent = 0;
    const publish = async (upTo: number) => {
      while (sent < upTo) {
        sent++;
        if (sent % 5 > 0) await publisher.send(`${sent}`);
        else await publisher.channel.dispatch('page', new Message('message', `${sent}`));
      }
    };
    await publish(50);
    await count(page, 50);

    await page.context().setOffline(true);
    front.down();
    await publish(100);
    await page.waitForFunction(() => window.errors > 0);
    expect(await received(page)).toEqual(numbers(50));
    front.pointTo(two.port);
    front.up();
    await page.context().setOffline(false);
    await count(page, 100);
    await publish(120);
    await count(page, 120);

    expect(await received(page)).toEqual(numbers(120));
    expect(two.sessions.stats()).toMatchObject({ open: 1, replays: 1, resets: 0 });
    expect(one.sessions.stats().open).toBe(0);
    await page.close();
  });

  it('moves to another node by page code, with its id in the query', async () => {
    await using one = await startNode('query');
    await using two = await startNode('query');
    const page = await openPage(one.url);
    await page.evaluate(() => window.open('/events'));
    await vi.waitFor(() => expect(one.sessions.stats().open).toBe(1));
    for (const data of numbers(10)) await two.send(data);
    await count(page, 10);
    await page.evaluate(() => window.source.close());
    for (const data of numbers(20).slice(10)) await two.send(data);
    await page.evaluate((node) => {
      const last = window.received.at(-1)?.lastEventId ?? '';
      window.open(`${node}/events?lastEventId=${encodeURIComponent(last)}`);
    }, two.url);
    await count(page, 20);
    expect(await received(page)).toEqual(numbers(20));
    expect(two.sessions.stats()).toMatchObject({ replays: 1, resets: 0 });
    await page.close();
  });

  it('has a cursor before the first event', async () => {
    await using one = await startNode('primed');
    await using front = await Front.to(one.port);
    const page = await openPage(front.url);
    await page.evaluate(() => window.open('/events'));
    await page.waitForFunction(() => window.source.readyState === 1);
    await vi.waitFor(() => expect(one.sessions.stats().open).toBe(1));
    // The head and the first frame are on their way together, so that one more round trip is enough to have read both.
    await page.evaluate(() => fetch('/').then((response) => response.text()));
    front.down();
    await one.send('unseen');
    front.up();
    await count(page, 1);
    expect(await received(page)).toEqual(['unseen']);
    await page.close();
  });

  it('comes back to a node that was full, and after a drain goes on with another one', async () => {
    await using one = await startNode('drain', { maxSessions: 0 });
    await using two = await startNode('drain');
    await using front = await Front.to(one.port);
    const page = await openPage(front.url);
    await page.evaluate(() => window.open('/events'));
    await vi.waitFor(() => expect(one.sessions.stats().refusals).toBeGreaterThan(2));
    front.pointTo(two.port);
    front.down();
    front.up();
    await vi.waitFor(() => expect(two.sessions.stats().open).toBe(1));
    await two.send('1');
    await count(page, 1);
    await using three = await startNode('drain');
    front.pointTo(three.port);
    await two.sessions.drain();
    await two.send('2');
    // Its connection to the drained node is kept alive, and used again, until that node's server is closed.
    await two[Symbol.asyncDispose]();
    await count(page, 2);
    expect(await received(page)).toEqual(['1', '2']);
    expect(three.sessions.stats().replays).toBe(1);
    await page.close();
  });

  it('comes back no more when its listener has come to the end', async () => {
    await using one = await startNode('final');
    await using two = await startNode('final');
    const page = await openPage(one.url);
    await page.evaluate(() => window.open('/events'));
    await vi.waitFor(() => expect(one.sessions.stats().open).toBe(1));
    await two.send('last');
    await count(page, 1);
    await two.channel.end('page');
    await page.waitForFunction(() => window.source.readyState === 2);
    expect(await received(page)).toEqual(['last']);
    expect(one.requests()).toBe(2);
    await page.close();
  });

  it('is told when something is missing', async () => {
    await using one = await startNode('lost');
    const page = await openPage(one.url);
    await page.evaluate(() => window.open('/events'));
    await vi.waitFor(() => expect(one.sessions.stats().open).toBe(1));
    await one.send('before');
    await count(page, 1);
    await redis.command('FLUSHALL');
    await one.send('in between');
    await count(page, 2);
    await one.send('after');
    await count(page, 3);
    expect(await received(page)).toEqual(['before', 'reset', 'after']);
    await page.close();
  });
});
