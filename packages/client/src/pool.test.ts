import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AcquireOptions } from './lease.js';
import { ConnectionPool } from './pool.js';
import { FakeConnection, FakeServer } from './pool-fake.js';
import type { PoolOptions } from './pool-options.js';

let server: FakeServer;
let pools: ConnectionPool<FakeConnection>[];

function poolOf(settings: Partial<PoolOptions<FakeConnection>> = {}): ConnectionPool<FakeConnection> {
  const pool = new ConnectionPool({ spawnConnection: server.spawnConnection, random: () => 0, ...settings });
  pools.push(pool);
  return pool;
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

/** How a promise stands now; the code of its error when it was rejected. */
async function outcome(promise: Promise<unknown>): Promise<unknown> {
  const result = promise.catch((error: { code: string }) => error.code);
  await settle();
  return Promise.race([result, Promise.resolve('pending')]);
}

/** A caller whose error the test may look at later than it comes. */
function ask(pool: ConnectionPool<FakeConnection>, options?: AcquireOptions): Promise<FakeConnection> {
  const asked = pool.waitForConnection(options);
  asked.catch(() => {});
  return asked;
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  pools = [];
});

afterEach(() => {
  for (const pool of pools) pool.destroy();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('options', () => {
  it('takes the form of redtrio', async () => {
    const spawnConnection = vi.fn(() => server.spawnConnection(new AbortController().signal));
    const pool = new ConnectionPool('example', 6380, { maxConnections: 2, spawnConnection });
    await pool.waitForConnection();
    expect(spawnConnection).toHaveBeenCalledWith('example', 6380, expect.any(AbortSignal));
    expect(pool.maxConnections).toBe(2);
    pool.destroy();
  });

  it('lends at most 50 unless told otherwise', () => {
    expect(poolOf().maxConnections).toBe(50);
  });

  it.each([
    [{ maxConnections: 0 }, 'maxConnections must be an integer of at least 1, got 0'],
    [{ maxConnections: 1.5 }, 'maxConnections must be an integer'],
    [{ minConnections: -1 }, 'minConnections must be an integer of at least 0'],
    [{ minConnections: 3, maxConnections: 2 }, 'minConnections must not exceed maxConnections'],
    [{ acquireTimeoutMs: -1 }, 'acquireTimeoutMs must be a number of milliseconds'],
    [{ idleTimeoutMs: Number.NaN }, 'idleTimeoutMs must be a number of milliseconds'],
    [{ idleTimeout: 5 } as never, 'idleTimeout is not an option; did you mean idleTimeoutMs?'],
    [{ spawnConnection: undefined as never }, 'spawnConnection must be a function'],
  ])('refuses %o', (settings, message) => {
    expect(() => poolOf(settings)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => poolOf(settings)).toThrow(message);
  });

  it('refuses a time to wait that is none', async () => {
    await expect(poolOf().waitForConnection({ timeoutMs: -5 })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });
});

describe('lending', () => {
  it('opens nothing before it is asked', async () => {
    poolOf();
    await settle();
    expect(server.dialed).toBe(0);
  });

  it('lends the one used last', async () => {
    const pool = poolOf();
    const [a, b] = [await pool.waitForConnection(), await pool.waitForConnection()];
    pool.putConnection(b);
    pool.putConnection(a);
    expect(pool.pool).toEqual([b, a]);
    expect(await pool.waitForConnection()).toBe(a);
    expect([...pool.usedConnections]).toEqual([a]);
  });

  it('counts those that are being opened: 6 callers, 2 connections', async () => {
    server.byHand = true;
    const pool = poolOf({ maxConnections: 2 });
    for (let caller = 0; caller < 6; caller++) void ask(pool);
    await settle();
    expect(server.dialed).toBe(2);
    expect(pool.metrics()).toMatchObject({ size: 2, connecting: 2, waiting: 6 });
  });

  it('serves callers in the order in which they asked, at once', async () => {
    const pool = poolOf({ maxConnections: 1 });
    const connection = await pool.waitForConnection();
    const order: number[] = [];
    for (const caller of [1, 2, 3]) {
      void pool.use(() => order.push(caller));
    }
    pool.putConnection(connection);
    await settle();
    expect(order).toEqual([1, 2, 3]);
  });

  it('serves the oldest with whatever comes first, and lets the other have his', async () => {
    server.byHand = true;
    const pool = poolOf();
    const [first, second] = [ask(pool), ask(pool)];
    const [slow, quick] = server.dials;
    const connection = quick?.succeed();
    expect(await first).toBe(connection);
    expect(await outcome(second)).toBe('pending');
    slow?.fail();
    expect(await outcome(second)).toBe('CONNECT_FAILED');
    expect(server.dialed).toBe(2);
  });

  it('does not dial for a caller that a reset will serve', async () => {
    server.byHand = true;
    const pool = poolOf();
    const first = pool.waitForConnection();
    server.dials[0]?.succeed();
    const connection = await first;
    connection.dirty = true;
    pool.putConnection(connection);
    const second = ask(pool);
    connection.probe?.resolve(true);
    expect(await second).toBe(connection);
    expect(server.dialed).toBe(1);
  });

  it('counts on the dial of a caller that gave up', async () => {
    server.byHand = true;
    const pool = poolOf();
    const caller = new AbortController();
    void ask(pool, { signal: caller.signal });
    caller.abort();
    const next = ask(pool);
    const connection = server.dials[0]?.succeed();
    expect(await next).toBe(connection);
    expect(server.dialed).toBe(1);
  });

  it('counts on the dial of a caller that got another connection', async () => {
    server.byHand = true;
    const pool = poolOf();
    const asked = ask(pool);
    const held = server.dials[0]?.succeed() as FakeConnection;
    await asked;
    const second = ask(pool);
    pool.putConnection(held);
    expect(await second).toBe(held);
    const third = ask(pool);
    const connection = server.dials[0]?.succeed();
    expect(await third).toBe(connection);
    expect(server.dialed).toBe(2);
  });

  it('never lends the same connection to two, whatever spawnConnection does', async () => {
    const only = new FakeConnection(server);
    const pool = poolOf({ spawnConnection: () => Promise.resolve(only) });
    expect(await pool.waitForConnection()).toBe(only);
    await expect(pool.waitForConnection()).rejects.toThrow('the same connection twice');
    expect(only.closed).toBe(false);
  });
});

describe('waiting', () => {
  it('ends with the figures when nobody gives back in time', async () => {
    const pool = poolOf({ maxConnections: 1, acquireTimeoutMs: 300, leakReportMs: 60_000 });
    const held = await pool.waitForConnection();
    await vi.advanceTimersByTimeAsync(700);
    const asked = ask(pool);
    const error = asked.catch((reason: unknown) => reason);
    await vi.advanceTimersByTimeAsync(299);
    expect(await outcome(asked)).toBe('pending');
    await vi.advanceTimersByTimeAsync(1);
    expect(await error).toMatchObject({
      code: 'POOL_TIMEOUT',
      size: 1,
      inUse: 1,
      connecting: 0,
      waiting: 1,
      longestHeldMs: 1_000,
      holderStack: expect.stringContaining('pool.test.ts'),
    });
    expect(pool.metrics()).toMatchObject({ timeouts: 1, waiting: 0 });
    pool.putConnection(held);
  });

  it.each([0, Number.POSITIVE_INFINITY])('waits for ever with timeoutMs %d', async (timeoutMs) => {
    const pool = poolOf({ maxConnections: 1 });
    const held = await pool.waitForConnection();
    const asked = ask(pool, { timeoutMs });
    await vi.advanceTimersByTimeAsync(86_400_000);
    pool.putConnection(held);
    expect(await asked).toBeInstanceOf(FakeConnection);
  });

  it('ends with the signal, before and while it waits', async () => {
    const pool = poolOf({ maxConnections: 1 });
    await pool.waitForConnection();
    const caller = new AbortController();
    const removed = vi.spyOn(caller.signal, 'removeEventListener');
    const asked = ask(pool, { signal: caller.signal });
    caller.abort(new Error('enough'));
    await expect(asked).rejects.toMatchObject({ code: 'ABORTED', cause: new Error('enough') });
    await expect(pool.waitForConnection({ signal: caller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(removed).toHaveBeenCalledTimes(1);
    expect(pool.metrics().waiting).toBe(0);
  });

  it('does not begin with a signal that is aborted, though a connection is idle', async () => {
    const pool = poolOf();
    await pool.use(() => 'leaves it idle');
    await expect(pool.waitForConnection({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(pool.pool).toHaveLength(1);
  });

  it('ends with a signal that spawnConnection itself aborts', async () => {
    const caller = new AbortController();
    const spawnConnection = (): Promise<FakeConnection> => {
      caller.abort();
      return new Promise(() => {});
    };
    const pool = poolOf({ spawnConnection });
    await expect(pool.waitForConnection({ signal: caller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  it('leaves no listener on the signal of a caller that was served', async () => {
    const pool = poolOf({ maxConnections: 1 });
    const held = await pool.waitForConnection();
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const asked = ask(pool, { signal });
    pool.putConnection(held);
    await asked;
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed).toHaveBeenCalledWith('abort', added.mock.calls[0]?.[1]);
  });

  it('gives what one that gave up would have got to the next', async () => {
    const pool = poolOf({ maxConnections: 1 });
    const held = await pool.waitForConnection();
    const caller = new AbortController();
    const gone = ask(pool, { signal: caller.signal });
    const next = pool.waitForConnection();
    caller.abort();
    pool.putConnection(held);
    expect(await outcome(gone)).toBe('ABORTED');
    expect(await next).toBe(held);
  });
});

describe('dials that fail', () => {
  it('reject the caller whose dial it was, and no other', async () => {
    server.byHand = true;
    const pool = poolOf({ maxConnections: 2 });
    const callers = [1, 2, 3].map(() => ask(pool));
    server.dials[1]?.fail(new Error('no route'));
    await expect(callers[1]).rejects.toMatchObject({ code: 'CONNECT_FAILED', cause: new Error('no route') });
    expect(server.dials).toHaveLength(2);
    server.dials[0]?.succeed();
    server.dials[0]?.succeed();
    await Promise.all([callers[0], callers[2]]);
  });

  it("pass the client's own errors on as they are", async () => {
    server.byHand = true;
    const pool = poolOf();
    const asked = ask(pool);
    const error = Object.assign(new Error('wrong password'), { code: 'AUTH_FAILED', maybeExecuted: false });
    server.dials[0]?.fail(error);
    await expect(asked).rejects.toBe(error);
  });

  it('include a connection that is closed already', async () => {
    const spawnConnection = async (): Promise<FakeConnection> => {
      const connection = new FakeConnection(server);
      connection.destroy();
      return connection;
    };
    const pool = poolOf({ spawnConnection });
    await expect(pool.waitForConnection()).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
    expect(pool.metrics()).toMatchObject({ size: 0, dialFailures: 1, created: 0 });
  });
});

describe('giving back', () => {
  it('resets the dirty, so that the next borrower finds nothing of the last', async () => {
    const pool = poolOf({ maxConnections: 1 });
    const connection = await pool.waitForConnection();
    connection.dirty = true;
    pool.putConnection(connection);
    expect(pool.usedConnections.size).toBe(0);
    expect(await pool.waitForConnection()).toBe(connection);
    expect(connection).toMatchObject({ dirty: false, resets: 1 });
  });

  it('neither resets nor checks the clean', async () => {
    const pool = poolOf();
    const connection = await pool.waitForConnection();
    pool.putConnection(connection);
    await pool.waitForConnection();
    expect(connection).toMatchObject({ resets: 0, checks: 0 });
  });

  it.each([
    ['a stranger', () => {}],
    [
      'the same twice',
      (pool: ConnectionPool<FakeConnection>, own: FakeConnection) => pool.putConnection(own),
    ],
  ])('refuses %s, and nothing else happens', async (_, before) => {
    const pool = poolOf();
    const own = await pool.waitForConnection();
    before(pool, own);
    const wrong = pool.usedConnections.size === 0 ? own : new FakeConnection(server);
    const metrics = pool.metrics();
    expect(() => pool.putConnection(wrong)).toThrow(expect.objectContaining({ code: 'POOL_MISUSE' }));
    expect(pool.metrics()).toEqual(metrics);
    expect(wrong.closed).toBe(false);
  });

  it('refuses to remove a stranger', () => {
    const stranger = new FakeConnection(server);
    expect(() => poolOf().removeConnection(stranger)).toThrow(
      expect.objectContaining({ code: 'POOL_MISUSE' }),
    );
    expect(stranger.closed).toBe(false);
  });

  it.each([
    ['died', (_: unknown, connection: FakeConnection) => connection.die()],
    [
      'was removed',
      (pool: ConnectionPool<FakeConnection>, own: FakeConnection) => pool.removeConnection(own),
    ],
    ['was destroyed', (pool: ConnectionPool<FakeConnection>) => pool.destroy()],
  ])('accepts one that %s meanwhile, once', async (_, end) => {
    const pool = poolOf();
    const connection = await pool.waitForConnection();
    end(pool, connection);
    expect(pool.usedConnections.size).toBe(0);
    pool.putConnection(connection);
    expect(pool.pool).toEqual([]);
    expect(() => pool.putConnection(connection)).toThrow('not one of this pool');
  });

  it('closes the socket of what is removed', async () => {
    const pool = poolOf({ maxConnections: 1 });
    const connection = await pool.waitForConnection();
    const next = pool.waitForConnection();
    pool.removeConnection(connection);
    expect(connection.closed).toBe(true);
    expect(await next).not.toBe(connection);
  });

  it('replaces the dead for who waits', async () => {
    const pool = poolOf({ maxConnections: 1 });
    const connection = await pool.waitForConnection();
    const next = pool.waitForConnection();
    connection.die();
    expect(await next).toMatchObject({ closed: false });
    expect(pool.metrics()).toMatchObject({ size: 1, created: 2, destroyed: 1 });
  });
});

describe('health', () => {
  it('dials after a failed check, and does not try one doubtful connection after the other', async () => {
    server.byHand = true;
    const pool = poolOf();
    const asked = [1, 2, 3].map(() => pool.waitForConnection());
    while (server.dials.length > 0) server.dials[0]?.succeed();
    for (const connection of await Promise.all(asked)) pool.putConnection(connection);
    await vi.advanceTimersByTimeAsync(2_000);
    const next = pool.waitForConnection();
    await vi.advanceTimersByTimeAsync(1_000);
    server.dials[0]?.succeed();
    expect(await next).toBe(server.connections[3]);
    expect(server.connections.map(({ checks }) => checks)).toEqual([0, 0, 1, 0]);
  });

  it('does not doubt a connection that was held for long, as blocking commands do', async () => {
    const pool = poolOf({ maxConnections: 1 });
    const connection = await pool.waitForConnection();
    await vi.advanceTimersByTimeAsync(4_000);
    const next = pool.waitForConnection();
    pool.putConnection(connection);
    pool.putConnection(await next);
    expect(await pool.waitForConnection()).toBe(connection);
    expect(connection.checks).toBe(0);
  });
});

describe('housekeeping', () => {
  it('closes what was idle for too long, the longest first, down to minConnections', async () => {
    const pool = poolOf({ minConnections: 1, idleTimeoutMs: 1_000 });
    const [a, b, c] = await Promise.all([1, 2, 3].map(() => pool.waitForConnection()));
    for (const connection of [a, b, c]) {
      pool.putConnection(connection as FakeConnection);
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.advanceTimersByTimeAsync(700);
    expect(pool.pool).toEqual([b, c]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pool.pool).toEqual([c]);
    expect(server.dialed).toBe(3);
  });

  it('closes what is too old, up to 10 % early, and replaces it where minConnections asks', async () => {
    const pool = poolOf({ minConnections: 1, maxLifetimeMs: 10_000, random: () => 0.5 });
    await settle();
    const [old] = pool.pool;
    await vi.advanceTimersByTimeAsync(9_499);
    expect(pool.pool).toEqual([old]);
    await vi.advanceTimersByTimeAsync(1);
    expect(old?.closed).toBe(true);
    expect(pool.pool).toHaveLength(1);
  });

  it('keeps no process alive, and no timer when there is nothing to do', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const pool = poolOf({ minConnections: 1, maxLifetimeMs: 0 });
    await settle();
    expect(timers).not.toHaveBeenCalled();
    const held = await Promise.all([pool.waitForConnection(), pool.waitForConnection()]);
    for (const connection of held) pool.putConnection(connection);
    const hasRef = timers.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef());
    // The first is the deadline of the caller that had to wait.
    expect(hasRef).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(vi.getTimerCount()).toBe(0);
    expect(timers).toHaveBeenCalledTimes(2);
    timers.mockRestore();
  });

  it('reports a leak once per checkout, with where it was taken', async () => {
    const onLeak = vi.fn();
    const pool = poolOf({ leakReportMs: 1_000, onLeak, idleTimeoutMs: 5_000 });
    for (const round of [1, 2]) {
      const connection = await pool.waitForConnection();
      await pool.use(() => 'one more, whose idle timeout makes the pool look again');
      await vi.advanceTimersByTimeAsync(999);
      expect(onLeak).toHaveBeenCalledTimes(round - 1);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(onLeak).toHaveBeenCalledTimes(round);
      pool.putConnection(connection);
    }
    expect(onLeak).toHaveBeenLastCalledWith({
      heldMs: 1_000,
      stack: expect.stringContaining('pool.test.ts'),
    });
  });

  it('reports leaks as warnings when nobody listens, or the listener throws', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    await poolOf({ leakReportMs: 1_000 }).waitForConnection();
    const onLeak = (): void => {
      throw new Error('listener');
    };
    await poolOf({ leakReportMs: 1_000, onLeak }).waitForConnection();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      'a pooled connection has been held for 1000 ms',
      'onLeak of the connection pool threw: Error: listener',
    ]);
    warn.mockRestore();
  });
});

describe('minConnections', () => {
  it('are open from the start, and replaced when they die', async () => {
    const pool = poolOf({ minConnections: 2 });
    await settle();
    expect(pool.pool).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(15_000);
    server.connections[0]?.die();
    await settle();
    expect(pool.pool).toHaveLength(2);
    expect(server.dialed).toBe(3);
  });

  it('are tried ever more slowly while they fail', async () => {
    server.byHand = true;
    poolOf({ minConnections: 1, random: () => 1 });
    const tries: number[] = [];
    const start = performance.now();
    while (tries.length < 11) {
      tries.push(performance.now() - start);
      server.dials[0]?.fail();
      await settle();
      await vi.advanceTimersToNextTimerAsync();
    }
    const gaps = tries.slice(1).map((time, i) => time - (tries[i] ?? 0));
    expect(gaps).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000]);
  });

  it('are tried quickly again after a connection that lived', async () => {
    server.byHand = true;
    poolOf({ minConnections: 1, random: () => 1 });
    for (let failure = 0; failure < 6; failure++) {
      server.dials[0]?.fail();
      await settle();
      await vi.advanceTimersToNextTimerAsync();
    }
    const connection = server.dials[0]?.succeed();
    await vi.advanceTimersByTimeAsync(15_000);
    connection?.die();
    server.dials[0]?.fail();
    await vi.advanceTimersByTimeAsync(99);
    expect(server.dials).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.dials).toHaveLength(1);
  });

  it('are not dialled in a loop when the server hangs up on each', async () => {
    const pool = poolOf({ minConnections: 1 });
    for (let time = 0; time < 10_000; time += 10) {
      for (const connection of pool.pool) connection.die();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(server.dialed).toBeGreaterThan(3);
    expect(server.dialed).toBeLessThan(15);
  });

  it('that fail reject nobody, and keep nobody from dialling', async () => {
    server.byHand = true;
    const pool = poolOf({ minConnections: 1 });
    server.dials[0]?.fail();
    await settle();
    expect(server.dials).toHaveLength(0);
    const asked = ask(pool);
    server.dials[0]?.succeed();
    expect(await asked).toBeInstanceOf(FakeConnection);
  });
});

describe('leases', () => {
  it('give back when disposed, once', async () => {
    const pool = poolOf({ maxConnections: 1 });
    const lease = await pool.lease();
    await lease[Symbol.asyncDispose]();
    const again = await pool.lease();
    expect(again.connection).toBe(lease.connection);
    await lease[Symbol.asyncDispose]();
    expect(pool.usedConnections.size).toBe(1);
  });

  it('give back when the block ends', async () => {
    const pool = poolOf();
    {
      await using lease = await pool.lease();
      expect(pool.usedConnections.has(lease.connection)).toBe(true);
    }
    expect(pool.usedConnections.size).toBe(0);
  });

  it('of use() end with the task, whether it succeeds or fails', async () => {
    const pool = poolOf({ maxConnections: 1 });
    expect(await pool.use(async (connection) => connection.checks + 1)).toBe(1);
    const failure = new Error('task');
    await expect(pool.use(() => Promise.reject(failure))).rejects.toBe(failure);
    await expect(
      pool.use((connection) => {
        connection.die();
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(pool.usedConnections.size).toBe(0);
  });
});

describe('closing', () => {
  it('closes the idle, lends no more, and waits for what is lent out', async () => {
    const pool = poolOf();
    const [idle, held, last] = await Promise.all([ask(pool), ask(pool), ask(pool)]);
    pool.putConnection(idle);
    const closing = pool.close();
    expect([idle.closed, held.closed, last.closed]).toEqual([true, false, false]);
    expect(await outcome(ask(pool))).toBe('POOL_CLOSED');
    pool.putConnection(held);
    expect(held.closed).toBe(true);
    expect(await outcome(closing)).toBe('pending');
    pool.putConnection(last);
    await closing;
    expect(last.closed).toBe(true);
  });

  it('rejects who waits, and ends the dials', async () => {
    server.byHand = true;
    const pool = poolOf({ maxConnections: 1 });
    const waiting = [ask(pool), ask(pool)];
    const closing = pool.close();
    for (const promise of waiting) expect(await outcome(promise)).toBe('POOL_CLOSED');
    const [dial] = server.dials;
    expect(dial?.signal.aborted).toBe(true);
    expect(await outcome(closing)).toBe('pending');
    const late = dial?.succeed();
    await closing;
    expect(late?.closed).toBe(true);
  });

  it('destroys at the deadline what is not back; a later call can only shorten it', async () => {
    const pool = poolOf();
    const held = await pool.waitForConnection();
    const closing = pool.close({ deadlineMs: 2_000 });
    await vi.advanceTimersByTimeAsync(500);
    void pool.close({ deadlineMs: 60_000 });
    const sooner = pool.close({ deadlineMs: 1_000 });
    await vi.advanceTimersByTimeAsync(999);
    expect(await outcome(closing)).toBe('pending');
    expect(held.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all([closing, sooner]);
    expect(held.destroyedBy).toMatchObject({ code: 'CLOSED' });
  });

  it('is done at once when nothing is out, and once is enough', async () => {
    const pool = poolOf({ minConnections: 2 });
    await settle();
    await Promise.all([pool.close(), pool[Symbol.asyncDispose]()]);
    await pool.close();
    expect(server.connections.every(({ closed }) => closed)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('destroy() leaves nothing, and settles close()', async () => {
    const pool = poolOf({ maxConnections: 1, minConnections: 1 });
    const held = await pool.waitForConnection();
    const waiting = ask(pool);
    const closing = pool.close({ deadlineMs: Number.POSITIVE_INFINITY });
    pool.destroy();
    expect(await outcome(waiting)).toBe('POOL_CLOSED');
    await closing;
    expect(held.closed).toBe(true);
    expect(pool.metrics()).toMatchObject({ size: 0, waiting: 0, destroyed: 1 });
  });
});

it('says how it stands', async () => {
  const pool = poolOf({ maxConnections: 1 });
  const held = await pool.waitForConnection();
  const asked = ask(pool);
  await vi.advanceTimersByTimeAsync(40);
  expect(pool.metrics()).toEqual({
    size: 1,
    idle: 0,
    inUse: 1,
    connecting: 0,
    checking: 0,
    resetting: 0,
    waiting: 1,
    longestHeldMs: 40,
    created: 1,
    destroyed: 0,
    dialFailures: 0,
    timeouts: 0,
    waitMs: { p50: 0, p99: 0, max: 0 },
  });
  pool.putConnection(held);
  await asked;
  expect(pool.metrics().waitMs).toEqual({ p50: 0, p99: 40, max: 40 });
});
