import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { startServer } from '@redlane/redis-server';
import { describe, expect, it } from 'vitest';
import { type ClientOptions, Connection } from '../src/index.js';
import { resolveOptions } from '../src/options.js';
import { clientOf } from './support/test-server.js';

/** A server that answers every connection by one line, before it has read anything, and closes. */
async function closedDoor(line: string): Promise<{ host: string; port: number } & AsyncDisposable> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.resume();
    socket.end(`${line}\r\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

const full = '-ERR max number of clients reached';
const denied = '-DENIED Redis is running in protected mode because protected mode is enabled';

describe('a server that lets nobody in', () => {
  it.each<[string, string, ClientOptions, object]>([
    ['because it is full', full, {}, { retryable: true, message: expect.stringContaining('maxclients') }],
    [
      'because it is protected',
      denied,
      {},
      { retryable: false, message: expect.stringContaining('protected mode') },
    ],
    [
      'because it is full, to RESP2',
      full,
      { protocol: 2, password: 's3cret' },
      { retryable: true, message: expect.stringContaining('maxclients') },
    ],
    [
      'before we know our password',
      denied,
      { credentials: () => new Promise((resolve) => setTimeout(resolve, 50, { password: 's3cret' })) },
      { retryable: false, message: expect.stringContaining('protected mode') },
    ],
  ])('is heard: %s', async (_, line, options, expected) => {
    await using server = await closedDoor(line);
    const { host, port } = server;
    const opening = Connection.open(resolveOptions({ host, port, ...options }));
    await expect(opening).rejects.toMatchObject({
      code: 'HANDSHAKE_FAILED',
      address: `${host}:${port}`,
      ...expected,
    });
  });

  it('and is the state of a client', async () => {
    await using server = await startServer();
    await server.command('CONFIG', 'SET', 'maxclients', '1');
    await using first = clientOf(server);
    await first.connect();
    await using second = clientOf(server);
    void second.connect().catch(() => undefined);
    for await (const state of second.status) {
      if (state.state !== 'down' || state.cause.message === 'not connected yet') continue;
      expect(state.cause).toMatchObject({
        code: 'HANDSHAKE_FAILED',
        retryable: true,
        message: expect.stringContaining('maxclients'),
      });
      break;
    }
    second.destroy();
  });
});

describe('a reset', () => {
  it('does not wait for a credential provider that never answers', async () => {
    await using server = await startServer();
    const { host, port } = server;
    let asked = 0;
    const credentials = (): Promise<object> =>
      ++asked === 1 ? Promise.resolve({}) : new Promise(() => undefined);
    const connection = await Connection.open(resolveOptions({ host, port, credentials }));
    expect(await connection.reset(50)).toBe(false);
    expect(asked).toBe(2);
    connection.destroy();
  });
});
