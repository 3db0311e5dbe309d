import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RedisClient as Client } from '@redlane/client';
import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RedisClient, RedisClientBase } from '../src/index.js';

let plain: RedisServer;
let secure: RedisServer;

beforeAll(async () => {
  plain = await startServer();
  secure = await startServer({ tls: { authClients: 'yes' } });
});
afterAll(async () => {
  await plain.stop();
  await secure.stop();
});

async function database(client: RedisClient): Promise<string | undefined> {
  await using connection = await client.getConnection();
  const shared = String(await client.executeCommand('CLIENT', 'INFO'));
  const own = String(await connection.executeCommand('CLIENT', 'INFO'));
  const numbers = [shared, own].map((info) => / db=(\d+) /.exec(info)?.[1]);
  expect(numbers[0]).toBe(numbers[1]);
  await client.shutdown();
  return numbers[0];
}

it('all forms of URLs, and the database', async () => {
  const at = `${plain.host}:${plain.port}`;
  expect(await database(new RedisClient(`tcp://${at}/`))).toBe('0');
  expect(await database(new RedisClient(`tcp://${at}`, 2))).toBe('2');
  expect(await database(new RedisClient(`redis://${at}/3`))).toBe('3');
  expect(await database(new RedisClient(`redis://${at}/3`, 4))).toBe('4');
  expect(await database(new RedisClient(`unix:${plain.socketPath}`, 5))).toBe('5');
  expect(await database(new RedisClient({ url: `TCP://${at}/`, db: 6 }))).toBe('6');
  expect(await database(new RedisClient({ protocol: { host: plain.host }, url: `tcp://${at}/` }))).toBe('0');
});

it('ssl, with certificates as files and as text', async () => {
  const { ca, cert, key } = secure.tls as NonNullable<RedisServer['tls']>;
  const url = `ssl://${secure.host}:${secure.port}/`;
  const files = Object.entries({ ca, cert, key }).map(([name, text]) => {
    const path = join(secure.folder, `${name}.pem`);
    writeFileSync(path, text);
    return path;
  });
  expect(
    await database(new RedisClient({ url, caCerts: files[0], certificate: files[1], key: files[2] })),
  ).toBe('0');
  expect(await database(new RedisClient({ url, caCerts: ca, certificate: cert, key }))).toBe('0');
  await using untrusted = new RedisClient({ url, timeoutMs: 200 });
  await expect(untrusted.executeCommand('PING')).rejects.toMatchObject({
    code: 'CONNECTION_DOWN',
    cause: { code: 'CONNECT_FAILED' },
  });
});

it('attributes may be set before the first use', async () => {
  const client = new RedisClient(null, null);
  expect(client).toMatchObject({ url: 'tcp://localhost/', db: undefined, timeoutMs: 10_000 });
  client.url = `tcp://${plain.host}:${plain.port}/`;
  client.db = 7;
  expect(await database(client)).toBe('7');
});

it('a client of @redlane/client may be passed in; it is shared, and not closed', async () => {
  await using shared = new Client(plain.url);
  const client = new RedisClient(null, null, shared);
  expect(await client.executeCommand('PING')).toBe('PONG');
  await client.subscribe('a');
  const kept = await client.getConnection();
  await plain.command('CLIENT', 'PAUSE', '1000', 'ALL');
  const late = expect(client.subscribe('b')).rejects.toMatchObject({ code: 'SHUTDOWN' });
  const ended = client.shutdown();
  await late;
  await ended;
  expect(await plain.command('PUBSUB', 'CHANNELS')).toEqual([]);
  await kept.release();
  await expect(client.executeCommand('PING')).rejects.toMatchObject({ code: 'SHUTDOWN' });
  expect(await shared.call('PING')).toBe('PONG');
});

it("a connection of @redlane/client may be passed in; it stays its owner's", async () => {
  await using shared = new Client(plain.url);
  const leaked = await shared.withConnection(async (session) => {
    const base = new RedisClientBase(session);
    await base.context({ release: false }, (context) => context.executeCommand('WATCH', 'a'));
    expect(await base.batchExecute(['MULTI'], ['SET', 'a', 1], ['EXEC'])).toEqual(['OK', 'QUEUED', ['OK']]);
    return base;
  });
  await expect(leaked.executeCommand('PING')).rejects.toMatchObject({ code: 'SHUTDOWN' });
  await shared.withConnection(async (session) => {
    const base = new RedisClientBase(session);
    // Without a parent, a release is a shutdown: VLCP's rule.
    await base.release();
    expect(session.connection.closed).toBe(true);
    await expect(base.executeCommand('PING')).rejects.toMatchObject({ code: 'CONNECTION_DOWN' });
  });
});
