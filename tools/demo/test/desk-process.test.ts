import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { describe, it } from 'vitest';
import type { FaultReport, Snapshot } from '../src/contract.js';
import { CliProcess } from './cli-process.js';

const PATIENCE_MS = 120_000;
const SOON = { timeout: 20_000, interval: 50 };

/** An open desk, and what would show that something of it is left. */
async function openDesk() {
  const cli = new CliProcess([]);
  const [url] = await cli.until(/http:\/\/127\.0\.0\.1:\d+/);
  const [, redisPort] = await cli.until(/on port (\d+)/);
  const { panel } = await snapshot(url);
  const traces = async () => ({
    workers: panel.workers.filter(({ pid }) => isAlive(pid)).length,
    listening: await Promise.all([isListening(Number(new URL(url).port)), isListening(Number(redisPort))]),
    folders: readdirSync(tmpdir()).filter((name) => name.startsWith(`redlane-${cli.pid}-`)).length,
  });
  return { cli, url, traces };
}

const nothing = { workers: 0, listening: [false, false], folders: 0 };

async function snapshot(url: string): Promise<Snapshot> {
  return (await (await fetch(`${url}/api/snapshot`)).json()) as Snapshot;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describe.concurrent('a desk', { timeout: PATIENCE_MS }, () => {
  it('answers in words, also what it cannot do, and leaves nothing behind after Ctrl-C', async ({
    expect,
  }) => {
    const { cli, url, traces } = await openDesk();
    await using _cli = cli;
    const post = async (path: string, body: object, key = '') => {
      const headers = key === '' ? {} : { 'idempotency-key': key };
      const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body), headers });
      return { status: response.status, body: await response.json() };
    };
    const order = { item: 'soup', quantity: 2 };
    const placed = await post('/api/orders', order, 'one key');
    expect(placed).toEqual({ status: 201, body: { id: expect.any(String), number: 1 } });
    expect(await post('/api/orders', order, 'one key')).toEqual(placed);
    expect(await post('/api/orders', order)).toMatchObject({ status: 201, body: { number: 2 } });
    expect(await post('/api/orders', { item: 'soup', quantity: 100 })).toEqual({
      status: 400,
      body: { code: 'INVALID_QUANTITY', message: '"quantity" should be a whole number from 1 to 99' },
    });
    expect(await post('/api/faults/nothing', {})).toMatchObject({
      status: 404,
      body: { code: 'UNKNOWN_FAULT' },
    });
    expect(await post('/api/announcements', { topic: 'kitchen', text: 'hello' })).toMatchObject({
      status: 202,
    });
    const heard = { topic: 'kitchen', text: 'hello', at: expect.any(Number) };
    await expect
      .poll(async () => (await snapshot(url)).announcements, SOON)
      .toEqual([
        { ...heard, via: 'pattern' },
        { ...heard, via: 'sync' },
      ]);
    expect((await fetch(`${url}/events`)).status).toBe(400);

    expect(await traces()).toEqual({ workers: 3, listening: [true, true], folders: 1 });
    cli.signal('SIGINT');
    expect(await cli.ended).toBe(0);
    expect(await traces()).toEqual(nothing);
  });

  it('kills nobody twice, and says so when nobody is left', async ({ expect }) => {
    const { cli, url } = await openDesk();
    await using _cli = cli;
    const kill = async (kind: string): Promise<string> => {
      const response = await fetch(`${url}/api/faults/${kind}`, { method: 'POST' });
      return ((await response.json()) as FaultReport).text;
    };
    const kills = (kind: string, count: number) =>
      Promise.all(Array.from({ length: count }, () => kill(kind)));
    const named = (texts: string[]) =>
      texts.map((text) => /^(?:web node|worker) \w+|^no .* up/.exec(text)?.[0]);
    expect(named(await kills('kill-worker', 4)).sort()).toEqual([
      'no worker is up',
      ...['w1', 'w2', 'w3'].map((id) => `worker ${id}`),
    ]);
    expect(named(await kills('kill-node', 3)).sort()).toEqual([
      'no web node is up',
      'web node n1',
      'web node n2',
    ]);
    // Both kinds come back.
    await expect
      .poll(
        async () => (await snapshot(url)).panel.workers.filter(({ state }) => state === 'up').length,
        SOON,
      )
      .toBe(3);
  });

  it('leaves nothing behind when it is killed', async ({ expect }) => {
    const { cli, traces } = await openDesk();
    cli.signal('SIGKILL');
    await cli.ended;
    await expect.poll(traces, SOON).toEqual(nothing);
  });
});

describe.concurrent('the command line', { timeout: PATIENCE_MS }, () => {
  it('says that a port is taken, and what to do', async ({ expect }) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await using cli = new CliProcess([], { PORT: String(port) });
    expect(await cli.ended).toBe(1);
    expect(cli.output).toContain(`redlane: port ${port} is taken by another program. Choose another: PORT=`);
    expect(cli.output).not.toMatch(/^ +at /m);
    other.close();
  });

  it('says that the server of REDIS_URL does not answer', async ({ expect }) => {
    await using cli = new CliProcess([], { REDIS_URL: 'redis://:secret@127.0.0.1:1' });
    expect(await cli.ended).toBe(1);
    expect(cli.output).toMatch(/redlane: the server of REDIS_URL cannot be used: .*127\.0\.0\.1:1/);
    expect(cli.output).not.toContain('secret');
    expect(cli.output).not.toMatch(/^ +at /m);
  });

  it('explains itself', async ({ expect }) => {
    await using cli = new CliProcess(['--help']);
    expect(await cli.ended).toBe(0);
    expect(cli.output).toContain('npm start -- --check');
  });

  it('says what it does not know', async ({ expect }) => {
    await using cli = new CliProcess(['--port', '1']);
    expect(await cli.ended).toBe(1);
    expect(cli.output).toBe("redlane: Unknown option '--port'; see --help\n");
  });
});
