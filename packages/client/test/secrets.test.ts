import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { type FaultProxy, type RedisServer, startFaultProxy, startServer } from '@redlane/redis-server';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toDriver } from '../src/client-driver/index.js';
import { DecodeError, json, withSchema } from '../src/codec/index.js';
import { type ClientOptions, RedisClient } from '../src/index.js';
import { ioredisDriver } from '../src/ioredis/index.js';

const PASSWORD = 'hunter2-password';
const ARGUMENT = 'hunter2-argument';

let server: RedisServer;
let proxy: FaultProxy;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  server = await startServer({ password: PASSWORD, users: { ann: `on >${PASSWORD} ~* &* +@all` } });
  proxy = await startFaultProxy({ target: server });
});
afterAll(async () => {
  await proxy.close();
  await server.stop();
});
beforeEach(() => proxy.restore());
afterEach(async () => {
  server.resume();
  for (const close of closers.splice(0)) await close();
});

function open(options: ClientOptions = {}): RedisClient {
  const client = new RedisClient({
    host: proxy.host,
    port: proxy.port,
    password: PASSWORD,
    reconnect: { minDelayMs: 1, maxDelayMs: 5 },
    ...options,
  });
  closers.push(() => client.close({ drain: false }));
  return client;
}

/** All that a log, a crash or a debugger would show of it. */
function shown(value: unknown): string {
  const { stack = '' } = (value ?? {}) as { stack?: string };
  return [
    inspect(value, { depth: Infinity, showHidden: true, getters: true }),
    JSON.stringify(value),
    stack,
  ].join('\n');
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it must fail'),
    (error: unknown) => error,
  );
}

const dialFailure = async (client: RedisClient): Promise<unknown> => {
  client.connect().catch(() => undefined);
  return (await client.status.until('down')).cause;
};

type Failure = readonly [name: string, code: string, provoke: () => Promise<unknown>];

const connects: readonly Failure[] = [
  ['a wrong password', 'AUTH_FAILED', () => dialFailure(open({ password: `${PASSWORD}-wrong` }))],
  [
    'a wrong password in a URL',
    'AUTH_FAILED',
    () => {
      const client = new RedisClient(`redis://ann:${PASSWORD}-wrong@${server.host}:${server.port}`);
      closers.push(() => client.close());
      return dialFailure(client);
    },
  ],
  [
    'a provider of wrong ones',
    'AUTH_FAILED',
    () => dialFailure(open({ password: undefined, credentials: () => ({ password: `${PASSWORD}-wrong` }) })),
  ],
  ['nobody there', 'CONNECT_FAILED', () => dialFailure(open({ port: 1, username: 'ann' }))],
  [
    'a wrong password for the sentinels',
    'AUTH_FAILED',
    () =>
      dialFailure(
        open({
          host: undefined,
          port: undefined,
          sentinels: [{ host: server.host, port: server.port }],
          sentinelPassword: `${PASSWORD}-wrong`,
        }),
      ),
  ],
  ['a database that is not there', 'HANDSHAKE_FAILED', () => dialFailure(open({ db: 99_999 }))],
];

const commands: readonly Failure[] = [
  [
    'a reply',
    'WRONGTYPE',
    async () => {
      const client = open();
      await client.call('SET', 'text', 'x');
      return errorOf(client.call('LPUSH', 'text', ARGUMENT));
    },
  ],
  ['a script', 'ERR', () => errorOf(open().call('EVAL', 'return redis.call("LPUSH")', 0, ARGUMENT))],
  [
    'a transaction',
    'EXECABORT',
    () =>
      errorOf(
        open().transaction([
          ['SET', 'k', ARGUMENT],
          ['LPUSH', ARGUMENT],
        ]),
      ),
  ],
  [
    'a deadline',
    'TIMEOUT',
    async () => {
      const client = open();
      await client.connect();
      server.pause();
      return errorOf(client.with({ timeoutMs: 30 }).call('SET', 'k', ARGUMENT));
    },
  ],
  [
    'a lost connection',
    'CONNECTION_LOST',
    async () => {
      const client = open();
      await client.connect();
      proxy.set({ stalled: true }, 'toClient');
      const pending = errorOf(client.call('APPEND', 'k', ARGUMENT));
      await expect.poll(() => proxy.commands({ name: 'APPEND' })).not.toEqual([]);
      proxy.cut('RST');
      return pending;
    },
  ],
  [
    'an abort',
    'ABORTED',
    async () => {
      const client = open();
      await client.connect();
      server.pause();
      return errorOf(client.with({ signal: AbortSignal.timeout(30) }).call('SET', 'k', ARGUMENT));
    },
  ],
  [
    'a full queue',
    'QUEUE_FULL',
    () => {
      const client = open({ limits: { commands: 1 } });
      client.call('PING').catch(() => undefined);
      return errorOf(client.call('SET', 'k', ARGUMENT));
    },
  ],
  [
    'a closed client',
    'CLOSED',
    async () => {
      const client = open();
      await client.close();
      return errorOf(client.call('SET', 'k', ARGUMENT));
    },
  ],
  ['a refused command', 'COMMAND_REFUSED', () => errorOf(open().call('SELECT', ARGUMENT))],
  ['a refused login', 'COMMAND_REFUSED', () => errorOf(open().call('AUTH', PASSWORD))],
  [
    'an argument that is none',
    'INVALID_ARGUMENT',
    () => errorOf(open().call('SET', 'k', { [ARGUMENT]: ARGUMENT } as never)),
  ],
];

const checkShown = (value: unknown): void => {
  expect(shown(value)).not.toContain('hunter2');
};

describe('errors show no secret', () => {
  it.each([...connects, ...commands])('of %s (%s)', async (_, code, provoke) => {
    const error = await provoke();
    expect(error).toMatchObject({ code });
    checkShown(error);
  });

  it('and values that cannot be decoded show their beginning only', async () => {
    const raw = `{"user": "somebody with a long name", "password": "${PASSWORD}"`;
    const schema = {
      '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [{ message: 'no' }] }) },
    } as const;
    const broken = (): unknown => json().decode(raw);
    expect(broken).toThrow(DecodeError);
    for (const decode of [broken, () => withSchema(json(), schema).decode(`${raw}}`)]) {
      try {
        decode();
        expect.unreachable();
      } catch (error) {
        checkShown({ message: (error as Error).message, json: JSON.stringify(error) });
      }
    }
  });
});

describe('what is inspected shows no secret', () => {
  it('of a client, its pool, its sessions and its metrics, while they work', async () => {
    const client = open({ username: 'ann' });
    await client.call('SET', 'k', ARGUMENT);
    const driver = toDriver(client);
    await client.withConnection(async (session) => {
      await session.call('SET', 'k', ARGUMENT);
      const pending = client.call('GET', 'k');
      for (const value of [
        client,
        client.with({ timeoutMs: 5_000 }),
        session,
        client.metrics(),
        client.status,
        driver,
      ])
        checkShown(value);
      await pending;
    });
    const subscription = await client.subscribe('topic', () => undefined);
    checkShown([client, subscription]);
    await client.close();
    checkShown(client);
  });

  it('of a driver over ioredis', async () => {
    const redis = new Redis({ host: server.host, port: server.port, password: PASSWORD, lazyConnect: true });
    closers.push(() => redis.disconnect());
    const driver = ioredisDriver(redis);
    closers.push(() => driver.close());
    await driver.send(['SET', 'text', 'x']);
    checkShown(await errorOf(driver.send(['LPUSH', 'text', ARGUMENT])));
    checkShown(driver);
  });
});

it('the log of NODE_DEBUG=redlane shows no secret', async () => {
  const worker = fileURLToPath(new URL('support/secrets-worker.ts', import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [
      ...['--conditions=@redlane/source', '--import', import.meta.resolve('tsx'), worker],
      ...[server.host, String(server.port), PASSWORD, ARGUMENT],
    ],
    { env: { ...process.env, NODE_DEBUG: 'redlane' } },
  );
  expect(stderr).toMatch(/REDLANE \d+: connected to/);
  expect(stderr).toMatch(/REDLANE \d+: connection \d+ ended/);
  expect(stderr).toMatch(/REDLANE \d+: no connection \(.*WRONGPASS/);
  expect(stdout + stderr).not.toContain('hunter2');
});
