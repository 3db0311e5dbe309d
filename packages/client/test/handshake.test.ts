import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClientOptions } from '../src/client-options.js';
import { handshake, type ServerInfo } from '../src/handshake.js';
import { resolveOptions } from '../src/options.js';
import { dial } from '../src/socket.js';
import { SocketExchange } from './exchange.js';

const opened: (() => unknown)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

interface Greeted {
  readonly info: ServerInfo;
  readonly connection: SocketExchange;
}

async function connectionTo(server: RedisServer, given: ClientOptions = {}): Promise<SocketExchange> {
  const socket = await dial(resolveOptions(at(server, given)));
  opened.push(() => socket.destroy());
  return new SocketExchange(socket);
}

function at(server: RedisServer, given: ClientOptions): ClientOptions {
  return { ...(given.path === undefined ? { host: server.host, port: server.port } : {}), ...given };
}

async function greet(server: RedisServer, given: ClientOptions = {}): Promise<Greeted> {
  const connection = await connectionTo(server, given);
  const info = await handshake(resolveOptions(at(server, given)), connection.exchange);
  return { info, connection };
}

/** The fields of CLIENT LIST for one connection. */
async function fieldsOf(server: RedisServer, id: number | undefined): Promise<Record<string, string>> {
  const line = String(await server.command('CLIENT', 'LIST', 'ID', String(id))).trim();
  return Object.fromEntries(line.split(' ').map((field) => field.split(/=(.*)/s).slice(0, 2)));
}

describe('a server without a password', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  it('is greeted in RESP3 by one write, and tells who it is', async () => {
    const { info, connection } = await greet(server);
    expect(info).toEqual({
      protocol: 3,
      id: expect.any(Number),
      name: server.name,
      version: server.version,
      mode: 'standalone',
      role: 'master',
    });
    expect(connection.sent).toHaveLength(1);
    expect(await connection.call('HGETALL', 'none')).toEqual(new Map());
    expect(await fieldsOf(server, info.id)).toMatchObject({ id: String(info.id) });
  });

  it('learns the name and the database', async () => {
    const { info, connection } = await greet(server, { clientName: 'worker-1', db: 3 });
    expect(connection.sent).toHaveLength(1);
    expect(await fieldsOf(server, info.id)).toMatchObject({ name: 'worker-1', db: '3' });
  });

  it('is told who we are, if it can be told', async () => {
    const { connection } = await greet(server, { libraryTag: 'app_v1' });
    expect(connection.sent[0]).toContainEqual(['CLIENT', 'SETINFO', 'LIB-NAME', 'redlane(app_v1)']);
    expect(connection.sent[0]).toContainEqual([
      'CLIENT',
      'SETINFO',
      'LIB-VER',
      expect.stringMatching(/^\d+\.\d+/),
    ]);
  });

  it('is greeted in RESP2 when that is asked for', async () => {
    const { info, connection } = await greet(server, { protocol: 2, clientName: 'old', db: 2 });
    expect(info).toMatchObject({ protocol: 2, id: expect.any(Number), name: undefined });
    expect(connection.sent).toHaveLength(1);
    expect(connection.sent.flat(2)).not.toContain('HELLO');
    expect(await connection.call('HGETALL', 'none')).toEqual([]);
    expect(await fieldsOf(server, info.id)).toMatchObject({ name: 'old', db: '2' });
  });

  it('can be reached over its unix socket', async () => {
    const { info } = await greet(server, { path: server.socketPath });
    expect(info.protocol).toBe(3);
  });

  it('can be greeted anew after RESET', async () => {
    const { info, connection } = await greet(server, { clientName: 'again' });
    expect(await connection.call('RESET')).toBe('RESET');
    const again = await handshake(resolveOptions({ clientName: 'again' }), connection.exchange);
    expect(again).toEqual(info);
    expect(await connection.call('CLIENT', 'GETNAME')).toBe('again');
  });

  it('refuses a database that it does not have', async () => {
    await expect(greet(server, { db: 1_000 })).rejects.toMatchObject({
      code: 'HANDSHAKE_FAILED',
      retryable: false,
      message: expect.stringMatching(/SELECT was refused: ERR DB index is out of range/),
    });
    await expect(greet(server, { db: 1_000, protocol: 2 })).rejects.toMatchObject({
      code: 'HANDSHAKE_FAILED',
    });
  });

  it('takes a login that nobody asked for, and refuses one that does not exist', async () => {
    await expect(greet(server, { username: 'nobody', password: 's3cret' })).rejects.toMatchObject({
      code: 'AUTH_FAILED',
      retryable: false,
    });
  });
});

describe('a server that loads, or is busy', () => {
  it('is worth another try', async () => {
    await using server = await startServer({ config: ['lua-time-limit 1'] });
    const worker = await connectionTo(server);
    const endless = worker.call('EVAL', 'while true do end', 0);
    // The connections below are accepted only after the script has been found to be slow.
    await expect(greet(server, { db: 1 })).rejects.toMatchObject({
      code: 'HANDSHAKE_FAILED',
      retryable: true,
      message: expect.stringMatching(/BUSY/),
    });
    await expect(greet(server, { protocol: 2 })).rejects.toMatchObject({
      code: 'HANDSHAKE_FAILED',
      retryable: true,
    });
    const killer = await connectionTo(server);
    expect(await killer.call('SCRIPT', 'KILL')).toBe('OK');
    await endless;
  });

  it('is worth another try when it has too many clients', async () => {
    await using server = await startServer();
    await server.command('CONFIG', 'SET', 'maxclients', '1');
    await greet(server);
    await expect(greet(server)).rejects.toMatchObject({
      code: 'HANDSHAKE_FAILED',
      retryable: true,
      message: expect.stringContaining('max number of clients'),
    });
  });
});

describe('a server that breaks off', () => {
  it('is worth another try, whether it answered before or not', async () => {
    const options = resolveOptions();
    const cause = new Error('gone');
    const expected = { code: 'HANDSHAKE_FAILED', retryable: true };
    await expect(handshake(options, () => Promise.reject(cause))).rejects.toMatchObject({
      ...expected,
      cause,
    });
    await expect(handshake(options, async () => [new Map([['proto', 3]])])).rejects.toMatchObject(expected);
  });

  it('is no Redis when it answers HELLO by something else', async () => {
    const greeting = handshake(resolveOptions(), async (commands) => commands.map(() => 'OK'));
    await expect(greeting).rejects.toMatchObject({ code: 'HANDSHAKE_FAILED', retryable: false });
  });
});

describe('a server with a password and users', () => {
  const password = 'p@ss w0rd';
  let server: RedisServer;
  beforeAll(async () => {
    server = await startServer({
      password,
      users: {
        alice: 'on >wonder ~* &* +@all',
        reader: 'on >look ~* &* +@read +ping',
        open: 'on nopass ~* +@all',
      },
    });
  });
  afterAll(() => server.stop());

  it.each<[string, ClientOptions, string]>([
    ['password', { password }, 'default'],
    ['user and password', { username: 'alice', password: 'wonder' }, 'alice'],
    ['user without a password', { username: 'open' }, 'open'],
    ['credentials', { credentials: { username: 'alice', password: 'wonder' } }, 'alice'],
    ['a provider', { credentials: async () => ({ username: 'alice', password: 'wonder' }) }, 'alice'],
  ])('lets us in by %s, in both protocols', async (_, options, user) => {
    for (const protocol of [3, 2] as const) {
      const { connection, info } = await greet(server, { ...options, protocol });
      expect(info.protocol).toBe(protocol);
      expect(await connection.call('ACL', 'WHOAMI')).toBe(user);
      expect(connection.sent).toHaveLength(2);
    }
  });

  it('asks a provider at every greeting', async () => {
    const passwords = ['wrong', password];
    const credentials = () => ({ password: passwords.shift() as string });
    await expect(greet(server, { credentials })).rejects.toMatchObject({ code: 'AUTH_FAILED' });
    await greet(server, { credentials });
  });

  it.each<[string, ClientOptions, RegExp]>([
    ['no password', {}, /set password/],
    ['a wrong password', { password: 's3cret' }, /WRONGPASS.*check username and password/],
    ['an unknown user', { username: 'bob', password: 's3cret' }, /WRONGPASS/],
  ])('keeps us out with %s, in both protocols', async (_, options, message) => {
    for (const protocol of [3, 2] as const) {
      await expect(greet(server, { ...options, protocol })).rejects.toMatchObject({
        code: 'AUTH_FAILED',
        retryable: false,
        address: `127.0.0.1:${server.port}`,
        message: expect.stringMatching(message),
      });
    }
  });

  it('serves a user with few rights as far as they go', async () => {
    const login = { username: 'reader', password: 'look', clientName: 'r' };
    expect((await greet(server, login)).info.protocol).toBe(3);
    expect((await greet(server, { ...login, protocol: 2 })).info).toMatchObject({
      protocol: 2,
      id: undefined,
    });
    await expect(greet(server, { ...login, db: 1 })).rejects.toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringContaining("extend this user's rights"),
    });
  });

  it('says when the provider fails, or gives something else', async () => {
    const cause = new Error('vault is sealed');
    await expect(greet(server, { credentials: () => Promise.reject(cause) })).rejects.toMatchObject({
      code: 'AUTH_FAILED',
      retryable: true,
      cause,
    });
    await expect(greet(server, { credentials: (() => 's3cret') as never })).rejects.toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.not.stringContaining('s3cret'),
    });
  });

  it('does not wait for a provider that never answers', async () => {
    const connection = await connectionTo(server);
    const options = resolveOptions(at(server, { credentials: () => new Promise(() => undefined) }));
    const controller = new AbortController();
    const greeting = handshake(options, connection.exchange, controller.signal);
    controller.abort(new DOMException('late', 'TimeoutError'));
    await expect(greeting).rejects.toMatchObject({ code: 'CONNECT_TIMEOUT' });
    expect(connection.sent).toEqual([]);
  });
});

describe('a server without HELLO', () => {
  const password = 's3cret';
  let server: RedisServer;
  beforeAll(async () => {
    server = await startServer({ password, renameCommands: { HELLO: '' } });
  });
  afterAll(() => server.stop());

  it('is greeted again in RESP2, with everything that HELLO would have done', async () => {
    const { info, connection } = await greet(server, { password, clientName: 'fallback', db: 1 });
    expect(info).toMatchObject({ protocol: 2, id: expect.any(Number) });
    expect(connection.sent.map(([first]) => first?.[0])).toEqual(['HELLO', 'AUTH']);
    expect(await fieldsOf(server, info.id)).toMatchObject({ name: 'fallback', db: '1', user: 'default' });
  });

  it('keeps us out as any other, and the password stays ours', async () => {
    await expect(greet(server)).rejects.toMatchObject({ code: 'AUTH_FAILED' });
    await expect(greet(server, { password: 'wrong' })).rejects.toMatchObject({ code: 'AUTH_FAILED' });
  });

  it('never shows a password that a server quotes', async () => {
    await using odd = await startServer({ renameCommands: { HELLO: '', AUTH: '' } });
    const error = await greet(odd, { password }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringContaining('AUTH was refused: ERR'),
    });
    expect(String((error as Error).stack)).not.toContain(password);
    expect(error).not.toHaveProperty('cause');
  });
});

describe('a server with TLS', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startServer({ tls: { authClients: 'yes' } });
  });
  afterAll(() => server.stop());

  it('is reached with a client certificate, by address and by name', async () => {
    const { ca, cert, key } = server.tls!;
    for (const host of ['127.0.0.1', 'localhost']) {
      const { info } = await greet(server, { host, tls: { ca, cert, key } });
      expect(info.protocol).toBe(3);
    }
  });

  it('is not trusted without its authority', async () => {
    const { cert, key } = server.tls!;
    await expect(greet(server, { tls: { cert, key } })).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: expect.stringContaining('tls.ca'),
    });
  });

  it('is not trusted under another name', async () => {
    const { ca, cert, key } = server.tls!;
    await expect(greet(server, { tls: { ca, cert, key, servername: 'other.test' } })).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: expect.stringContaining('tls.servername'),
    });
  });

  it('turns away who has no certificate', async () => {
    // In TLS 1.3 the server says so only after the client's side of the handshake is done.
    await expect(greet(server, { tls: { ca: server.tls!.ca } })).rejects.toMatchObject({ retryable: true });
  });
});
