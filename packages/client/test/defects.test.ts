import { type ServerOptions, startFaultProxy, startServer } from '@redlane/redis-server';
import type { RespPush } from '@redlane/resp3-core';
import { describe, expect, it } from 'vitest';
import type { QueueFullError } from '../src/index.js';
import { FakeServer } from './support/fake-server.js';
import { clientOf, testServer } from './support/test-server.js';

// Measured defects of other clients, each by the number under which it is known to us.

const server = await testServer();

function replyWith(key: string | undefined): string {
  return `+v:${key}\r\n`;
}

describe('replies reach who asked for them', () => {
  it('D1: with an attribute before one of them', async () => {
    await using fake = await FakeServer.start(([name, key]) => {
      if (name !== 'GET') return undefined;
      const attribute = key === 'attr' ? '|1\r\n+key-popularity\r\n*2\r\n+a\r\n,0.5\r\n' : '';
      return attribute + replyWith(key);
    });
    await using client = clientOf(fake);
    const keys = ['k0', 'attr', 'k1', 'k2'];
    const replies = await Promise.all(keys.map((key) => client.call('GET', key)));
    expect(replies).toEqual(['v:k0', 'v:attr', 'v:k1', 'v:k2']);
    expect(await client.call('GET', 'k3')).toBe('v:k3');
    expect(fake.connections).toBe(1);
  });

  it('D2: with a push inside of the reply to EXEC', async () => {
    await using client = clientOf(server);
    const messages: RespPush[] = [];
    using _ = client.registerPushCallback('message', (push) => messages.push(push));
    const connection = await client.sendCommand(['SUBSCRIBE', 'a']);
    await client.receive(connection, true);
    await Promise.all(
      [
        ['MULTI'],
        ['PING', '1'],
        ['PUBLISH', 'a', 'x'],
        ['PING', '2'],
        ['EXEC'],
        ['SET', 'k1', 'v1'],
        ['GET', 'k1'],
      ].map((args) => client.sendCommand(args, { connection })),
    );
    const replies = [];
    for (let i = 0; i < 7; i++) replies.push(await client.receive(connection));
    expect(replies).toEqual(['OK', 'QUEUED', 'QUEUED', 'QUEUED', ['1', 1, '2'], 'OK', 'v1']);
    expect(messages.map(({ data }) => data)).toEqual([['a', 'x']]);
    client.connectionPool.putConnection(connection);
  });

  it('D3: when a push callback throws in the middle of a packet', async () => {
    const message = (text: string): string => `>3\r\n+message\r\n+news\r\n+${text}\r\n`;
    await using fake = await FakeServer.start(([name, key]) => {
      if (name !== 'GET') return undefined;
      return key === 'k1'
        ? message('m1') + message('m2') + replyWith(key) + message('m3') + message('m4')
        : replyWith(key);
    });
    await using client = clientOf(fake);
    const heard: unknown[] = [];
    using _ = client.registerPushCallback('message', ({ data }) => {
      heard.push(data[1]);
      if (data[1] === 'm2') throw new Error('this listener is broken');
    });
    const warning = new Promise((resolve) => process.once('warning', resolve));
    const replies = await Promise.all(['k1', 'k2', 'k3'].map((key) => client.call('GET', key)));
    expect(replies).toEqual(['v:k1', 'v:k2', 'v:k3']);
    expect(heard).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(await warning).toMatchObject({ message: 'this listener is broken' });
    expect(fake.connections).toBe(1);
  });

  it('D4: or nobody, when one is nested too deeply', async () => {
    await using fake = await FakeServer.start(([name, key], { number }) => {
      if (name === 'GET' && key === 'deep' && number === 1)
        return `${'*1\r\n'.repeat(50_000)}+x\r\n${replyWith('deep')}`;
      return name === 'GET' ? replyWith(key) : undefined;
    });
    await using client = clientOf(fake, { retry: 'never' });
    const outcomes = await Promise.allSettled(['k1', 'deep', 'k2'].map((key) => client.call('GET', key)));
    expect(outcomes[0]).toMatchObject({ status: 'fulfilled', value: 'v:k1' });
    for (const outcome of outcomes.slice(1)) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: {
          code: 'CONNECTION_LOST',
          maybeExecuted: true,
          phase: 'written',
          cause: expect.objectContaining({ name: 'ProtocolError' }),
        },
      });
    }
    expect(await client.call('GET', 'k3')).toBe('v:k3');
    expect(fake.connections).toBe(2);
  });

  it.each(['timeout', 'abort'])('D9: when a caller has given up after the write, by %s', async (way) => {
    await using proxy = await startFaultProxy({ target: server });
    await using client = clientOf(proxy);
    await server.command('SET', 'k1', 'v1');
    await client.connect();
    proxy.set({ stalled: true }, 'toClient');
    const written = proxy.waitForCommand('INCR', { forwarded: true });
    const controller = new AbortController();
    const view = client.with(way === 'timeout' ? { timeoutMs: 30 } : { signal: controller.signal });
    const given = expect(view.call('INCR', 'n')).rejects.toMatchObject({
      code: way === 'timeout' ? 'TIMEOUT' : 'ABORTED',
      phase: 'written',
      maybeExecuted: true,
    });
    await written;
    if (way === 'abort') controller.abort();
    await given;
    const later = client.call('GET', 'k1');
    proxy.set({}, 'toClient');
    expect(await later).toBe('v1');
    expect(await client.call('INCR', 'n')).toBe(2);
    expect(proxy.connections).toHaveLength(1);
  });

  it('D11: as exact integers', async () => {
    await using client = clientOf(server);
    await client.call('SET', 'n', '9007199254740990');
    expect(await client.call('INCR', 'n')).toBe(9007199254740991);
    expect(await client.call('INCRBY', 'n', 2)).toBe(9007199254740993n);
    expect(await client.call('INCRBY', 'n', -2)).toBe(9007199254740991);
  });
});

describe('connections come and go', () => {
  it('D10: a write whose reply was cut off is not sent twice', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using client = clientOf(proxy);
    await client.connect();
    const executed = proxy.waitForCommand('INCR', { forwarded: true });
    proxy.set({ cutAfter: { bytes: 0, by: 'RST' } }, 'toClient');
    const outcome = expect(client.call('INCR', 'n')).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      phase: 'written',
      maybeExecuted: true,
    });
    await executed;
    await outcome;
    await proxy.restore();
    expect(await client.call('GET', 'n')).toBe('1');
    expect(await server.command('GET', 'n')).toBe('1');
  });

  it('D15: what a borrower selected does not hold for the next', async () => {
    await using client = clientOf(server, { pool: { maxConnections: 1 } });
    await client.withConnection(async (session) => {
      await session.call('SELECT', 5);
      await session.call('SET', 'where', 'db 5');
    });
    await client.withConnection(async (session) => {
      expect(await session.call('GET', 'where')).toBeNull();
      expect(String(await session.call('CLIENT', 'INFO'))).toContain(' db=0 ');
    });
    expect(client.metrics().pool.created).toBe(1);
  });

  it('D16: a connection that was killed in the pool is replaced', async () => {
    await using client = clientOf(server, { pool: { maxConnections: 1, checkIdleAfterMs: 0 } });
    const first = await client.withConnection((session) => session.call('CLIENT', 'ID'));
    await server.command('CLIENT', 'KILL', 'ID', String(first));
    const second = await client.withConnection((session) => session.call('CLIENT', 'ID'));
    expect(second).not.toBe(first);
    await expect(
      client.withConnection((session) =>
        session
          .call('CLIENT', 'KILL', 'ID', session.connection.id ?? 0, 'SKIPME', 'no')
          .then(() => session.call('PING')),
      ),
    ).rejects.toMatchObject({ code: expect.stringMatching(/CONNECTION_LOST|CLOSED/) });
    expect(await client.withConnection((session) => session.call('PING'))).toBe('PONG');
  });

  it.each(['close', 'destroy'] as const)('D17: %s() ends a client that is reconnecting', async (end) => {
    await using proxy = await startFaultProxy({ target: server });
    const client = clientOf(proxy, { reconnect: { minDelayMs: 60_000, maxDelayMs: 60_000 } });
    await client.connect();
    await proxy.refuse('CLOSED');
    proxy.cut('RST');
    // The second failed attempt is followed by a long pause.
    for await (const state of client.status) if (state.state === 'down' && state.retryInMs > 0) break;
    const pending = Promise.allSettled([client.call('GET', 'a'), client.call('INCR', 'n')]);
    if (end === 'close') await client.close({ deadlineMs: 1 });
    else client.destroy();
    for (const outcome of await pending) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'CLOSED', maybeExecuted: false, phase: 'queued' },
      });
    }
    expect(client.status.current.state).toBe('closed');
    await expect(client.call('PING')).rejects.toMatchObject({ code: 'CLOSED' });
    expect(client.metrics()).toMatchObject({ pending: 0, queued: 0 });
  });

  it('D19: nobody has to listen for a connection to be lost and to come back', async () => {
    await using client = clientOf(server);
    await client.connect();
    const states: string[] = [];
    const watched = (async () => {
      for await (const { state } of client.status) {
        states.push(state);
        if (state === 'ready' && states.includes('down')) break;
      }
    })();
    await server.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await watched;
    expect(states[0]).toBe('ready');
    expect(states).toContain('down');
    expect(await client.call('PING')).toBe('PONG');
  });

  it('D20: a server without HELLO is spoken to in RESP2', async () => {
    const options: ServerOptions = { renameCommands: { HELLO: '' }, password: 'sesame' };
    await using old = await startServer(options);
    await using client = clientOf(old, { password: 'sesame', db: 3, clientName: 'me' });
    expect(await client.call('SET', 'a', '1')).toBe('OK');
    expect(await client.call('HGETALL', 'nothing')).toEqual([]);
    expect(String(await client.call('CLIENT', 'INFO'))).toMatch(/ name=me .* db=3 .* resp=2/);
  });
});

describe('D18: what waits has limits', () => {
  it('beyond them, commands are rejected at once', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await proxy.refuse('CLOSED');
    await using client = clientOf(proxy, { limits: { commands: 1_000 }, timeoutMs: 0 });
    let full = 0;
    const count = (error: QueueFullError): void => {
      if (error.code === 'QUEUE_FULL' && !error.maybeExecuted) full++;
    };
    const calls = Array.from({ length: 50_000 }, (_, i) => client.call('SET', `k${i}`, i));
    const admitted = calls.slice(0, 1_000);
    // They do not wait for anything, while the others do.
    await Promise.all(calls.slice(1_000).map((call) => call.catch(count)));
    expect(full).toBe(49_000);
    expect(client.metrics()).toMatchObject({ pending: 1_000, queued: 1_000 });
    await proxy.accept();
    await Promise.all(admitted);
    expect(await server.command('DBSIZE')).toBe(1_000);
    expect(await client.call('SET', 'later', 1)).toBe('OK');
  });

  it('or wait for room, within their deadline', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await proxy.refuse('CLOSED');
    await using client = clientOf(proxy, { limits: { commands: 100, policy: 'wait' }, timeoutMs: 0 });
    const hasty = Array.from({ length: 10 }, () => client.with({ timeoutMs: 20 }).call('INCR', 'hasty'));
    const patient = Array.from({ length: 5_000 }, () => client.call('INCR', 'n'));
    const late = client.with({ timeoutMs: 20 }).call('INCR', 'hasty');
    for (const outcome of await Promise.allSettled([...hasty, late])) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'TIMEOUT', phase: 'queued', maybeExecuted: false },
      });
    }
    await proxy.accept();
    expect(await Promise.all(patient)).toEqual(Array.from({ length: 5_000 }, (_, i) => i + 1));
    expect(await server.command('EXISTS', 'hasty')).toBe(0);
  });

  it('and what was given up takes no room', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await proxy.refuse('CLOSED');
    await using client = clientOf(proxy, { limits: { commands: 1_000 }, timeoutMs: 0 });
    for (let round = 0; round < 20; round++) {
      const controller = new AbortController();
      const view = client.with({ signal: controller.signal });
      const calls = Array.from({ length: 1_000 }, () => view.call('INCR', 'n'));
      controller.abort();
      for (const outcome of await Promise.allSettled(calls)) {
        if (outcome.status === 'fulfilled' || outcome.reason.code !== 'ABORTED')
          expect.fail('was not aborted');
      }
    }
    expect(client.metrics().queued).toBeLessThan(5_000);
  });

  it('and a crowd that waits for room is rejected as a whole when there is no queue', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await proxy.refuse('CLOSED');
    await using client = clientOf(proxy, {
      offlineQueue: false,
      limits: { commands: 1, policy: 'wait' },
      timeoutMs: 0,
    });
    const outcomes = await Promise.allSettled(Array.from({ length: 20_000 }, () => client.call('INCR', 'n')));
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled' || outcome.reason.code !== 'CONNECTION_LOST')
        expect.fail('was not lost');
    }
    expect(client.metrics()).toMatchObject({ pending: 0, pendingBytes: 0 });
  });
});
