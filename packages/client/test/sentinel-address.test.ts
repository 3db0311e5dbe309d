import { type RedisServer, startFaultProxy, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ConnectError, RedisClient } from '../src/index.js';

let first: RedisServer;
let second: RedisServer;

beforeAll(async () => {
  [first, second] = await Promise.all([startServer(), startServer()]);
});
afterAll(async () => {
  await Promise.all([first?.stop(), second?.stop()]);
});

const soon = { minDelayMs: 1, maxDelayMs: 5 };

/** Why the first attempt to connect has failed. */
async function failureOf(client: RedisClient): Promise<ConnectError> {
  client.connect().catch(() => undefined);
  const { cause } = await client.status.until('down');
  return cause as ConnectError;
}

describe('address()', () => {
  it('is asked before every connect, of the shared connection and of pooled ones', async () => {
    await using proxy = await startFaultProxy({ target: first });
    const address = vi.fn(async () => ({ host: proxy.host, port: proxy.port }));
    await using client = new RedisClient({ address, reconnect: soon });
    expect(address).not.toHaveBeenCalled();
    await client.call('SET', 'who', 'proxied');
    expect(address).toHaveBeenCalledTimes(1);
    expect([client.host, client.port]).toEqual([proxy.host, proxy.port]);
    await Promise.all([
      client.withConnection((session) => session.call('PING')),
      client.withConnection((session) => session.call('PING')),
    ]);
    expect(address).toHaveBeenCalledTimes(3);
    proxy.cut('RST');
    await client.call('PING');
    expect(address).toHaveBeenCalledTimes(4);
    expect(await first.command('GET', 'who')).toBe('proxied');
  });

  it('leads to another server when it gives another one', async () => {
    await using proxy = await startFaultProxy({ target: first });
    let at: { host: string; port: number } = proxy;
    await using client = new RedisClient({ address: () => at, reconnect: soon });
    await client.call('PING');
    at = second;
    const down = client.status.until('down');
    proxy.cut('FIN');
    await down;
    await client.call('SET', 'moved', '1');
    expect(await second.command('GET', 'moved')).toBe('1');
    expect(client.port).toBe(second.port);
  });

  it.each([
    ['throws', () => raise(new Error('no DNS'))],
    ['rejects', () => Promise.reject(new Error('no DNS'))],
  ])('that %s is a failed connect, and is tried again', async (_, fail) => {
    const address = vi.fn(() => (address.mock.calls.length < 4 ? fail() : first));
    await using client = new RedisClient({ address, reconnect: soon });
    const error = await failureOf(client);
    expect(error).toMatchObject({
      code: 'CONNECT_FAILED',
      message: 'cannot connect to the server that address() names: address() failed: no DNS',
      retryable: true,
      cause: { message: 'no DNS' },
    });
    expect(await client.call('PING')).toBe('PONG');
    expect(address).toHaveBeenCalledTimes(4);
  });

  it('that never answers is given up after connectTimeoutMs, and told so', async () => {
    const signals: AbortSignal[] = [];
    const address = (signal: AbortSignal): Promise<never> => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    await using client = new RedisClient({ address, connectTimeoutMs: 20, reconnect: soon });
    const error = await failureOf(client);
    expect(error).toMatchObject({
      code: 'CONNECT_TIMEOUT',
      message: 'cannot connect to the server that address() names: it took longer than 20 ms',
    });
    expect(signals[0]?.aborted).toBe(true);
    await expect.poll(() => signals.length).toBeGreaterThan(1);
  });

  it('does not hold up the end of the client', async () => {
    const signals: AbortSignal[] = [];
    const client = new RedisClient({
      address: (signal) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    });
    const calls = Promise.allSettled([
      client.call('PING'),
      client.withConnection((session) => session.call('PING')),
    ]);
    await expect.poll(() => signals.length).toBe(2);
    client.destroy();
    expect(await calls).toMatchObject([
      { reason: { maybeExecuted: false } },
      { reason: { maybeExecuted: false } },
    ]);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  it.each([
    undefined,
    null,
    'localhost:6379',
    {},
    { host: 'h' },
    { host: '', port: 1 },
    { host: 'h', port: '1' },
  ])('that gives %j is a failed connect', async (given) => {
    await using client = new RedisClient({ address: () => given as never, reconnect: soon });
    const error = await failureOf(client);
    expect(error).toMatchObject({ code: 'CONNECT_FAILED', retryable: false });
    expect(error.message).toContain('address() must give { host, port }');
    await expect(client.withConnection(() => undefined)).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
  });
});

function raise(error: Error): never {
  throw error;
}
