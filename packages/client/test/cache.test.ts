import { tracingChannel } from 'node:diagnostics_channel';
import { type RedisServer, startFaultProxy, startServer } from '@redlane/redis-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type ClientCacheOptions, clientCache } from '../src/cache/index.js';
import type { Trace } from '../src/diagnostics.js';
import { type CacheMetrics, type ClientOptions, RedisClient } from '../src/index.js';
import { runScript } from './support/run-script.js';

let server: RedisServer;
let client: RedisClient;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
});
beforeEach(async () => {
  await server.command('FLUSHALL');
  client = cachingClient();
});
afterEach(async () => {
  await client.close();
});

/** What `cache-memory.ts` prints. */
interface MemoryUse {
  readonly filled: readonly {
    readonly what: string;
    readonly entries: number;
    readonly said: number;
    readonly used: number;
  }[];
  readonly passing: { readonly evictions: number; readonly used: number };
}

function cachingClient(options: ClientCacheOptions = {}, others: ClientOptions = {}): RedisClient {
  const made = new RedisClient({
    host: server.host,
    port: server.port,
    clientCache: clientCache(options),
    ...others,
  });
  onTestFinished(() => made.close());
  return made;
}

function figures(of: RedisClient = client): CacheMetrics {
  const { cache } = of.metrics();
  if (cache === undefined) expect.fail('there is no cache');
  return cache;
}

/** What the server has said so far has come. */
async function heard(of: RedisClient = client): Promise<void> {
  await of.call('ECHO', '');
}

describe.each<ClientCacheOptions>([
  { mode: 'optin' },
  { mode: 'default' },
  { mode: 'bcast' },
  { mode: 'bcast', prefixes: ['k', Buffer.from('u:')] },
])('with %o', (options) => {
  it('answers from here until the key changes', async () => {
    await using cached = cachingClient(options);
    await server.command('SET', 'k', '1');
    expect(await cached.cached('GET', 'k')).toBe('1');
    expect(await cached.cached('GET', 'k')).toBe('1');
    expect(figures(cached)).toMatchObject({ tracking: 'on', hits: 1, misses: 1, entries: 1 });

    await server.command('SET', 'k', '2');
    await heard(cached);
    expect(figures(cached)).toMatchObject({ invalidations: 1, entries: 0, bytes: 0 });
    expect(await cached.cached('GET', 'k')).toBe('2');
    expect(figures(cached)).toMatchObject({ hits: 1, misses: 2 });
  });

  it('forgets everything by FLUSHALL from elsewhere, also what was not there', async () => {
    await using cached = cachingClient(options);
    await server.command('SET', 'k1', '1');
    expect(await cached.cached('GET', 'k1')).toBe('1');
    expect(await cached.cached('GET', 'k2')).toBe(null);
    expect(await cached.cached('GET', 'k2')).toBe(null);
    expect(figures(cached)).toMatchObject({ hits: 1, entries: 2 });
    await server.command('FLUSHALL');
    await heard(cached);
    expect(figures(cached)).toMatchObject({ entries: 0, bytes: 0 });
    expect(await cached.cached('GET', 'k1')).toBe(null);
    await server.command('SET', 'k1', '2');
    await heard(cached);
    expect(await cached.cached('GET', 'k1')).toBe('2');
  });

  it('forgets what the client itself writes', async () => {
    await using cached = cachingClient(options);
    await cached.call('SET', 'k', '1');
    expect(await cached.cached('GET', 'k')).toBe('1');
    await cached.call('SET', 'k', '2');
    await heard(cached);
    expect(await cached.cached('GET', 'k')).toBe('2');
  });

  it('keeps tracking after a reconnect, with nothing from before', async () => {
    await using cached = cachingClient(options);
    await server.command('SET', 'k', '1');
    expect(await cached.cached('GET', 'k')).toBe('1');
    const id = await cached.call('CLIENT', 'ID');
    await cached.withConnection((session) => session.call('CLIENT', 'KILL', 'ID', id as number));
    await expect.poll(() => cached.metrics().lost).toBe(1);
    expect(figures(cached)).toMatchObject({ entries: 0, bytes: 0 });
    await server.command('SET', 'k', '2');
    expect(await cached.cached('GET', 'k')).toBe('2');
    expect(await cached.cached('GET', 'k')).toBe('2');
    expect(figures(cached)).toMatchObject({ tracking: 'on', hits: 1 });
    await server.command('SET', 'k', '3');
    await heard(cached);
    expect(await cached.cached('GET', 'k')).toBe('3');
  });
});

it('tracking is the first command on the shared connection', async () => {
  await using proxy = await startFaultProxy({ target: server });
  await using cached = cachingClient({ noLoop: true }, { host: proxy.host, port: proxy.port });
  await Promise.all([cached.call('GET', 'a'), cached.cached('GET', 'k')]);
  const sent = proxy.commands().map(({ args }) => args.map(String).join(' '));
  const first = sent.indexOf('CLIENT TRACKING ON OPTIN NOLOOP');
  expect(sent.slice(first, first + 7)).toEqual([
    'CLIENT TRACKING ON OPTIN NOLOOP',
    'GET a',
    'CLIENT CACHING YES',
    'MULTI',
    'PTTL k',
    'GET k',
    'EXEC',
  ]);
  expect(sent.slice(0, first).every((command) => /^(HELLO|CLIENT SETINFO|PING)/.test(command))).toBe(true);
});

it('keeps only what it was told to with optin', async () => {
  await server.command('MSET', 'a', '1', 'b', '1');
  await client.call('GET', 'a');
  await client.cached('GET', 'b');
  await server.command('MSET', 'a', '2', 'b', '2');
  await heard();
  expect(figures().invalidations).toBe(1);
});

it('sends reads of other prefixes to the server', async () => {
  await using cached = cachingClient({ mode: 'bcast', prefixes: ['u:'] });
  await server.command('MSET', 'u:1', 'a', 'v:1', 'b', 'u', 'c');
  for (let i = 0; i < 2; i++) {
    expect(await cached.cached('GET', 'u:1')).toBe('a');
    expect(await cached.cached('GET', Buffer.from('u:1'))).toBe('a');
    expect(await cached.cached('GET', 'v:1')).toBe('b');
    expect(await cached.cached('GET', 'u')).toBe('c');
  }
  expect(figures(cached)).toMatchObject({ misses: 1, hits: 3, untracked: 4, entries: 1 });
});

it('leaves the client’s own writes alone with noLoop, until the key is deleted here', async () => {
  await using cached = cachingClient({ noLoop: true });
  await cached.call('SET', 'k', '1');
  expect(await cached.cached('GET', 'k')).toBe('1');
  await cached.call('SET', 'k', '2');
  await heard(cached);
  expect(await cached.cached('GET', 'k')).toBe('1');
  expect(cached.cache?.delete('k')).toBe(true);
  expect(cached.cache?.delete('k')).toBe(false);
  expect(await cached.cached('GET', 'k')).toBe('2');
});

describe('what tells entries apart', () => {
  it('D13: the bytes of a key', async () => {
    const keys = [
      Buffer.of(0xff),
      Buffer.of(0xfe),
      Buffer.from('é'),
      Buffer.from('é', 'latin1'),
      'é1',
      1,
      '1 ',
    ];
    for (const [i, key] of keys.entries()) await client.call('SET', key, i);
    await heard();
    for (const [i, key] of keys.entries()) expect(await client.cached('GET', key)).toBe(String(i));
    for (const [i, key] of keys.entries()) expect(await client.cached('GET', key)).toBe(String(i));
    expect(figures()).toMatchObject({ misses: keys.length, hits: keys.length });

    await client.call('SET', Buffer.of(0xff), 'new');
    await heard();
    expect(figures().entries).toBe(keys.length - 1);
    expect(await client.cached('GET', Buffer.of(0xff))).toBe('new');
    expect(await client.cached('GET', Buffer.of(0xfe))).toBe('1');
  });

  it('the command and all arguments', async () => {
    await client.call('HSET', 'h', 'a', '1', 'b', '2', 'a 1:b', '3', 'inf', '4', 'Infinity', '5');
    const reads: [unknown, ...(string | number)[]][] = [
      ['1', 'HGET', 'h', 'a'],
      ['2', 'HGET', 'h', 'b'],
      ['3', 'HGET', 'h', 'a 1:b'],
      [['1', '2'], 'HMGET', 'h', 'a', 'b'],
      [['3'], 'HMGET', 'h', 'a 1:b'],
      ['4', 'HGET', 'h', Number.POSITIVE_INFINITY],
      ['5', 'HGET', 'h', 'Infinity'],
      [5, 'HLEN', 'h'],
      [1, 'EXISTS', 'h'],
      ['hash', 'TYPE', 'h'],
    ];
    for (let round = 0; round < 2; round++) {
      for (const [reply, ...words] of reads) expect(await client.cached(words)).toEqual(reply);
    }
    expect(figures()).toMatchObject({ misses: reads.length, hits: reads.length, entries: reads.length });
    await server.command('HSET', 'h', 'a', '9');
    await heard();
    expect(figures()).toMatchObject({ invalidations: 1, entries: 0, bytes: 0 });
  });

  it('the form of the reply', async () => {
    await client.call('HSET', 'h', 'f', 'v');
    const bytes = client.with({ replies: 'bytes' });
    const objects = client.with({ maps: 'object' });
    for (let round = 0; round < 2; round++) {
      expect(await client.cached('HGETALL', 'h')).toEqual(new Map([['f', 'v']]));
      expect(await client.cached('hgetall', 'h')).toEqual(new Map([['f', 'v']]));
      expect(await bytes.cached('HGETALL', 'h')).toEqual([[Buffer.from('f'), Buffer.from('v')]]);
      expect(await objects.cached('HGETALL', 'h')).toEqual({ f: 'v' });
    }
    expect(figures()).toMatchObject({ misses: 3, hits: 5 });
  });

  it('nothing that a caller does to its bytes after the call', async () => {
    await client.call('MSET', 'k1', '1', 'k2', '2');
    const key = Buffer.from('k1');
    const read = client.cached('GET', key);
    key.write('k2');
    expect(await read).toBe('1');
    expect(await client.cached('GET', 'k1')).toBe('1');
    expect(await client.cached('GET', 'k2')).toBe('2');
  });
});

describe('D14: memory', () => {
  it('is bounded, and what is pushed out leaves no record behind', async () => {
    await using cached = cachingClient({ maxBytes: 4_000 });
    for (let i = 0; i < 1_000; i++) await cached.cached('GET', `k${i}`);
    const { entries, bytes, evictions } = figures(cached);
    expect(bytes).toBeLessThanOrEqual(4_000);
    expect(entries).toBeGreaterThan(2);
    expect(entries + evictions).toBe(1_000);
    // The least recently used are gone, the others are not.
    await cached.cached('GET', 'k999');
    await cached.cached('GET', 'k0');
    expect(figures(cached)).toMatchObject({ hits: 1, misses: 1_001 });
  });

  it('is not taken by a value that is larger than all of it', async () => {
    await using cached = cachingClient({ maxBytes: 10_000 });
    await server.command('SET', 'large', 'x'.repeat(20_000));
    await cached.cached('GET', 'small');
    expect(await cached.cached('GET', 'large')).toHaveLength(20_000);
    expect(await cached.cached('GET', 'large')).toHaveLength(20_000);
    expect(figures(cached)).toMatchObject({ misses: 3, entries: 1, evictions: 0 });
  });

  it('is not more than is said, in the engine’s own count', async () => {
    const printed = await runScript('cache-memory.ts', [server.host, String(server.port)], 60_000);
    const { filled, passing } = JSON.parse(printed) as MemoryUse;
    for (const { what, entries, said, used } of filled) {
      expect(entries, what).toBe(2_000);
      // The rest of the process has its ups and downs.
      expect(used / said, what).toBeLessThan(1.2);
    }
    // 20,000 records that were left behind would take up two megabytes.
    expect(passing.evictions).toBeGreaterThan(20_000);
    expect(passing.used).toBeLessThan(500_000);
  });
});

describe('concurrent reads', () => {
  it('share one request, and each gets a value of its own', async () => {
    await server.command('RPUSH', 'l', 'a', 'b');
    await using proxy = await startFaultProxy({ target: server });
    await using cached = cachingClient({}, { host: proxy.host, port: proxy.port });
    const lists = await Promise.all(
      Array.from({ length: 10 }, () => cached.cached<string[]>('LRANGE', 'l', 0, -1)),
    );
    expect(proxy.commands({ name: 'LRANGE' })).toHaveLength(1);
    expect(figures(cached)).toMatchObject({ misses: 1, shared: 9 });
    for (const list of lists) {
      expect(list).toEqual(['a', 'b']);
      list.push('mine');
    }
    for (let i = 0; i < 3; i++) {
      const list = await cached.cached<string[]>('LRANGE', 'l', 0, -1);
      expect(list).toEqual(['a', 'b']);
      list.push('mine');
    }
    expect(figures(cached).hits).toBe(3);
  });

  it('end each by its own signal and deadline', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using cached = cachingClient({}, { host: proxy.host, port: proxy.port });
    await server.command('SET', 'k', 'v');
    await cached.connect();
    proxy.set({ stalled: true }, 'toClient');
    const abort = new AbortController();
    const aborted = cached.with({ signal: abort.signal }).cached('GET', 'k');
    const late = cached.with({ timeoutMs: 20 }).cached('GET', 'k');
    const patient = cached.cached('GET', 'k');
    const sent = proxy.waitForCommand('EXEC', { forwarded: true });
    await sent;
    abort.abort(new Error('not wanted'));
    await expect(aborted).rejects.toMatchObject({
      code: 'ABORTED',
      phase: 'written',
      cause: { message: 'not wanted' },
    });
    await expect(late).rejects.toMatchObject({
      code: 'TIMEOUT',
      phase: 'written',
      message: expect.stringMatching(/^GET took longer than 20 ms/),
    });
    proxy.set({}, 'toClient');
    expect(await patient).toBe('v');
    expect(await cached.cached('GET', 'k')).toBe('v');
    expect(figures(cached)).toMatchObject({ misses: 1, shared: 2, hits: 1 });
  });

  it('leave nothing behind when all have given up', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using cached = cachingClient({}, { host: proxy.host, port: proxy.port });
    await server.command('SET', 'k', 'v');
    await cached.connect();
    proxy.set({ stalled: true }, 'toClient');
    const hasty = cached.with({ timeoutMs: 20 });
    const reads = [hasty.cached('GET', 'k'), hasty.cached('GET', 'k')];
    await expect(Promise.allSettled(reads)).resolves.toMatchObject([
      { reason: { code: 'TIMEOUT' } },
      { reason: { code: 'TIMEOUT' } },
    ]);
    expect(cached.metrics().pending).toBe(0);
    proxy.set({}, 'toClient');
    expect(await cached.cached('GET', 'k')).toBe('v');
    expect(figures(cached)).toMatchObject({ misses: 2, entries: 1 });
  });

  it('are as many as the client’s limit allows', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using cached = cachingClient({}, { host: proxy.host, port: proxy.port, limits: { commands: 10 } });
    await cached.connect();
    proxy.set({ stalled: true }, 'toClient');
    const reads = Promise.allSettled(Array.from({ length: 12 }, () => cached.cached('GET', 'k')));
    proxy.set({}, 'toClient');
    const full = (await reads).filter(({ status }) => status === 'rejected');
    expect(full).toMatchObject([{ reason: { code: 'QUEUE_FULL' } }, { reason: { code: 'QUEUE_FULL' } }]);
    expect(await cached.cached('GET', 'k')).toBe(null);
  });

  it('are one command to traces, and hits are none', async () => {
    const traces: Trace[] = [];
    const listen = (trace: unknown): unknown => traces.push(trace as Trace);
    const traced = tracingChannel<Trace, Trace>('redlane:command');
    traced.start.subscribe(listen);
    onTestFinished(() => void traced.start.unsubscribe(listen));
    await Promise.all([client.cached('GET', 'k'), client.cached('GET', 'k')]);
    await client.cached('GET', 'k');
    expect(traces).toMatchObject([{ attributes: { 'db.operation.name': 'GET' } }]);
  });

  it('are refused with an aborted signal, also where the value is at hand', async () => {
    await client.cached('GET', 'k');
    const view = client.with({ signal: AbortSignal.abort() });
    await expect(view.cached('GET', 'k')).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('time to live', () => {
  const now = performance.now.bind(performance);

  /** From now on it is so much later, for whoever looks at the time. */
  function later(ms: number): void {
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
    onTestFinished(() => clock.mockRestore());
  }

  it.each([
    ['the key’s own', {}, ['PX', '60000']],
    ['ttlMs', { ttlMs: 60_000 }, []],
    ['the key’s own below ttlMs', { ttlMs: 120_000 }, ['PX', '60000']],
    ['ttlMs below the key’s own', { ttlMs: 60_000 }, ['PX', '120000']],
  ])('is %s', async (_what, options, ttl) => {
    await using cached = cachingClient(options);
    await server.command('SET', 'k', 'v', ...ttl);
    await cached.cached('GET', 'k');
    later(50_000);
    expect(await cached.cached('GET', 'k')).toBe('v');
    expect(figures(cached)).toMatchObject({ misses: 1, hits: 1 });
    later(60_000);
    expect(await cached.cached('GET', 'k')).toBe('v');
    expect(figures(cached)).toMatchObject({ misses: 2, hits: 1 });
  });

  it('ends here when the server says nothing', async () => {
    await server.command('DEBUG', 'SET-ACTIVE-EXPIRE', '0');
    onTestFinished(async () => void (await server.command('DEBUG', 'SET-ACTIVE-EXPIRE', '1')));
    await server.command('SET', 'k', 'v', 'PX', '100');
    expect(await client.cached('GET', 'k')).toBe('v');
    await expect.poll(() => client.cached('GET', 'k')).toBe(null);
  });
});

describe('refusals', () => {
  it.each([
    ['SET', 'k', 'v'],
    ['MGET', 'a', 'b'],
    ['EXISTS', 'a', 'b'],
    ['PTTL', 'k'],
    ['SRANDMEMBER', 's'],
    ['SCAN', '0'],
    ['GET'],
    ['BLPOP', 'l', '0'],
  ])('%s', async (...words) => {
    await expect(client.cached(words)).rejects.toMatchObject({
      code: 'COMMAND_REFUSED',
      command: words[0],
      message: expect.stringContaining('one key'),
    });
  });

  it('of a client without a cache say what to do', async () => {
    await using plain = new RedisClient({ host: server.host, port: server.port });
    await expect(plain.cached('GET', 'k')).rejects.toMatchObject({
      code: 'COMMAND_REFUSED',
      message: expect.stringContaining('clientCache'),
    });
    expect(plain.cache).toBeUndefined();
    expect(plain.metrics().cache).toBeUndefined();
  });

  it('of arguments that cannot be sent', async () => {
    const wrong = undefined as unknown as string;
    await expect(client.cached('GET', wrong)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(client.cached('GET', Number.NaN)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      index: 1,
    });
    expect(() => client.cache?.delete(wrong)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('of options that do not go together', () => {
    const setup = clientCache();
    expect(() => new RedisClient({ clientCache: { maxBytes: 5 } as never })).toThrow(
      /clientCache must be made by/,
    );
    const writeCommand = (): Uint8Array => new Uint8Array();
    expect(() => new RedisClient({ clientCache: setup, writeCommand })).toThrow(
      /excludes Reader and writeCommand/,
    );
  });

  it('do not come from one setup for two clients: each has its own cache', async () => {
    const setup = clientCache();
    await using one = cachingClient({}, { clientCache: setup });
    await using two = cachingClient({}, { clientCache: setup });
    await one.cached('GET', 'k');
    expect([one.cache?.size, two.cache?.size]).toEqual([1, 0]);
    one.cache?.clear();
    expect(one.cache?.size).toBe(0);
  });
});

describe('errors', () => {
  it('of the read reach everybody and are not kept', async () => {
    await server.command('RPUSH', 'l', 'a');
    const reads = await Promise.allSettled([client.cached('GET', 'l'), client.cached('GET', 'l')]);
    expect(reads).toMatchObject([
      { reason: { code: 'WRONGTYPE', command: 'GET' } },
      { reason: { code: 'WRONGTYPE', command: 'GET' } },
    ]);
    await server.command('DEL', 'l');
    await server.command('SET', 'l', 'v');
    expect(await client.cached('GET', 'l')).toBe('v');
  });

  it('of a connection that is lost lead to another read, or to the error, by the client’s policy', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await server.command('SET', 'k', 'v');
    const address = { host: proxy.host, port: proxy.port };
    await using again = cachingClient({}, address);
    await using never = cachingClient({}, { ...address, retry: 'never' });
    await Promise.all([again.connect(), never.connect()]);
    proxy.set({ stalled: true }, 'toClient');
    const outcomes = Promise.allSettled([again.cached('GET', 'k'), never.cached('GET', 'k')]);
    await expect.poll(() => proxy.commands({ name: 'EXEC' })).toHaveLength(2);
    proxy.cut('RST');
    await proxy.restore();
    expect(await outcomes).toMatchObject([
      { value: 'v' },
      { reason: { code: 'CONNECTION_LOST', message: expect.stringContaining('while GET was') } },
    ]);
  });

  it('of a closed client', async () => {
    await client.cached('GET', 'k');
    await client.close();
    await expect(client.cached('GET', 'k')).rejects.toMatchObject({ code: 'CLOSED' });
    expect(client.cache?.size).toBe(0);
  });
});

describe('a server that does not report changes', () => {
  function warnings(): (Error & { code?: string })[] {
    const heard: Error[] = [];
    const listen = (warning: Error): unknown => heard.push(warning);
    process.on('warning', listen);
    onTestFinished(() => void process.off('warning', listen));
    return heard;
  }

  it('is read as ever, in RESP2', async () => {
    const said = warnings();
    await using cached = cachingClient({}, { protocol: 2 });
    await server.command('SET', 'k', '1');
    expect(await cached.cached('GET', 'k')).toBe('1');
    await server.command('SET', 'k', '2');
    expect(await cached.cached('GET', 'k')).toBe('2');
    expect(figures(cached)).toMatchObject({ tracking: 'off', entries: 0, misses: 1, untracked: 1 });
    await expect.poll(() => said).toMatchObject([{ code: 'REDLANE_CACHE_OFF' }]);
  });

  it.each([
    ['TRACKING', '-client|tracking'],
    ['CACHING', '-client|caching'],
    ['MULTI', '-multi'],
    ['PTTL', '-pttl'],
  ])('is read as ever when the user may not use %s', async (_name, rule) => {
    const said = warnings();
    await server.command('ACL', 'SETUSER', 'reader', 'reset', 'on', '>secret', '~*', '&*', '+@all', rule);
    onTestFinished(async () => void (await server.command('ACL', 'DELUSER', 'reader')));
    await using cached = cachingClient({}, { username: 'reader', password: 'secret' });
    for (const value of ['1', '2', '3']) {
      await server.command('SET', 'k', value);
      expect(await cached.cached('GET', 'k')).toBe(value);
    }
    expect(figures(cached)).toMatchObject({ tracking: 'off', entries: 0, untracked: 2 });
    await expect.poll(() => said).toMatchObject([{ code: 'REDLANE_CACHE_OFF' }]);
  });
});

it('goes on for others when the user may not read one key', async () => {
  const rules = ['reset', 'on', '>secret', '~k*', '&*', '+@all', '-hgetall'];
  await server.command('ACL', 'SETUSER', 'reader', ...rules);
  onTestFinished(async () => void (await server.command('ACL', 'DELUSER', 'reader')));
  await using cached = cachingClient({}, { username: 'reader', password: 'secret' });
  await expect(cached.cached('GET', 'other')).rejects.toMatchObject({ code: 'NOPERM', command: 'GET' });
  await expect(cached.cached('HGETALL', 'k')).rejects.toMatchObject({ code: 'NOPERM', command: 'HGETALL' });
  await cached.cached('GET', 'k');
  await cached.cached('GET', 'k');
  expect(figures(cached)).toMatchObject({ tracking: 'on', hits: 1, entries: 1 });
});

it('lets the program hear of a change though it does nothing but read', async () => {
  await server.command('SET', 'k', '1');
  expect(await client.cached('GET', 'k')).toBe('1');
  const written = server.command('SET', 'k', '2');
  const loop = async (): Promise<unknown> => {
    for (;;) {
      const value = await client.cached('GET', 'k');
      if (value !== '1') return value;
    }
  };
  expect(await Promise.all(Array.from({ length: 50 }, loop))).toEqual(Array.from({ length: 50 }, () => '2'));
  await written;
});

it('shows callbacks the keys as text', async () => {
  const keys: unknown[] = [];
  using _ = client.registerPushCallback('invalidate', ({ data }) => keys.push(data[0]));
  await client.cached('GET', 'ключ');
  await server.command('SET', 'ключ', '1');
  await heard();
  await server.command('FLUSHALL');
  await heard();
  expect(keys).toEqual([['ключ'], null]);
});

it('leaves no timer behind', async () => {
  await client.connect();
  const timers = (): string[] => process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
  const before = timers().length;
  for (let i = 0; i < 10; i++) await client.cached('GET', `k${i}`);
  expect(timers().length).toBeLessThanOrEqual(before);
});
