import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { createGunzip } from 'node:zlib';
import compression from 'compression';
import express from 'express';
import { describe, expect, it, vi } from 'vitest';
import { chunkSocket } from '../src/http/chunk-socket.js';
import { SseSessions, type SseSessionsOptions } from '../src/index.js';
import { EventReader } from './support/event-reader.js';
import { listen } from './support/listen.js';
import { MemoryFeed } from './support/memory-feed.js';
import { SseClient } from './support/sse-client.js';

type Prepare = (res: ServerResponse, req: IncomingMessage) => void;

async function nodeOf(
  feed: MemoryFeed,
  options: SseSessionsOptions = {},
  prepare: Prepare = () => undefined,
) {
  const sessions = new SseSessions({ retryMs: 0, refusalRetryMs: 0, ...options });
  const server = createServer((req, res) => {
    prepare(res, req);
    void sessions.pipe(feed, req, res);
  });
  return { ...(await listen(server)), sessions };
}

/** Sends a request's text, and collects what comes. */
function talk(port: number, text: string) {
  const socket: Socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (data: string) => {
    received += data;
  });
  socket.write(text);
  return {
    socket,
    received: () => received,
    until: (part: string) => vi.waitFor(() => expect(received).toContain(part), { interval: 5 }),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

const GET = 'GET / HTTP/1.1\r\nHost: node\r\n\r\n';

/** What a response consists of, from the first to the last byte. */
async function wholeResponse(prepare?: Prepare): Promise<string> {
  const feed = new MemoryFeed();
  await using node = await nodeOf(feed, { headers: { Date: 'today' } }, prepare);
  using client = talk(node.port, GET);
  await client.until('retry: 0\n\n');
  feed.append('one\ntwo', { event: 'grüße' });
  await client.until('two\n\n');
  await node.sessions.drain();
  await client.until('\r\n0\r\n\r\n');
  return client.received();
}

const WHOLE = [
  'HTTP/1.1 200 OK',
  'Content-Type: text/event-stream',
  'Cache-Control: no-cache, no-transform',
  'X-Accel-Buffering: no',
  'Date: today',
  'Connection: keep-alive',
  'Keep-Alive: timeout=5',
  'Transfer-Encoding: chunked',
  '',
  '15',
  ':\nid: e1.0\nretry: 0\n\n',
  '2d',
  'event: grüße\nid: e1.1\ndata: one\ndata: two\n\n',
  'a',
  'retry: 0\n\n',
  '0',
  '',
  '',
].join('\r\n');

describe('HTTP/1.1', () => {
  it('byte for byte, past res.write', async () => {
    expect(await wholeResponse()).toBe(WHOLE);
  });

  it('byte for byte the same by res.write', async () => {
    const write = vi.fn();
    const whole = await wholeResponse((res) => {
      const original = res.write;
      res.write = function (this: ServerResponse, ...args: unknown[]) {
        write(args[0]);
        return Reflect.apply(original, this, args) as boolean;
      } as typeof res.write;
    });
    expect(write).toHaveBeenCalledTimes(3);
    expect(whole).toBe(WHOLE);
  });

  it('keeps the connection for the next request', async () => {
    const feed = new MemoryFeed();
    await using node = await nodeOf(feed, { maxAgeMs: 20, heartbeatMs: 20 });
    using client = talk(node.port, GET);
    await client.until('\r\n0\r\n\r\n');
    client.socket.write(GET);
    await client.until('\r\n0\r\n\r\nHTTP/1.1 200 OK');
  });

  it('writes the events of a turn at once, and the same bytes to everybody', async () => {
    const feed = new MemoryFeed();
    const written: Buffer[][] = [];
    const prepare: Prepare = (res) => {
      const buffers: Buffer[] = [];
      written.push(buffers);
      const original = res.write;
      res.write = function (this: ServerResponse, ...args: unknown[]) {
        buffers.push(args[0] as Buffer);
        return Reflect.apply(original, this, args) as boolean;
      } as typeof res.write;
    };
    await using node = await nodeOf(feed, {}, prepare);
    using one = await SseClient.open(node.url);
    using two = await SseClient.open(node.url);
    feed.append('alone');
    await Promise.all([one.received(1), two.received(1)]);
    for (let i = 0; i < 10; i++) feed.append(`${i}`);
    await Promise.all([one.received(11), two.received(11)]);
    expect(written.map(({ length }) => length)).toEqual([3, 3]);
    expect(written[0]?.[1]).toBe(written[1]?.[1]);
    expect(written[0]?.[2]).toBe(written[1]?.[2]);
  });
});

describe('the socket itself is written to', () => {
  /** What is found when a response's head is out. */
  async function found(prepare: Prepare, text = GET): Promise<boolean> {
    let isFound: boolean | undefined;
    await using server = await listen(
      createServer((req, res) => {
        prepare(res, req);
        isFound = chunkSocket(res) !== undefined;
        res.end();
      }),
    );
    using client = talk(server.port, text);
    await client.until('HTTP/1.1');
    return isFound as boolean;
  }
  const head: Prepare = (res) => res.flushHeaders();

  it('when nothing is in the way', async () => {
    expect(await found(head)).toBe(true);
  });

  const wrapped =
    (name: 'write' | 'end'): Prepare =>
    (res) => {
      const original = res[name] as (...args: unknown[]) => unknown;
      Object.assign(res, { [name]: (...args: unknown[]) => Reflect.apply(original, res, args) });
      res.flushHeaders();
    };

  it.each<[string, Prepare, string?]>([
    ['before the head is out', () => undefined],
    ['when write is wrapped', wrapped('write')],
    ['when end is wrapped', wrapped('end')],
    [
      "when the socket's write is wrapped",
      (res) => {
        const socket = res.socket as Socket;
        const { write } = socket;
        socket.write = ((...args: unknown[]) => Reflect.apply(write, socket, args)) as typeof socket.write;
        res.flushHeaders();
      },
    ],
    ['with a length', (res) => res.setHeader('Content-Length', 0).flushHeaders()],
    [
      'without chunks',
      (res) => {
        res.removeHeader('Transfer-Encoding');
        res.flushHeaders();
      },
    ],
    ['to HTTP/1.0', head, 'GET / HTTP/1.0\r\n\r\n'],
    ['to HEAD', head, 'HEAD / HTTP/1.1\r\nHost: node\r\n\r\n'],
    [
      'while something is corked',
      (res) => {
        res.flushHeaders();
        res.cork();
        res.write('kept');
      },
    ],
    [
      'while the response keeps something back',
      (res) => {
        res.flushHeaders();
        Object.defineProperty(res, 'writableLength', { value: 1 });
      },
    ],
    [
      'after the end',
      (res) => {
        res.flushHeaders();
        res.end();
      },
    ],
  ])('not %s', async (_, prepare, text) => {
    expect(await found(prepare, text)).toBe(false);
  });

  it('not before an earlier response of the connection is over', async () => {
    const responses: ServerResponse[] = [];
    const server: Server = createServer((_, res) => void responses.push(res));
    await using listening = await listen(server);
    using client = talk(listening.port, GET + GET);
    await vi.waitFor(() => expect(responses).toHaveLength(2), { interval: 5 });
    const [first, second] = responses as [ServerResponse, ServerResponse];
    second.flushHeaders();
    expect(chunkSocket(second)).toBeUndefined();
    first.end();
    await client.until('0');
    expect(chunkSocket(second)).toBe(second.socket);
  });
});

it('a response that is wrapped while it is open is written to as its wrapper wants', async () => {
  const feed = new MemoryFeed();
  let open: ServerResponse | undefined;
  const sessions = new SseSessions();
  const server = createServer((req, res) => {
    open = res;
    void sessions.pipe(feed, req, res);
  });
  await using listening = await listen(server);
  using client = talk(listening.port, GET);
  await vi.waitFor(() => expect(sessions.stats().open).toBe(1), { interval: 5 });
  feed.append('early');
  await client.until('data: early\n\n');
  const res = open as ServerResponse;
  const write = vi.fn(res.write.bind(res) as (...args: unknown[]) => boolean);
  Object.assign(res, { write });
  feed.append('later');
  await client.until('data: later\n\n');
  expect(write).toHaveBeenCalledTimes(1);
});

describe('behind an earlier response of the same connection', () => {
  it('a stream waits, and loses nothing', async () => {
    const feed = new MemoryFeed();
    let first: ServerResponse | undefined;
    const sessions = new SseSessions();
    const server = createServer((req, res) => {
      if (first === undefined) first = res;
      else void sessions.pipe(feed, req, res);
    });
    await using listening = await listen(server);
    using client = talk(listening.port, GET + GET);
    await vi.waitFor(() => expect(sessions.stats().open).toBe(1), { interval: 5 });
    feed.append('early');
    await vi.waitFor(() => expect(sessions.stats().delivered).toBe(1), { interval: 5 });
    first?.end('first');
    await client.until('data: early\n\n');
    feed.append('later');
    await client.until('data: later\n\n');
    const body = client.received();
    expect(body.indexOf('first')).toBeLessThan(body.indexOf('text/event-stream'));
    expect(body.indexOf('id: e1.0')).toBeLessThan(body.indexOf('early'));
  });
});

describe('compression middleware', () => {
  async function served(options: SseSessionsOptions) {
    const feed = new MemoryFeed();
    const sessions = new SseSessions(options);
    const app = express();
    app.use(compression({ threshold: 0, filter: () => true }));
    app.get('/', (req, res) => void sessions.pipe(feed, req, res));
    return { feed, sessions, ...(await listen(createServer(app))) };
  }

  it('lets streams pass, which say so', async () => {
    await using node = await served({});
    using client = await SseClient.open(node.url, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(client.response.headers['content-encoding']).toBeUndefined();
    node.feed.append('one');
    await client.received(1);
    node.feed.append('two');
    await client.received(2);
    await node.sessions.drain();
    expect(await client.over).toBe(true);
  });

  it('that compresses is made to let each event go', async () => {
    await using node = await served({ headers: { 'Cache-Control': 'no-cache' } });
    const reader = new EventReader();
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { 'Accept-Encoding': 'gzip' };
      get(node.url, { agent: false, headers }, resolve).on('error', reject);
    });
    expect(response.headers['content-encoding']).toBe('gzip');
    response.pipe(createGunzip()).on('data', (chunk: Buffer) => reader.feed(chunk));
    const received = (count: number) =>
      vi.waitFor(() => expect(reader.events).toHaveLength(count), { interval: 5 });
    node.feed.append('one');
    await received(1);
    node.feed.append('two');
    await received(2);
    response.destroy();
  });
});

describe('HTTP/2', () => {
  it('streams over one connection, without a header that it forbids', async () => {
    const feed = new MemoryFeed();
    const sessions = new SseSessions({ retryMs: 0 });
    const server = createHttp2Server((req, res) => void sessions.pipe(feed, req, res, { listener: req.url }));
    await using node = await listen(server);
    const session = connectHttp2(node.url);
    const open = (path: string) => {
      const stream = session.request({ ':path': path });
      const reader = new EventReader();
      stream.on('data', (chunk: Buffer) => reader.feed(chunk));
      const headers = new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve));
      const ended = new Promise<void>((resolve) => stream.once('end', resolve));
      return { stream, reader, headers, ended };
    };
    const streams = [open('/anna'), open('/bert')] as const;
    for (const { headers } of streams) {
      expect(await headers).toMatchObject({ ':status': 200, 'content-type': 'text/event-stream' });
      expect(await headers).not.toHaveProperty('connection');
    }
    feed.append('for anna', { listener: '/anna' });
    feed.append('all');
    const data = () => streams.map(({ reader }) => reader.events.map((event) => event.data));
    await vi.waitFor(() => expect(data()).toEqual([['for anna', 'all'], ['all']]), { interval: 5 });
    streams[0].stream.close();
    await vi.waitFor(() => expect(sessions.stats().open).toBe(1), { interval: 5 });
    await sessions.drain();
    await streams[1].ended;
    session.destroy();
  });
});
