import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { connect, Socket } from 'node:net';
import { createGunzip } from 'node:zlib';
import compression from 'compression';
import express from 'express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SseSessions, type SseSessionsOptions } from '../src/index.js';
import { EventReader } from './support/event-reader.js';
import { type Listening, listen } from './support/listen.js';
import { MemoryFeed } from './support/memory-feed.js';
import { SseClient } from './support/sse-client.js';

type Prepare = (req: IncomingMessage, res: ServerResponse) => void;

/** A node that notes which way bodies take. */
async function nodeOf(
  feed: MemoryFeed,
  options: SseSessionsOptions = {},
  prepare: Prepare = () => undefined,
) {
  const sessions = new SseSessions({ retryMs: 0, ...options });
  const server = createServer((req, res) => {
    prepare(req, res);
    void sessions.pipe(feed, req, res);
  });
  return { ...(await listen(server)), sessions };
}

/** Buffers that were written to any socket in this process, and how many bodies went through `res.write`. */
function watchWrites() {
  const chunks: Buffer[] = [];
  const { write } = Socket.prototype;
  vi.spyOn(Socket.prototype, 'write').mockImplementation(function (this: Socket, ...args: unknown[]) {
    if (Buffer.isBuffer(args[0])) chunks.push(args[0]);
    return Reflect.apply(write, this, args) as boolean;
  });
  return chunks;
}

afterEach(() => {
  vi.restoreAllMocks();
});

it('is what HTTP/1.1 says, byte for byte', async () => {
  const feed = new MemoryFeed();
  await using node = await nodeOf(feed, { headers: { Date: 'today' } });
  const socket = connect(node.port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (data: string) => {
    text += data;
  });
  const until = (part: string) => vi.waitFor(() => expect(text).toContain(part), { interval: 5 });
  socket.write('GET / HTTP/1.1\r\nHost: node\r\n\r\n');
  await until('retry: 0\n\n\r\n');
  feed.append('one\ntwo', { event: 'grüße' });
  await until('two\n\n\r\n');
  await node.sessions.drain();
  await until('0\r\n\r\n');
  expect(text.replace(/retry: [1-9]\d*/, 'retry: <later>')).toBe(
    [
      'HTTP/1.1 200 OK',
      'Content-Type: text/event-stream',
      'Cache-Control: no-cache, no-transform',
      'X-Accel-Buffering: no',
      'Date: today',
      'Connection: keep-alive',
      'Keep-Alive: timeout=5',
      'Transfer-Encoding: chunked',
      '',
      '16\r\n:\nid: e1.0\nretry: 0\n\n',
      '2d\r\nevent: grüße\nid: e1.1\ndata: one\ndata: two\n\n',
      expect.any(String),
      '0',
      '',
      '',
    ]
      .map((line) =>
        typeof line === 'string'
          ? line
          : (/\r\n(d\r\nretry: <later>\n\n)\r\n/.exec(
              text.replace(/retry: [1-9]\d*/, 'retry: <later>'),
            )?.[1] ?? line),
      )
      .join('\r\n'),
  );
  socket.destroy();
});
