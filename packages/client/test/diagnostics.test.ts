import { AsyncLocalStorage } from 'node:async_hooks';
import { channel, type TracingChannelSubscribers, tracingChannel } from 'node:diagnostics_channel';
import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GapReport, PoolEvent, Reconnect, StateChange, Trace } from '../src/diagnostics.js';
import { RedisClient } from '../src/index.js';

const SECRET = 'hunter2';

let server: RedisServer;
let client: RedisClient;
const ends: (() => void)[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
});
beforeEach(() => {
  client = new RedisClient({
    host: server.host,
    port: server.port,
    db: 3,
    reconnect: { minDelayMs: 1, maxDelayMs: 5 },
  });
});
afterEach(async () => {
  for (const end of ends.splice(0)) end();
  await client.close();
});

type Event = readonly [event: string, trace: Trace];

/** All that a tracing channel says from now on, each with a copy of the trace as it was. */
function listen(name: string): { readonly events: Event[]; readonly traces: Set<Trace> } {
  const events: Event[] = [];
  const traces = new Set<Trace>();
  const on = (event: string) => (trace: unknown) => {
    traces.add(trace as Trace);
    events.push([event, structuredClone(trace as Trace)]);
  };
  const subscribers = Object.fromEntries(
    ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((event) => [event, on(event)]),
  ) as unknown as TracingChannelSubscribers<object>;
  tracingChannel(name).subscribe(subscribers);
  ends.push(() => tracingChannel(name).unsubscribe(subscribers));
  return { events, traces };
}

function messages<T>(name: string): T[] {
  const got: T[] = [];
  const take = (message: unknown): void => void got.push(message as T);
  channel(name).subscribe(take);
  ends.push(() => channel(name).unsubscribe(take));
  return got;
}

function expected(operation: string): object {
  return {
    'db.system.name': 'redis',
    'db.namespace': '3',
    'db.operation.name': operation,
    'server.address': server.host,
    'server.port': server.port,
  };
}

describe('redlane:command', () => {
  it('has one trace from the call to the reply, without arguments and reply', async () => {
    const { events, traces } = listen('redlane:command');
    const reply = client.call('set', 'key', SECRET);
    expect(events.map(([event]) => event)).toEqual(['start', 'end']);
    await reply;
    expect(events).toEqual(
      ['start', 'end', 'asyncStart', 'asyncEnd'].map((event) => [event, { attributes: expected('SET') }]),
    );
    expect(traces.size).toBe(1);
  });

  it("has the server's code of an error, and nothing that its text may quote", async () => {
    await client.call('SET', 'text', 'x');
    const { events } = listen('redlane:command');
    await expect(client.call('LPUSH', 'text', SECRET)).rejects.toMatchObject({ code: 'WRONGTYPE' });
    await expect(client.call('AUTHX', SECRET)).rejects.toThrow(SECRET);
    expect(events.map(([event]) => event)).toEqual([
      ...['start', 'end', 'error', 'asyncStart', 'asyncEnd'],
      ...['start', 'end', 'error', 'asyncStart', 'asyncEnd'],
    ]);
    expect(events[2]?.[1]).toEqual({
      attributes: {
        ...expected('LPUSH'),
        'db.response.status_code': 'WRONGTYPE',
        'error.type': 'WRONGTYPE',
      },
      error: { name: 'ReplyError', code: 'WRONGTYPE', message: 'LPUSH was answered by WRONGTYPE' },
    });
    expect(JSON.stringify(events)).not.toContain(SECRET);
  });

  it('has the code of an error of the client, which is no response', async () => {
    const { events } = listen('redlane:command');
    const late = client.with({ timeoutMs: 1, signal: AbortSignal.abort() }).call('GET', 'k');
    await expect(late).rejects.toMatchObject({ code: 'ABORTED' });
    expect(events.find(([event]) => event === 'error')?.[1]).toMatchObject({
      attributes: { 'error.type': 'ABORTED' },
      error: { name: 'AbortError', code: 'ABORTED' },
    });
    expect(events[0]?.[1].attributes).not.toHaveProperty('db.response.status_code');
  });

  it('carries what a subscriber has bound into the call, and leaves the caller his own', async () => {
    const spans = new AsyncLocalStorage<string>();
    const { start } = tracingChannel<string, Trace>('redlane:command');
    start.bindStore(spans, ({ attributes }) => `span of ${attributes['db.operation.name']}`);
    ends.push(() => start.unbindStore(spans));
    await spans.run('mine', async () => {
      const reply = client.call('PING');
      expect(spans.getStore()).toBe('mine');
      await reply;
      expect(spans.getStore()).toBe('mine');
    });
  });

  it('tells of blocking commands and exclusive connections, too', async () => {
    const { events } = listen('redlane:command');
    await client.call('BLPOP', 'none', 0.01);
    await client.withConnection((session) => session.call('SELECT', 1));
    const names = events
      .filter(([event]) => event === 'asyncEnd')
      .map(([, trace]) => trace.attributes['db.operation.name']);
    expect(names).toEqual(['BLPOP', 'SELECT']);
  });

  it('says nothing to those who have unsubscribed', async () => {
    const { events } = listen('redlane:command');
    for (const end of ends.splice(0)) end();
    await client.call('PING');
    expect(events).toEqual([]);
  });
});

describe('redlane:batch', () => {
  it('names the commands when they are of one kind, and counts them', async () => {
    const { events } = listen('redlane:batch');
    await client.pipeline([
      ['SET', 'a', SECRET],
      ['set', 'b', 2],
    ]);
    await client.transaction([['GET', 'a'], ['INCR', 'b'], ['PING']]);
    await client.pipeline([['PING']]);
    await client.pipeline([]);
    const seen = events.filter(([event]) => event === 'asyncEnd').map(([, { attributes }]) => attributes);
    expect(seen).toEqual([
      { ...expected('PIPELINE SET'), 'db.operation.batch.size': 2 },
      { ...expected('MULTI'), 'db.operation.batch.size': 3 },
      expected('PIPELINE PING'),
    ]);
    expect(JSON.stringify(events)).not.toContain(SECRET);
  });

  it('has the error of a transaction that was turned down', async () => {
    const { events } = listen('redlane:batch');
    await expect(client.transaction([['NOSUCH', SECRET]])).rejects.toMatchObject({ code: 'EXECABORT' });
    expect(events[2]).toMatchObject(['error', { attributes: { 'db.response.status_code': 'EXECABORT' } }]);
    expect(JSON.stringify(events)).not.toContain(SECRET);
  });
});

describe('redlane:connect', () => {
  it('tells of dial and greeting, with the address', async () => {
    const { events } = listen('redlane:connect');
    await client.connect();
    const attributes = {
      'db.system.name': 'redis',
      'db.namespace': '3',
      'server.address': server.host,
      'server.port': server.port,
    };
    expect(events).toEqual(
      ['start', 'end', 'asyncStart', 'asyncEnd'].map((event) => [event, { attributes }]),
    );
  });

  it('tells why there is none, without the password', async () => {
    const { events } = listen('redlane:connect');
    await using wrong = new RedisClient({
      host: server.host,
      port: server.port,
      username: 'nobody',
      password: SECRET,
      reconnect: { minDelayMs: 60_000, maxDelayMs: 60_000 },
    });
    wrong.call('PING').catch(() => undefined);
    await expect.poll(() => events.map(([event]) => event)).toContain('error');
    wrong.destroy();
    expect(events[2]?.[1]).toMatchObject({
      attributes: { 'error.type': 'AUTH_FAILED' },
      error: { code: 'AUTH_FAILED' },
    });
    expect(JSON.stringify(events)).not.toContain(SECRET);
  });

  it('has no port for a unix socket', async () => {
    const { events } = listen('redlane:connect');
    await using local = new RedisClient({ path: server.socketPath });
    await local.call('PING');
    expect(events[0]?.[1].attributes).toEqual({
      'db.system.name': 'redis',
      'db.namespace': '0',
      'server.address': server.socketPath,
    });
  });
});

describe('plain channels', () => {
  it('tell of states and reconnects', async () => {
    const states = messages<StateChange>('redlane:state');
    const reconnects = messages<Reconnect>('redlane:reconnect');
    const id = await client.call<number>('CLIENT', 'ID');
    expect(reconnects).toEqual([]);
    await server.command('CLIENT', 'KILL', 'ID', String(id));
    await client.status.until('down');
    await client.status.until('ready');
    await client.close();
    expect(states.map(({ state }) => state.state)).toEqual([
      ...['connecting', 'ready', 'down', 'connecting', 'ready', 'closed'],
    ]);
    expect(states[0]?.server).toEqual({
      host: server.host,
      port: server.port,
      path: undefined,
      db: 3,
    });
    expect(reconnects).toEqual([
      {
        server: states[0]?.server,
        attempts: 1,
        downMs: expect.any(Number),
        cause: expect.any(Error),
      },
    ]);
  });

  it('tell of gaps, with the topic', async () => {
    const gaps = messages<GapReport>('redlane:gap');
    await client.subscribe('news', () => undefined);
    const id = await client.call<number>('CLIENT', 'ID');
    await server.command('CLIENT', 'KILL', 'ID', String(id));
    await expect.poll(() => gaps).toHaveLength(1);
    expect(gaps[0]).toMatchObject({
      server: { host: server.host, port: server.port, db: 3 },
      gap: { topic: { channel: 'news' }, reason: 'connection' },
    });
  });

  it('tell of a leak', async () => {
    const events = messages<PoolEvent>('redlane:pool');
    const reports: unknown[] = [];
    await using leaky = new RedisClient({
      host: server.host,
      port: server.port,
      pool: { leakReportMs: 1, onLeak: (report) => reports.push(report) },
    });
    await leaky.withConnection(async () => {
      await expect.poll(() => reports).toHaveLength(1);
    });
    expect(events).toContainEqual({ event: 'leak', heldMs: expect.any(Number) });
  });

  it('tell of a pool', async () => {
    const events = messages<PoolEvent>('redlane:pool');
    await using small = new RedisClient({
      host: server.host,
      port: server.port,
      pool: { maxConnections: 1 },
    });
    await small.withConnection(async () => {
      await expect(small.connectionPool.waitForConnection({ timeoutMs: 5 })).rejects.toMatchObject({
        code: 'POOL_TIMEOUT',
      });
    });
    await small.close();
    await using unreachable = new RedisClient({ host: server.host, port: 1 });
    await expect(unreachable.connectionPool.waitForConnection({ timeoutMs: 5 })).rejects.toThrow();
    expect(events.slice(0, 4)).toMatchObject([
      { event: 'opened' },
      { event: 'timeout', timeoutMs: 5 },
      { event: 'closed', reason: 'destroy' },
      { event: 'dial-failed', cause: { code: 'CONNECT_FAILED' } },
    ]);
  });
});
