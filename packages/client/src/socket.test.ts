import dns, { type LookupAddress } from 'node:dns';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConnectError } from './errors.js';
import { resolveOptions } from './options.js';
import { type DialOptions, dial } from './socket.js';

type LookupAll = (error: Error | null, addresses: readonly LookupAddress[]) => void;

const bothLoopbacks: readonly LookupAddress[] = [
  { address: '::1', family: 6 },
  { address: '127.0.0.1', family: 4 },
];

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Gives the sockets that it accepts one after the other. */
async function listen(
  where: { host: string } | { path: string },
): Promise<{ port: number; accepted: Promise<Socket> }> {
  const sockets: Socket[] = [];
  const server: Server = createServer();
  const accepted = new Promise<Socket>((resolve) => {
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      sockets.push(socket);
      resolve(socket);
    });
  });
  await new Promise<void>((resolve) =>
    server.listen('path' in where ? where : { port: 0, ...where }, resolve),
  );
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, accepted };
}

function optionsFor(given: Parameters<typeof resolveOptions>[0] & object): DialOptions {
  return resolveOptions(given);
}

async function open(options: DialOptions, signal?: AbortSignal): Promise<Socket> {
  const socket = await dial(options, signal);
  cleanups.push(() => socket.destroy());
  return socket;
}

async function failureOf(attempt: Promise<unknown>): Promise<ConnectError> {
  const error = await attempt.then(
    () => expect.unreachable('a connection came up'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConnectError);
  return error as ConnectError;
}

describe('dial', () => {
  it.each(['127.0.0.1', '::1'])('connects to %s and leaves one listener on the socket', async (host) => {
    const { port, accepted } = await listen({ host });
    const socket = await open(optionsFor({ host, port }));
    await accepted;
    expect(socket.connecting).toBe(false);
    expect(socket.listenerCount('error')).toBe(1);
    expect(['connect', 'close'].map((event) => socket.listenerCount(event))).toEqual([0, 0]);
  });

  it.each(['127.0.0.1', '::1'])('connects to a name of which only %s has a server', async (address) => {
    const { port } = await listen({ host: address });
    vi.spyOn(dns, 'lookup').mockImplementation(((_name: string, _options: object, done: LookupAll) =>
      done(null, bothLoopbacks)) as unknown as typeof dns.lookup);
    const socket = await open(optionsFor({ host: 'both.test', port }));
    expect(socket.remoteAddress).toBe(address);
  });

  it('connects to a unix socket', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'dial-'));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const { accepted } = await listen({ path: path.join(folder, 's') });
    await open(optionsFor({ path: path.join(folder, 's') }));
    await accepted;
  });

  it('survives an error that nobody listens for', async () => {
    const { port, accepted } = await listen({ host: '127.0.0.1' });
    const socket = await open(optionsFor({ port }));
    (await accepted).resetAndDestroy();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    expect(await closed).toBe(true);
  });

  it('names the address and what to do when nobody listens', async () => {
    const { port } = await listen({ host: '127.0.0.1' });
    await cleanups.pop()?.();
    const error = await failureOf(dial(optionsFor({ host: '127.0.0.1', port, password: 's3cret' })));
    expect(error).toMatchObject({ code: 'CONNECT_FAILED', address: `127.0.0.1:${port}`, retryable: true });
    expect(error.message).toMatch(/ECONNREFUSED.*is the server running/);
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
    expect(error.message).not.toContain('s3cret');
  });

  it('gives the reasons of all addresses', async () => {
    const { port } = await listen({ host: '127.0.0.1' });
    await cleanups.pop()?.();
    const error = await failureOf(dial(optionsFor({ host: 'localhost', port })));
    expect(error.message).toContain(`127.0.0.1:${port}`);
    expect(error.message).toContain('is the server running');
  });

  it('says that there is no such unix socket', async () => {
    const error = await failureOf(dial(optionsFor({ path: '/nonexistent/redis.sock' })));
    expect(error).toMatchObject({ address: '/nonexistent/redis.sock' });
    expect(error.message).toContain('there is no such socket');
  });

  it('says when a server does not speak TLS', async () => {
    const { port, accepted } = await listen({ host: '127.0.0.1' });
    void accepted.then((socket) => socket.once('data', () => socket.end('-ERR unknown command\r\n')));
    const error = await failureOf(dial(optionsFor({ port, tls: true })));
    expect(error.message).toContain('does the server speak TLS on this port?');
  });

  it('says when the peer closes during the TLS handshake', async () => {
    const { port, accepted } = await listen({ host: '127.0.0.1' });
    void accepted.then((socket) => socket.end());
    expect((await failureOf(dial(optionsFor({ port, tls: true })))).code).toBe('CONNECT_FAILED');
  });
});

describe('abort', () => {
  it('does not even begin when the signal is aborted', async () => {
    const { port, accepted } = await listen({ host: '127.0.0.1' });
    let connections = 0;
    void accepted.then(() => connections++);
    const reason = new Error('closing');
    const error = await failureOf(dial(optionsFor({ port }), AbortSignal.abort(reason)));
    expect(error).toMatchObject({ code: 'CONNECT_FAILED', cause: reason });
    await turn();
    expect(connections).toBe(0);
  });

  it('destroys the socket while it waits, and tells a deadline from other reasons', async () => {
    const { port, accepted } = await listen({ host: '127.0.0.1' });
    const controller = new AbortController();
    // Nobody answers the TLS handshake.
    const attempt = failureOf(dial(optionsFor({ port, tls: true }), controller.signal));
    const peer = await accepted;
    const closed = new Promise((resolve) => peer.once('close', resolve));
    peer.resume();
    controller.abort(new DOMException('late', 'TimeoutError'));
    expect(await attempt).toMatchObject({ code: 'CONNECT_TIMEOUT' });
    await closed;
  });

  it('has no hold on the socket once it is handed over', async () => {
    const { port } = await listen({ host: '127.0.0.1' });
    const controller = new AbortController();
    const socket = await open(optionsFor({ port }), controller.signal);
    controller.abort();
    expect(socket.destroyed).toBe(false);
  });
});
