import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ConnectionPool } from './pool.js';
import { type FakeConnection, FakeServer } from './pool-fake.js';
import type { SlotEvent, SlotState } from './pool-slot.js';

interface Scene {
  readonly pool: ConnectionPool<FakeConnection>;
  readonly server: FakeServer;
}

interface Row {
  readonly from: SlotState;
  /** What makes it happen, to the one slot of a pool in state `from`. */
  readonly when: (scene: Scene, connection: FakeConnection) => unknown;
  readonly to: SlotState;
}

const later = (ms: number) => async () => {
  await vi.advanceTimersByTimeAsync(ms);
};

/** Every transition, by what causes it in a pool of one. Where somebody waits, a slot that ends is followed by a dial. */
const CAUSES: Record<SlotEvent, Record<string, Row>> = {
  dial: {
    'a caller asks': {
      from: 'closed',
      when: ({ pool }) => void pool.waitForConnection().catch(() => {}),
      to: 'connecting',
    },
  },
  dialed: {
    'its caller is gone': {
      from: 'connecting',
      when: ({ server }) => server.dials[0]?.succeed(),
      to: 'idle',
    },
  },
  dialFailed: {
    'it is refused': { from: 'connecting', when: ({ server }) => server.dials[0]?.fail(), to: 'closed' },
  },
  take: {
    'a caller asks': { from: 'idle', when: ({ pool }) => pool.waitForConnection(), to: 'inUse' },
  },
  check: {
    'a caller asks after a while': {
      from: 'idle',
      when: async ({ pool }) => {
        await later(1_500)();
        void pool.waitForConnection().catch(() => {});
      },
      to: 'checking',
    },
  },
  checkPassed: {
    'its caller still waits': {
      from: 'checking',
      when: (_, { probe }) => probe?.resolve(true),
      to: 'inUse',
    },
  },
  checkFailed: {
    'no answer': { from: 'checking', when: (_, { probe }) => probe?.resolve(false), to: 'connecting' },
    'an error': {
      from: 'checking',
      when: (_, { probe }) => probe?.reject(new Error('gone')),
      to: 'connecting',
    },
    'no answer in time': { from: 'checking', when: later(500), to: 'connecting' },
  },
  giveBack: {
    clean: { from: 'inUse', when: ({ pool }, connection) => pool.putConnection(connection), to: 'idle' },
  },
  reset: {
    dirty: {
      from: 'inUse',
      when: ({ pool }, connection) => {
        connection.dirty = true;
        pool.putConnection(connection);
      },
      to: 'resetting',
    },
  },
  resetDone: {
    clean: { from: 'resetting', when: (_, { probe }) => probe?.resolve(true), to: 'idle' },
  },
  resetFailed: {
    refused: { from: 'resetting', when: (_, { probe }) => probe?.resolve(false), to: 'closed' },
    'an error': { from: 'resetting', when: (_, { probe }) => probe?.reject(new Error('gone')), to: 'closed' },
    'not done in time': { from: 'resetting', when: later(500), to: 'closed' },
    'done, but still dirty': {
      from: 'resetting',
      when: (_, connection) => {
        Object.defineProperty(connection, 'dirty', { get: () => true, set: () => {} });
        connection.probe?.resolve(true);
      },
      to: 'closed',
    },
  },
  discard: {
    'replies owed': {
      from: 'inUse',
      when: ({ pool }, connection) => {
        connection.idle = false;
        connection.dirty = true;
        pool.putConnection(connection);
      },
      to: 'closed',
    },
    'closed, and nobody said so': {
      from: 'inUse',
      when: ({ pool }, connection) => {
        connection.closed = true;
        pool.putConnection(connection);
      },
      to: 'closed',
    },
    'too old': {
      from: 'inUse',
      when: async ({ pool }, connection) => {
        await later(60_000)();
        pool.putConnection(connection);
      },
      to: 'closed',
    },
    'the pool closes': {
      from: 'inUse',
      when: ({ pool }, connection) => {
        void pool.close();
        pool.putConnection(connection);
      },
      to: 'closed',
    },
  },
  evict: {
    'idle for too long': { from: 'idle', when: later(10_000), to: 'closed' },
    'closed, found at checkout': {
      from: 'idle',
      when: ({ pool }, connection) => {
        connection.closed = true;
        void pool.waitForConnection().catch(() => {});
      },
      to: 'connecting',
    },
    'something unread, found at checkout': {
      from: 'idle',
      when: ({ pool }, connection) => {
        connection.dirty = true;
        void pool.waitForConnection().catch(() => {});
      },
      to: 'connecting',
    },
    'a reply owed, found at checkout': {
      from: 'idle',
      when: ({ pool }, connection) => {
        connection.idle = false;
        void pool.waitForConnection().catch(() => {});
      },
      to: 'connecting',
    },
  },
  remove: {
    idle: { from: 'idle', when: ({ pool }, connection) => pool.removeConnection(connection), to: 'closed' },
    'in use': {
      from: 'inUse',
      when: ({ pool }, connection) => pool.removeConnection(connection),
      to: 'closed',
    },
    checking: {
      from: 'checking',
      when: ({ pool }, connection) => pool.removeConnection(connection),
      to: 'connecting',
    },
    resetting: {
      from: 'resetting',
      when: ({ pool }, connection) => pool.removeConnection(connection),
      to: 'closed',
    },
  },
  died: {
    idle: { from: 'idle', when: (_, connection) => connection.die(), to: 'closed' },
    'in use': { from: 'inUse', when: (_, connection) => connection.die(), to: 'closed' },
    checking: { from: 'checking', when: (_, connection) => connection.die(), to: 'connecting' },
    resetting: { from: 'resetting', when: (_, connection) => connection.die(), to: 'closed' },
  },
  destroy: {
    connecting: { from: 'connecting', when: ({ pool }) => pool.destroy(), to: 'closed' },
    idle: { from: 'idle', when: ({ pool }) => void pool.close(), to: 'closed' },
    checking: { from: 'checking', when: ({ pool }) => void pool.close(), to: 'closed' },
    'in use': { from: 'inUse', when: ({ pool }) => pool.destroy(), to: 'closed' },
    resetting: { from: 'resetting', when: ({ pool }) => void pool.close(), to: 'closed' },
  },
};

/** A pool of one, its slot brought to the state. */
async function sceneIn(state: SlotState): Promise<[Scene, FakeConnection]> {
  const server = new FakeServer({ byHand: true });
  const pool = new ConnectionPool({
    spawnConnection: server.spawnConnection,
    maxConnections: 1,
    checkIdleAfterMs: 1_000,
    idleTimeoutMs: 10_000,
    maxLifetimeMs: 60_000,
    healthTimeoutMs: 500,
    random: () => 0,
  });
  const none = undefined as unknown as FakeConnection;
  if (state === 'closed') return [{ pool, server }, none];
  const caller = new AbortController();
  const asked = pool.waitForConnection({ signal: caller.signal });
  if (state === 'connecting') {
    caller.abort();
    await expect(asked).rejects.toThrow('aborted');
    return [{ pool, server }, none];
  }
  server.dials[0]?.succeed();
  const connection = await asked;
  if (state === 'idle' || state === 'checking') pool.putConnection(connection);
  if (state === 'checking') {
    await vi.advanceTimersByTimeAsync(1_500);
    pool.waitForConnection().catch(() => {});
  }
  if (state === 'resetting') {
    connection.dirty = true;
    pool.putConnection(connection);
  }
  return [{ pool, server }, connection];
}

/** The state of the one slot. */
function stateOf({ pool }: Scene): SlotState {
  const metrics = pool.metrics();
  const states = ['connecting', 'idle', 'checking', 'inUse', 'resetting'] as const;
  return states.find((state) => metrics[state] === 1) ?? 'closed';
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const rows = Object.entries(CAUSES).flatMap(([event, causes]) =>
  Object.entries(causes).map(([cause, row]) => ({ event, cause, ...row })),
);

it.each(rows)('$event, $cause: $from -> $to', async ({ from, when, to }) => {
  const [scene, connection] = await sceneIn(from);
  expect(stateOf(scene)).toBe(from);
  await when(scene, connection);
  await vi.advanceTimersByTimeAsync(0);
  expect(stateOf(scene)).toBe(to);
  expect(scene.pool.metrics().size).toBeLessThanOrEqual(1);
  const gone = to === 'closed' || to === 'connecting';
  if (gone && connection !== undefined) expect(connection.closed).toBe(true);
  if (from === 'connecting' && scene.server.dials[0]) expect(scene.server.dials[0].signal.aborted).toBe(true);
  scene.pool.destroy();
});
