import { seededRandom, startFaultProxy, startServer } from '@redlane/redis-server';
import { describe, expect, it } from 'vitest';
import { FakeServer } from './support/fake-server.js';
import { withSeed } from './support/seed.js';
import { clientOf, testServer, untilBlocked } from './support/test-server.js';

const server = await testServer();

describe('a deadline says how far the command had come', () => {
  it('while there is no connection', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await proxy.refuse('CLOSED');
    await using client = clientOf(proxy);
    await expect(client.with({ timeoutMs: 20 }).call('INCR', 'n')).rejects.toMatchObject({
      code: 'TIMEOUT',
      phase: 'queued',
      maybeExecuted: false,
      timeoutMs: 20,
      diagnosis: { state: expect.stringMatching(/down|connecting/), inFlight: 0 },
    });
    await client.status.until('down');
    await expect(client.with({ timeoutMs: 20 }).call('INCR', 'n')).rejects.toMatchObject({
      message: expect.stringMatching(/the server has not executed it\. No connection: .*127\.0\.0\.1/),
      cause: { code: expect.stringMatching(/CONNECT_FAILED|CONNECTION_LOST/) },
    });
    await proxy.accept();
    await client.connect();
    expect(await client.call('GET', 'n')).toBeNull();
  });

  it('while the server says nothing', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using client = clientOf(proxy);
    await client.connect();
    proxy.set({ stalled: true }, 'toClient');
    await expect(client.with({ timeoutMs: 20 }).call('INCR', 'n')).rejects.toMatchObject({
      code: 'TIMEOUT',
      phase: 'written',
      maybeExecuted: true,
      diagnosis: { state: 'ready', inFlight: 1 },
    });
    await proxy.restore();
    expect(await client.call('GET', 'n')).toBe('1');
  });

  it('and a signal does the same', async () => {
    await using client = clientOf(server);
    const reason = new Error('no longer wanted');
    const call = client.with({ signal: AbortSignal.abort(reason) }).call('INCR', 'n');
    await expect(call).rejects.toMatchObject({ code: 'ABORTED', phase: 'queued', cause: reason });
    expect(client.status.current.state).toBe('down');
  });

  // Seen to fail while deadlines were looked at before what had come in the meantime.
  it('but not when only this process was held up, and the reply is there', async () => {
    await using client = clientOf(server, { silenceTimeoutMs: 50 });
    await client.connect();
    const call = client.with({ timeoutMs: 50 }).call('ECHO', 'there');
    await new Promise(setImmediate);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    expect(await call).toBe('there');
    expect(client.metrics().lost).toBe(0);
  });

  it('and connect() has one, and says why there is no connection; the attempts go on', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await proxy.refuse('CLOSED');
    await using client = clientOf(proxy, { timeoutMs: 30 });
    await expect(client.connect()).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect.poll(() => client.metrics().lost).toBeGreaterThan(0);
    const late = { code: 'TIMEOUT', timeoutMs: 30, phase: 'connecting', cause: { code: 'CONNECT_FAILED' } };
    await expect(client.connect()).rejects.toMatchObject(late);
    await expect(client.connect({ timeoutMs: 10 })).rejects.toMatchObject({ timeoutMs: 10 });
    await expect(client.connect({ timeoutMs: -1 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(client.connect({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    const connected = client.connect({ timeoutMs: 0 });
    await proxy.accept();
    await connected;
  });

  it('and a connection that does not come up has one, too', async () => {
    await using fake = await FakeServer.start(() => '');
    await using client = clientOf(fake, { connectTimeoutMs: 30 });
    const call = client.call('GET', 'a');
    call.catch(() => undefined);
    for await (const state of client.status) {
      if (state.state !== 'down' || fake.connections === 0) continue;
      expect(state.cause).toMatchObject({ code: 'CONNECT_TIMEOUT' });
      break;
    }
    client.destroy();
  });

  it('even when it is the credential provider that says nothing', async () => {
    let asked = 0;
    await using client = clientOf(server, {
      connectTimeoutMs: 30,
      credentials: () => (++asked === 1 ? new Promise(() => undefined) : {}),
    });
    expect(await client.call('PING')).toBe('PONG');
    // A busy machine may need more than one further attempt.
    expect(asked).toBeGreaterThan(1);
  });
});

describe('a peer that is gone without a word', () => {
  // Off: what is not about the fault under test must not find it.
  const patient = { timeoutMs: 0, pingIntervalMs: 0 };

  it.each(['toServer', 'toClient'] as const)('is found while it owes replies (%s)', async (direction) => {
    await using proxy = await startFaultProxy({ target: server });
    await using client = clientOf(proxy, { ...patient, silenceTimeoutMs: 50 });
    await client.connect();
    for (const connection of proxy.connections) connection.set({ stalled: true }, direction);
    const write = client.call('INCR', 'n');
    const read = client.call('ECHO', 'hello');
    await expect(write).rejects.toMatchObject({ code: 'CONNECTION_LOST', maybeExecuted: true });
    expect(await read).toBe('hello');
  });

  it('is found by a PING while it owes nothing', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using client = clientOf(proxy, { ...patient, pingIntervalMs: 30, silenceTimeoutMs: 50 });
    await client.connect();
    const again = proxy.waitForConnection();
    for (const connection of proxy.connections) connection.set({ stalled: true }, 'toClient');
    await again;
    expect(await client.call('PING')).toBe('PONG');
  });

  it('ends a blocking command at its own timeout and a grace', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using client = clientOf(proxy, { ...patient, blockingGraceMs: 30 });
    const blocked = proxy.waitForCommand('BLPOP', { forwarded: true });
    const popped = client.call('BLPOP', 'list', 0.05);
    const failed = expect(popped).rejects.toMatchObject({
      code: 'TIMEOUT',
      phase: 'written',
      maybeExecuted: true,
      timeoutMs: 80,
    });
    await blocked;
    proxy.set({ stalled: true }, 'toClient');
    await failed;
    await proxy.restore();
    // The connection that owes a reply is nobody's any more.
    await server.command('RPUSH', 'list', 'x');
    expect(await client.call('BLPOP', 'list', 1)).toEqual(['list', 'x']);
  });

  it('ends a blocking command without a timeout when it does not answer on the other connection', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using client = clientOf(proxy, { ...patient, pingIntervalMs: 30, silenceTimeoutMs: 50 });
    await client.connect();
    const blocked = proxy.waitForCommand('BLPOP', { forwarded: true });
    const popped = client.call('BLPOP', 'list', 0);
    const failed = expect(popped).rejects.toMatchObject({ code: 'CONNECTION_LOST', maybeExecuted: true });
    await blocked;
    for (const connection of proxy.connections) connection.set({ stalled: true });
    await failed;
  });

  it('is found behind a blocking command, too', async () => {
    let answerBlpop = (): void => undefined;
    await using fake = await FakeServer.start(([name], { socket }) => {
      if (name === 'BLPOP') answerBlpop = () => void socket.write('*-1\r\n');
      return name === 'BLPOP' || name === 'ECHO' ? '' : undefined;
    });
    await using client = clientOf(fake, { ...patient, silenceTimeoutMs: 30 });
    await using hasty = clientOf(fake, { ...patient, timeoutMs: 100, connectionPool: client.connectionPool });
    const connection = await client.sendCommand(['BLPOP', 'list', 0]);
    await client.sendCommand(['ECHO', 'a'], { connection });
    await hasty.sendCommand(['ECHO', 'b'], { connection });
    // By now the watchdog has found only the blocking command.
    await expect(hasty.receive(connection)).rejects.toMatchObject({ code: 'TIMEOUT' });
    answerBlpop();
    expect(await client.receive(connection)).toBeNull();
    await expect(client.receive(connection)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });
});

describe('abort of a blocking command', () => {
  it('loses no element that comes at that moment', async () => {
    await withSeed(async (seed) => {
      const random = seededRandom(seed);
      const upTo = (bound: number): number => Math.floor(random() * bound);
      const turns = async (count: number): Promise<void> => {
        for (let i = 0; i < count; i++) await new Promise(setImmediate);
      };
      await using client = clientOf(server);
      await using pusher = clientOf(server);
      const seen = { popped: 0, aborted: 0 };
      for (let round = 0; round < 300; round++) {
        const list = `list:${round}`;
        const controller = new AbortController();
        const taken = client
          .with({ signal: controller.signal })
          .call('BLPOP', list, 0)
          .then(
            () => 1,
            (error: { code: string; maybeExecuted: boolean }) => {
              if (error.code !== 'ABORTED' || error.maybeExecuted) throw error;
              return 0;
            },
          );
        await turns(upTo(4));
        const lead = upTo(6);
        if (random() < 0.5) {
          controller.abort();
          await (lead === 0 ? taken : turns(lead));
          await pusher.call('RPUSH', list, 'x');
        } else {
          const pushed = pusher.call('RPUSH', list, 'x');
          await (lead === 0 ? pushed : turns(lead));
          controller.abort();
          await pushed;
        }
        const count = await taken;
        seen[count === 1 ? 'popped' : 'aborted']++;
        if ((await client.call('LLEN', list)) !== 1 - count) expect.fail(`the element of ${list} is lost`);
      }
      expect(Math.min(seen.popped, seen.aborted)).toBeGreaterThan(20);
    });
  });

  it('ends at once when the user may not unblock', async () => {
    await using strict = await startServer({
      users: { default: 'on nopass ~* &* +@all', worker: 'on >secret ~* &* +@all -client|unblock' },
    });
    await using client = clientOf(strict, { username: 'worker', password: 'secret' });
    await client.connect();
    const controller = new AbortController();
    const popped = client.with({ signal: controller.signal }).call('BLPOP', 'list', 0);
    const failed = expect(popped).rejects.toMatchObject({ code: 'ABORTED', maybeExecuted: true });
    await expect.poll(() => strict.command('INFO', 'clients')).toContain('blocked_clients:1');
    controller.abort();
    await failed;
    await expect.poll(() => strict.command('INFO', 'clients')).toContain('blocked_clients:0');
  });

  it('never ends the next command on that connection', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using client = clientOf(proxy, { pool: { checkIdleAfterMs: 60_000 } });
    await client.connect();
    const [shared] = proxy.connections;
    if (shared === undefined) expect.fail('no connection');
    const controller = new AbortController();
    let blocked = proxy.waitForCommand('BLPOP', { forwarded: true });
    const first = client.with({ signal: controller.signal }).call('BLPOP', 'first', 0);
    await blocked;
    await untilBlocked(server);
    // The element is faster than the UNBLOCK.
    shared.set({ stalled: true }, 'toServer');
    const sent = proxy.waitForCommand('CLIENT', { connectionId: shared.id });
    controller.abort();
    await sent;
    await server.command('RPUSH', 'first', 'x');
    expect(await first).toEqual(['first', 'x']);
    blocked = proxy.waitForCommand('BLPOP', { forwarded: true });
    const second = client.call('BLPOP', 'second', 0);
    await blocked;
    await untilBlocked(server);
    shared.restore();
    expect(await client.call('PING')).toBe('PONG');
    await server.command('RPUSH', 'second', 'y');
    expect(await second).toEqual(['second', 'y']);
  });
});
