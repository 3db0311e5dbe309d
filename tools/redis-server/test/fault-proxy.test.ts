import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type CutKind,
  type FaultProxy,
  type RedisServer,
  startFaultProxy,
  startServer,
} from '../src/index.js';
import { RawClient } from './raw-client.js';

const pong = '+PONG\r\n';

let server: RedisServer;
let proxy: FaultProxy;
const clients: RawClient[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  await server.command('FLUSHALL');
  proxy = await startFaultProxy({ target: server });
});
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  await proxy.close();
});

async function open(port = proxy.port): Promise<RawClient> {
  const client = await RawClient.open(port);
  clients.push(client);
  return client;
}

/** A client and the proxy's side of its connection. */
async function openBoth() {
  const coming = proxy.waitForConnection();
  const client = await open();
  return { client, connection: await coming };
}

/** Whether a promise is still pending after this many ms. Only to see that nothing comes. */
function isSilent(promise: Promise<unknown>, ms = 60): Promise<boolean> {
  return Promise.race([
    promise.then(
      () => false,
      () => false,
    ),
    new Promise<boolean>((resolve) => setTimeout(resolve, ms, true)),
  ]);
}

describe('without faults', () => {
  it('passes everything on, in order, and counts it', async () => {
    const { client, connection } = await openBoth();
    const value = 'x'.repeat(3_000_000);
    client.send('SET', 'k', value);
    client.send('GET', 'k');
    const expected = `+OK\r\n$${value.length}\r\n${value}\r\n`;
    expect((await client.receive(expected.length)) === expected).toBe(true);
    expect(connection.bytes.toClient).toEqual({ received: expected.length, forwarded: expected.length });
    expect(connection.bytes.toServer.forwarded).toBe(connection.bytes.toServer.received);
    expect(connection.bytes.toServer.received).toBeGreaterThan(value.length);
    expect(proxy.bytes).toEqual(connection.bytes);
  });

  it('passes the end on from either side', async () => {
    const { client, connection } = await openBoth();
    expect(proxy.connections).toEqual([connection]);
    client.send('QUIT');
    expect(await client.end).toBe('FIN');
    await connection.closed;
    expect(proxy.connections).toEqual([]);

    const second = await openBoth();
    second.client.send('CLIENT', 'SETNAME', 'second');
    await second.client.receive(5);
    second.client.socket.destroy();
    await second.connection.closed;
    await expect.poll(() => server.command('CLIENT', 'LIST')).not.toContain('name=second');
  });

  it('reaches a server by its unix socket, and resets it as far as that is possible', async () => {
    const local = await startFaultProxy({ target: { path: server.socketPath } });
    const client = await open(local.port);
    client.send('PING');
    expect(await client.receive(pong.length)).toBe(pong);
    local.cut('RST');
    expect(await client.end).toBe('ECONNRESET');
    await local.close();
  });

  it('resets the client when the server is not there', async () => {
    const nowhere = await startFaultProxy({ target: { host: '127.0.0.1', port: 1 } });
    expect(await RawClient.attempt(nowhere.port)).toBe('ECONNRESET');
    await nowhere.close();
  });
});

describe('delay', () => {
  it('holds every byte back, in either direction, and keeps the order', async () => {
    for (const direction of ['toServer', 'toClient'] as const) {
      proxy.set({ delayMs: 80 }, direction);
      const client = await open();
      const sentAt = performance.now();
      client.send('ECHO', '1');
      client.send('ECHO', '2');
      expect(await client.receive(14)).toBe('$1\r\n1\r\n$1\r\n2\r\n');
      expect(performance.now() - sentAt).toBeGreaterThanOrEqual(79);
      proxy.set({});
    }
  });

  it('lets go at once of what it holds back when it is taken back', async () => {
    proxy.set({ delayMs: 60_000 });
    const client = await open();
    const coming = proxy.waitForCommand('PING');
    client.send('PING');
    expect(await coming).toMatchObject({ args: ['PING'], forwarded: false });
    await proxy.restore();
    expect(await client.receive(pong.length)).toBe(pong);
  });
});

describe.each<[CutKind, string]>([
  ['FIN', 'FIN'],
  ['RST', 'ECONNRESET'],
])('cut by %s', (by, seen) => {
  it('ends present connections now, and none that come later', async () => {
    const { client, connection } = await openBoth();
    const other = await open();
    proxy.cut(by);
    expect(await client.end).toBe(seen);
    expect(await other.end).toBe(seen);
    await connection.closed;
    const later = await open();
    later.send('PING');
    expect(await later.receive(pong.length)).toBe(pong);
  });

  it('ends one connection and leaves the others', async () => {
    const { client, connection } = await openBoth();
    const other = await open();
    connection.cut(by);
    expect(await client.end).toBe(seen);
    other.send('PING');
    expect(await other.receive(pong.length)).toBe(pong);
  });

  it('lets exactly N bytes through to the client', async () => {
    proxy.set({ cutAfter: { bytes: 10, by } }, 'toClient');
    const client = await open();
    client.send('ECHO', 'abcdefgh');
    expect(await client.end).toBe(seen);
    expect(client.text).toBe('$8\r\nabcdef');
  });

  it('lets exactly N bytes through to the server', async () => {
    const whole = '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n'.length;
    for (const [bytes, stored] of [[whole - 1, null] as const, [whole, 'v'] as const]) {
      await server.command('DEL', 'k');
      proxy.set({ cutAfter: { bytes, by } }, 'toServer');
      const { client, connection } = await openBoth();
      client.send('SET', 'k', 'v');
      expect(await client.end).toBe(seen);
      expect(client.text).toBe('');
      expect(connection.bytes.toServer.forwarded).toBe(bytes);
      const [record] = proxy.commands({ connectionId: connection.id });
      expect(record?.forwarded).toBe(stored !== null);
      await expect.poll(() => server.command('GET', 'k')).toBe(stored);
    }
  });

  it('lets nothing through with 0, but waits for a byte', async () => {
    const { client } = await openBoth();
    client.send('PING');
    await client.receive(pong.length);
    proxy.set({ cutAfter: { bytes: 0, by } }, 'toServer');
    expect(await isSilent(client.end)).toBe(true);
    client.send('SET', 'k', 'v');
    expect(await client.end).toBe(seen);
    expect(await server.command('EXISTS', 'k')).toBe(0);
  });
});

describe('half-open', () => {
  it('accepts and forwards nothing', async () => {
    proxy.set({ stalled: true });
    const { client, connection } = await openBoth();
    const coming = proxy.waitForCommand('SET');
    client.send('SET', 'k', 'v');
    await coming;
    expect(await isSilent(client.receive(1))).toBe(true);
    expect(connection.bytes.toServer.forwarded).toBe(0);
    expect(await server.command('EXISTS', 'k')).toBe(0);
    expect(client.ended).toBeUndefined();
  });

  it('stops one direction: the command runs, its reply does not come until it is restored', async () => {
    const { client, connection } = await openBoth();
    connection.set({ stalled: true }, 'toClient');
    const forwarded = proxy.waitForCommand('SET', { forwarded: true });
    client.send('SET', 'k', 'v');
    await forwarded;
    await expect.poll(() => server.command('GET', 'k')).toBe('v');
    await expect.poll(() => connection.bytes.toClient).toEqual({ received: 5, forwarded: 0 });
    connection.restore();
    expect(await client.receive(5)).toBe('+OK\r\n');
  });

  it('hides from each side that the other is gone', async () => {
    const { client, connection } = await openBoth();
    client.send('CLIENT', 'SETNAME', 'ghost');
    await client.receive(5);
    connection.set({ stalled: true });
    client.socket.resetAndDestroy();
    expect(await isSilent(connection.closed)).toBe(true);
    expect(await server.command('CLIENT', 'LIST')).toContain('name=ghost');
    connection.restore();
    await connection.closed;
  });

  it('stops reading when much is waiting, as a full network would', async () => {
    const { client, connection } = await openBoth();
    connection.set({ stalled: true }, 'toServer');
    const value = 'x'.repeat(32 * 1024 * 1024);
    client.send('SET', 'k', value);
    await expect.poll(() => connection.bytes.toServer.received).toBeGreaterThan(200_000);
    expect(await isSilent(client.receive(1))).toBe(true);
    expect(connection.bytes.toServer.received).toBeLessThan(1024 * 1024);
    connection.restore();
    expect(await client.receive(5)).toBe('+OK\r\n');
    expect(await server.command('STRLEN', 'k')).toBe(value.length);
  });
});

describe('drip', () => {
  it('lets n bytes through, and then none for a while', async () => {
    proxy.set({ drip: { bytes: 3, everyMs: 10 } }, 'toClient');
    const { client, connection } = await openBoth();
    const startedAt = performance.now();
    client.send('ECHO', '0123456789');
    expect(await client.receive(17)).toBe('$10\r\n0123456789\r\n');
    // Six drops, and so five pauses.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(49);
    expect(Math.max(...client.chunks.map(({ length }) => length))).toBeLessThan(17);
    expect(connection.bytes.toClient.forwarded).toBe(17);
  });
});

describe('split', () => {
  it('cuts every chunk into pieces of up to k bytes, the same for the same seed', async () => {
    const sizes = async (seed: number): Promise<number[]> => {
      const own = await startFaultProxy({ target: server, seed });
      own.set({ split: 5 }, 'toClient');
      const client = await open(own.port);
      const text = 'abcdefghijklmnopqrstuvwxyz'.repeat(8);
      client.send('ECHO', text);
      expect(await client.receive(text.length + 8)).toBe(`$${text.length}\r\n${text}\r\n`);
      await own.close();
      return client.chunks.map(({ length }) => length);
    };
    const first = await sizes(7);
    expect(Math.max(...first)).toBeLessThanOrEqual(5);
    expect(new Set(first).size).toBeGreaterThan(2);
    expect(await sizes(7)).toEqual(first);
    expect(await sizes(8)).not.toEqual(first);
  });

  it('delivers commands in pieces that the server puts together', async () => {
    proxy.set({ split: 1 }, 'toServer');
    const client = await open();
    for (let i = 0; i < 20; i++) client.send('ECHO', String(i % 10));
    const expected = Array.from({ length: 20 }, (_, i) => `$1\r\n${i % 10}\r\n`).join('');
    expect(await client.receive(expected.length)).toBe(expected);
  });
});

describe('refuse', () => {
  it('lets nobody listen, keeps present connections, and comes back on the same port', async () => {
    const client = await open();
    await proxy.refuse('CLOSED');
    expect(await RawClient.attempt(proxy.port)).toBe('ECONNREFUSED');
    client.send('PING');
    expect(await client.receive(pong.length)).toBe(pong);
    await proxy.accept();
    const later = await open();
    later.send('PING');
    expect(await later.receive(pong.length)).toBe(pong);
  });

  it('accepts and resets', async () => {
    await proxy.refuse('RST');
    expect(await RawClient.attempt(proxy.port)).toBe('ECONNRESET');
    expect(proxy.connections).toEqual([]);
    await proxy.restore();
    const later = await open();
    later.send('PING');
    expect(await later.receive(pong.length)).toBe(pong);
  });
});

describe('the log of commands', () => {
  it('says what went through, by which connection, and finds it by name', async () => {
    const first = await openBoth();
    const second = await openBoth();
    first.client.send('SET', 'k', 'a b');
    await first.client.receive(5);
    second.client.send('get', 'k');
    await second.client.receive(9);
    expect(proxy.commands()).toEqual([
      { connectionId: first.connection.id, args: ['SET', 'k', 'a b'], forwarded: true },
      { connectionId: second.connection.id, args: ['get', 'k'], forwarded: true },
    ]);
    expect(proxy.commands({ name: 'GET' })).toHaveLength(1);
    expect(proxy.commands({ connectionId: first.connection.id })).toHaveLength(1);
    expect(proxy.commands({ forwarded: false })).toEqual([]);
    proxy.clearCommands();
    expect(proxy.commands()).toEqual([]);
  });

  it('remembers only the last ones', async () => {
    const own = await startFaultProxy({ target: server, logLimit: 3 });
    const client = await open(own.port);
    for (let i = 0; i < 10; i++) client.send('ECHO', String(i));
    await client.receive(70);
    expect(own.commands().map(({ args }) => args[1])).toEqual(['7', '8', '9']);
    await own.close();
  });

  it('gives up on TLS, and passes it on all the same', async () => {
    await using secure = await startServer({ tls: true });
    const own = await startFaultProxy({ target: secure });
    const socket = connectTls({ host: own.host, port: own.port, ...secure.tls, servername: 'localhost' });
    socket.write('PING\r\n');
    const reply = await new Promise((resolve) => socket.once('data', (data) => resolve(data.toString())));
    expect(reply).toBe(pong);
    expect(own.commands()).toEqual([]);
    socket.destroy();
    await own.close();
  });
});

describe('waiting', () => {
  it('ends with an error when nothing comes', async () => {
    await expect(proxy.waitForConnection({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'WAIT_TIMEOUT' });
    await expect(proxy.waitForCommand('GET', { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'WAIT_TIMEOUT',
      message: 'the command GET did not come to the proxy within 20 ms.',
    });
  });

  it('ends with an error when the proxy is closed', async () => {
    const failure = expect(proxy.waitForConnection()).rejects.toMatchObject({ code: 'PROXY_CLOSED' });
    await proxy.close();
    await failure;
  });

  it('waits for the connection that is meant', async () => {
    const first = await openBoth();
    const second = await openBoth();
    const coming = proxy.waitForCommand('ECHO', { connectionId: second.connection.id });
    first.client.send('ECHO', '1');
    second.client.send('ECHO', '2');
    expect((await coming).args).toEqual(['ECHO', '2']);
  });
});

it('refuses faults that make no sense', () => {
  for (const faults of [
    { delayMs: -1 },
    { split: 0 },
    { drip: { bytes: 0, everyMs: 1 } },
    { delayMs: 0.5 },
  ]) {
    expect(() => proxy.set(faults)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  }
});

it('ends every connection when it is closed, held-back bytes or not', async () => {
  proxy.set({ stalled: true });
  const { client, connection } = await openBoth();
  client.send('PING');
  await proxy.close();
  await connection.closed;
  expect(await RawClient.attempt(proxy.port)).toBe('ECONNREFUSED');
});

it('stays when the server behind it restarts', async () => {
  await using own = await startServer({ persistence: 'always' });
  const between = await startFaultProxy({ target: own });
  const client = await open(between.port);
  client.send('SET', 'k', 'v');
  await client.receive(5);
  await own.restart('SIGKILL');
  expect(await client.end).toMatch(/FIN|ECONNRESET/);
  const later = await open(between.port);
  later.send('GET', 'k');
  expect(await later.receive(7)).toBe('$1\r\nv\r\n');
  await between.close();
});
