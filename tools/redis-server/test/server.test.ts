import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { freePort } from '../src/free-port.js';
import { type RedisServer, ReplyError, type ServerOptions, startServer } from '../src/index.js';
import { startServer as startWithPorts } from '../src/start-server.js';
import { isAlive } from './is-alive.js';
import { RawClient } from './raw-client.js';

const started: RedisServer[] = [];
async function start(options?: ServerOptions): Promise<RedisServer> {
  const server = await startServer(options);
  started.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function ask(server: RedisServer, line: string): Promise<string> {
  const socket = await server.connect();
  socket.write(`${line}\r\n`);
  const text = await new Promise<string>((resolve) =>
    socket.once('data', (data) => resolve(data.toString())),
  );
  socket.destroy();
  return text;
}

describe('startServer', () => {
  it('answers on its port and its socket, listens on loopback only, and keeps nothing', async () => {
    const server = await start();
    expect(await server.command('SET', 'a', '1')).toBe('OK');
    expect(await ask(server, 'GET a')).toBe('$1\r\n1\r\n');
    expect(server.url).toBe(`redis://127.0.0.1:${server.port}`);
    expect(await server.command('CONFIG', 'GET', 'bind')).toEqual(['bind', '127.0.0.1']);
    expect(await server.command('CONFIG', 'GET', 'save')).toEqual(['save', '']);
    await server.restart();
    expect(await server.command('GET', 'a')).toBeNull();
  });

  it('leaves no process and no folder when it is stopped', async () => {
    const server = await start();
    const { pid, folder } = server;
    expect(isAlive(pid!)).toBe(true);
    await server.stop();
    expect(isAlive(pid!)).toBe(false);
    expect(existsSync(folder)).toBe(false);
    expect(server.pid).toBeUndefined();
    await server.stop();
  });

  it('is disposed of by a using declaration', async () => {
    let folder: string;
    {
      await using server = await startServer();
      folder = server.folder;
      expect(existsSync(folder)).toBe(true);
    }
    expect(existsSync(folder)).toBe(false);
  });

  it('rejects with the error of the server', async () => {
    const server = await start();
    await server.command('SET', 'a', '1');
    await expect(server.command('LPUSH', 'a', '1')).rejects.toMatchObject({ code: 'WRONGTYPE' });
    await expect(server.command('LPUSH', 'a', '1')).rejects.toBeInstanceOf(ReplyError);
  });

  it('asks for its password, special characters and all', async () => {
    const server = await start({ password: 'p "w\\ä' });
    expect(await ask(server, 'PING')).toMatch(/^-NOAUTH/);
    expect(await server.command('PING')).toBe('PONG');
    expect(decodeURIComponent(new URL(server.url).password)).toBe('p "w\\ä');
  });

  it('knows ACL users, and can still be asked when the default user is off', async () => {
    const server = await start({ users: { default: 'off', alice: 'on >secret ~a:* &* +get' } });
    expect(await ask(server, 'PING')).toMatch(/^-NOAUTH/);
    expect(await ask(server, 'AUTH alice secret')).toBe('+OK\r\n');
    expect(await ask(server, 'AUTH alice secret\r\nSET a:1 x')).toMatch(/^\+OK\r\n-NOPERM/);
  });

  it('renames and removes commands', async () => {
    const server = await start({ renameCommands: { HELLO: '', PING: 'PONG' } });
    expect(await ask(server, 'HELLO 3')).toMatch(/^-ERR unknown command/);
    expect(await ask(server, 'PONG')).toBe('+PONG\r\n');
  });

  it('takes more lines of configuration', async () => {
    const server = await start({ config: ['maxmemory 64mb', 'maxmemory-policy allkeys-lru'] });
    expect(await server.command('CONFIG', 'GET', 'maxmemory')).toEqual([
      'maxmemory',
      String(64 * 1024 * 1024),
    ]);
  });

  it('speaks TLS with certificates of its own', async () => {
    const server = await start({ tls: true });
    expect(server.url).toMatch(/^rediss:/);
    expect(await ask(server, 'PING')).toBe('+PONG\r\n');
    const plain = await RawClient.open(server.port);
    plain.send('PING');
    expect(await plain.end).not.toBe('PONG');
    expect(plain.text).not.toContain('PONG');
    const stranger = connectTls({ host: server.host, port: server.port });
    const failure = await new Promise<NodeJS.ErrnoException>((resolve) => stranger.once('error', resolve));
    expect(failure.code).toMatch(/SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/);
  });

  it('wants a certificate from the client when it is told to', async () => {
    const server = await start({ tls: { authClients: 'yes' } });
    expect(await ask(server, 'PING')).toBe('+PONG\r\n');
    const nameless = connectTls({ host: server.host, port: server.port, ca: server.tls!.ca });
    const outcome = await new Promise<string>((resolve) => {
      nameless.once('error', () => resolve('refused'));
      nameless.once('close', () => resolve('refused'));
      nameless.once('data', (data) => resolve(data.toString()));
      nameless.write('PING\r\n');
    });
    expect(outcome).toBe('refused');
  });
});

describe('a server that comes and goes', () => {
  it('keeps what was acknowledged over a crash, with persistence', async () => {
    const server = await start({ persistence: 'always' });
    const { port, pid, folder } = server;
    await server.command('SET', 'a', '1');
    await server.restart('SIGKILL');
    expect(await server.command('GET', 'a')).toBe('1');
    expect([server.port, server.folder]).toEqual([port, folder]);
    expect(server.pid).not.toBe(pid);
  });

  it('can be killed and started again', async () => {
    const server = await start();
    const pid = server.pid!;
    await server.kill();
    expect(isAlive(pid)).toBe(false);
    expect(server.pid).toBeUndefined();
    expect(await RawClient.attempt(server.port)).toBe('ECONNREFUSED');
    await expect(server.command('PING')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect(server.kill()).rejects.toMatchObject({ code: 'NOT_RUNNING' });
    await server.start();
    expect(await server.command('PING')).toBe('PONG');
    await expect(server.start()).rejects.toMatchObject({ code: 'START_FAILED' });
  });

  it('notices when the server ends by itself', async () => {
    const server = await start();
    const exit = server.waitForExit();
    await expect(server.command('SHUTDOWN', 'NOSAVE')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await exit;
    expect(server.pid).toBeUndefined();
  });

  it('answers nothing while it is paused, and everything afterwards', async () => {
    const server = await start();
    const client = await RawClient.open(server.port);
    server.pause();
    client.send('PING');
    const reply = client.receive(7);
    const first = await Promise.race([reply, new Promise((resolve) => setTimeout(resolve, 100, 'silence'))]);
    expect(first).toBe('silence');
    server.resume();
    expect(await reply).toBe('+PONG\r\n');
    client.socket.destroy();
  });

  it('is restarted even while it is paused', async () => {
    const server = await start();
    server.pause();
    await server.restart();
    expect(await server.command('PING')).toBe('PONG');
  });

  it('finds a short place for its socket', async () => {
    vi.stubEnv('TMPDIR', `/tmp/${'long'.repeat(20)}`);
    try {
      expect((await start()).socketPath).toMatch(/^\/tmp\/redlane-/);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('is stopped even while it is paused', async () => {
    const server = await start();
    const pid = server.pid!;
    server.pause();
    await server.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it('tells its log over restarts', async () => {
    const server = await start();
    await server.restart();
    expect(server.log().match(/Ready to accept connections/g)).toHaveLength(2);
  });
});

describe('a server that cannot start', () => {
  it('shows the last lines of its log', async () => {
    const failure = startServer({ config: ['no-such-directive 1'] });
    await expect(failure).rejects.toMatchObject({
      code: 'START_FAILED',
      message: expect.stringMatching(/ended with status 1 while it started:[\s\S]*no-such-directive/),
    });
  });

  it('says when the port that was asked for is taken', async () => {
    const { port } = await start();
    await expect(startServer({ port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining(String(port)),
    });
  });

  it('takes another port when its own is taken between choice and start', async () => {
    const { port: taken, pid } = await start();
    const choices = [taken, taken, await freePort()];
    const server = await startWithPorts({}, async () => choices.shift()!);
    started.push(server);
    expect(choices).toEqual([]);
    expect(server.port).not.toBe(taken);
    expect(server.pid).not.toBe(pid);
  });

  it('takes another port when the bus port of a cluster node is taken', async () => {
    const unlucky = await freePort({ withBus: true });
    const bus = createServer();
    await new Promise<void>((resolve) => bus.listen(unlucky + 10_000, '127.0.0.1', resolve));
    const choices = [unlucky, await freePort({ withBus: true })];
    const server = await startWithPorts({ mode: 'cluster' }, async () => choices.shift()!);
    started.push(server);
    expect(server.port).not.toBe(unlucky);
    await new Promise((resolve) => bus.close(resolve));
  });

  it('gives up when every port is taken', async () => {
    const { port } = await start();
    await expect(startWithPorts({}, async () => port)).rejects.toMatchObject({ code: 'NO_FREE_PORT' });
  });

  it('starts many at once', async () => {
    const servers = await Promise.all(Array.from({ length: 8 }, () => start()));
    expect(new Set(servers.map(({ port }) => port)).size).toBe(8);
  });

  it('refuses options that would break the configuration file', async () => {
    await expect(startServer({ password: 'a\nport 1' })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('refuses an executable that is no server', async () => {
    await expect(startServer({ executable: process.execPath })).rejects.toMatchObject({
      code: 'SERVER_UNUSABLE',
    });
  });
});
