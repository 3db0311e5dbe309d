import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Front } from '../src/supervisor/front.js';
import type { Upstream } from '../src/supervisor/turns.js';

const started: AsyncDisposable[] = [];

afterEach(async () => {
  for (const each of started.splice(0)) await each[Symbol.asyncDispose]();
});

async function node(id: string, listener: RequestListener) {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  started.push({ [Symbol.asyncDispose]: async () => stop() });
  return { id, port: (server.address() as AddressInfo).port, stop };
}

async function openFront(upstreams: () => readonly Upstream[]) {
  const front = await Front.listen(0);
  started.push(front);
  front.open({
    upstreams,
    page: { html: '<p>', js: 'js', css: 'css' },
    inflict: async (kind) => ({ kind, at: 1, text: 'broken' }),
  });
  return front.url;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

it('asks the next node when one breaks off, with the same body and the same key', async () => {
  const keys: unknown[] = [];
  const bad = await node('n1', (request) => {
    keys.push(request.headers['idempotency-key']);
    request.socket.destroy();
  });
  const good = await node('n2', (request, response) => {
    keys.push(request.headers['idempotency-key']);
    void bodyOf(request).then((body) => response.writeHead(201).end(`got ${body}`));
  });
  const url = await openFront(() => [bad, good]);
  const response = await fetch(`${url}/api/orders`, { method: 'POST', body: 'soup' });
  expect([response.status, await response.text()]).toEqual([201, 'got soup']);
  expect(keys).toEqual([expect.any(String), keys[0]]);
});

it('keeps the key that it is given', async () => {
  const upstream = await node('n1', (request, response) => {
    response.end(request.headers['idempotency-key']);
  });
  const url = await openFront(() => [upstream]);
  const response = await fetch(`${url}/x`, { method: 'POST', headers: { 'idempotency-key': 'mine' } });
  expect(await response.text()).toBe('mine');
});

it('waits for a node when there is none', async () => {
  const upstream = await node('n1', (_, response) => response.end('at last'));
  let looks = 0;
  const url = await openFront(() => (++looks < 3 ? [] : [upstream]));
  expect(await (await fetch(`${url}/api/snapshot`)).text()).toBe('at last');
});

it('refuses what is too large', async () => {
  const url = await openFront(() => []);
  const response = await fetch(`${url}/api/orders`, { method: 'POST', body: 'x'.repeat(20_001) });
  expect([response.status, await response.json()]).toEqual([
    413,
    { code: 'TOO_LARGE', message: 'a body has at most 20000 bytes' },
  ]);
});

it('passes a stream on as it comes, and breaks it off when its node is gone', async () => {
  const upstream = await node('n1', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 1\n\n');
  });
  const url = await openFront(() => [upstream]);
  const { body, headers } = await fetch(`${url}/events?desk=a`);
  expect(headers.get('content-type')).toBe('text/event-stream');
  const reader = body!.getReader();
  const { value } = await reader.read();
  expect(new TextDecoder().decode(value)).toBe('data: 1\n\n');
  upstream.stop();
  await expect(reader.read()).rejects.toThrow();
});

it('tells the node when a reader of a stream has gone', async () => {
  let gone: Promise<unknown> | undefined;
  const upstream = await node('n1', (request, response) => {
    gone = once(request.socket, 'close');
    response.writeHead(200);
    response.write('data: 1\n\n');
  });
  const url = await openFront(() => [upstream]);
  const leaving = new AbortController();
  await fetch(`${url}/events?desk=a`, { signal: leaving.signal });
  leaving.abort();
  await gone;
});

it('serves the page, and faults, itself', async () => {
  const url = await openFront(() => []);
  expect(await (await fetch(url)).text()).toBe('<p>');
  expect(await (await fetch(`${url}/app.css?x`)).text()).toBe('css');
  const fault = await fetch(`${url}/api/faults/kill-node`, { method: 'POST' });
  expect([fault.status, await fault.json()]).toEqual([202, { kind: 'kill-node', at: 1, text: 'broken' }]);
});
