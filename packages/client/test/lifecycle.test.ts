import { startFaultProxy } from '@redlane/redis-server';
import { describe, expect, it } from 'vitest';
import { checkReconnects } from './support/growth.js';
import { runScript } from './support/run-script.js';
import { clientOf, testServer, untilBlocked } from './support/test-server.js';

const server = await testServer();

describe('the end of a client', () => {
  it.each(['close', 'destroy'] as const)('%s() settles everything that is pending', async (end) => {
    await using proxy = await startFaultProxy({ target: server });
    const client = clientOf(proxy, {
      timeoutMs: 0,
      limits: { commands: 3, policy: 'wait' },
      pool: { maxConnections: 2 },
    });
    const { signal } = new AbortController();
    await client.connect();
    proxy.set({ stalled: true }, 'toClient');
    const blocked = proxy.waitForCommand('BLPOP');
    const held = client.withConnection(() => new Promise(() => undefined), { timeoutMs: 0 });
    const pending = Promise.allSettled([
      client.call('INCR', 'written'),
      client.with({ signal }).call('INCR', 'written'),
      client.pipeline([
        ['INCR', 'written'],
        ['GET', 'written'],
      ]),
      client.call('INCR', 'waits for room'),
      client.with({ signal }).transaction([['INCR', 'waits for room']]),
      client.withConnection((session) => session.call('PING'), { timeoutMs: 0 }),
      client.withConnection((session) => session.call('PING'), { timeoutMs: 0 }),
      client.withConnection((session) => session.call('PING'), { timeoutMs: 0 }),
      client.call('BLPOP', 'list', 0),
    ]);
    held.catch(() => undefined);
    blocked.catch(() => undefined);
    await expect.poll(() => client.metrics().inFlight).toBe(3);
    if (end === 'close') await client.close({ deadlineMs: 20 });
    else client.destroy();
    for (const outcome of await pending) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: expect.stringMatching(/CLOSED/), maybeExecuted: expect.any(Boolean) },
      });
    }
    expect(client.metrics()).toMatchObject({ state: 'closed', pending: 0, pendingBytes: 0, queued: 0 });
    await proxy.restore();
    await expect.poll(() => proxy.connections.length).toBe(0);
  });

  it('close() lets what waits for a connection be executed, and what is blocked end', async () => {
    await using proxy = await startFaultProxy({ target: server });
    const client = clientOf(proxy);
    const written = client.call('INCR', 'n');
    const popped = client.call('BLPOP', 'list', 0);
    await untilBlocked(server);
    const closed = client.close();
    await server.command('RPUSH', 'list', 'x');
    await closed;
    expect(await Promise.all([written, popped])).toEqual([1, ['list', 'x']]);
  });

  it('close() can be called again, and after destroy()', async () => {
    const client = clientOf(server);
    await client.call('PING');
    await Promise.all([client.close(), client.close()]);
    client.destroy();
    await client.close();
    await expect(client.call('BLPOP', 'list', 0)).rejects.toMatchObject({
      code: 'CLOSED',
      maybeExecuted: false,
    });
    await expect(client.connect()).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('comes by itself after giveUpAfterMs without a connection', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await proxy.refuse('CLOSED');
    const client = clientOf(proxy, { reconnect: { minDelayMs: 1, maxDelayMs: 2, giveUpAfterMs: 30 } });
    const closed = { code: 'CLOSED', maybeExecuted: false, cause: { code: 'CONNECT_FAILED' } };
    await expect(client.call('INCR', 'n')).rejects.toMatchObject(closed);
    await expect(client.call('INCR', 'n')).rejects.toMatchObject(closed);
    await expect(client.connect()).rejects.toMatchObject(closed);
    await expect(client.withConnection(() => undefined)).rejects.toMatchObject(closed);
    await expect(client.subscribe('c', () => undefined)).rejects.toMatchObject(closed);
    expect(client.status.current).toMatchObject({ state: 'closed', cause: { code: 'CONNECT_FAILED' } });
    await client.close();
  });
});

it('what was destroyed in the midst of things keeps no timer and no socket', async () => {
  const printed = await runScript('closed.ts', [server.host, String(server.port)]);
  const { before, left } = JSON.parse(printed) as Record<'before' | 'left', string[]>;
  expect(left).toEqual(before);
});

it('a process can end with clients open, when they are not to keep it', async () => {
  expect(await runScript('unref.ts', [server.host, String(server.port)])).toBe('done');
});

it('reconnects leave nothing behind', async () => {
  await checkReconnects(server, 60);
});
