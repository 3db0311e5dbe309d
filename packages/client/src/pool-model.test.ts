import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ConnectionPool } from './pool.js';
import { type FakeConnection, FakeServer } from './pool-fake.js';

const MAX = 3;

interface Caller {
  readonly abort: AbortController;
  outcome: 'waiting' | 'served' | 'rejected';
}

/** What may happen to a pool, each with a number that chooses whom it happens to. */
const EVENTS = [
  'acquire',
  'acquireBriefly',
  'put',
  'putDirty',
  'putOwing',
  'remove',
  'die',
  'dialSucceeds',
  'dialFails',
  'probePasses',
  'probeFails',
  'abort',
  'time',
  'longTime',
] as const;

type Step = readonly [event: (typeof EVENTS)[number], choice: number];

/** A pool under test, with the little that must hold of any pool: who asked first, and who holds what. */
class World {
  readonly server = new FakeServer({ byHand: true });
  readonly pool: ConnectionPool<FakeConnection>;
  /** In the order in which they asked. */
  readonly callers: Caller[] = [];
  readonly held = new Set<FakeConnection>();
  dialFailures = 0;
  rejections = 0;

  constructor(minConnections: number) {
    this.pool = new ConnectionPool({
      spawnConnection: this.server.spawnConnection,
      maxConnections: MAX,
      minConnections,
      acquireTimeoutMs: 5_000,
      checkIdleAfterMs: 1_000,
      idleTimeoutMs: 10_000,
      maxLifetimeMs: 60_000,
      healthTimeoutMs: 500,
      random: () => 0.5,
    });
  }

  get waiting(): Caller[] {
    return this.callers.filter(({ outcome }) => outcome === 'waiting');
  }

  get alive(): FakeConnection[] {
    return this.server.connections.filter(({ closed }) => !closed);
  }

  acquire(timeoutMs: number | undefined): void {
    const caller: Caller = { abort: new AbortController(), outcome: 'waiting' };
    this.callers.push(caller);
    this.pool.waitForConnection({ signal: caller.abort.signal, timeoutMs }).then(
      (connection) => {
        expect(caller).toBe(this.waiting[0]);
        caller.outcome = 'served';
        expect(connection).toMatchObject({ closed: false, dirty: false, idle: true });
        expect(this.held).not.toContain(connection);
        this.held.add(connection);
      },
      () => {
        caller.outcome = 'rejected';
        this.rejections++;
      },
    );
  }

  run([event, choice]: Step): void {
    const pick = <T>(from: readonly T[], act: (chosen: T) => void): void => {
      const chosen = from[choice % from.length];
      if (chosen !== undefined) act(chosen);
    };
    const giveBack = (change: (connection: FakeConnection) => void): void =>
      pick([...this.held], (connection) => {
        change(connection);
        this.held.delete(connection);
        this.pool.putConnection(connection);
      });
    const probe = (passes: boolean): void =>
      pick(
        this.alive.filter((connection) => connection.probe !== undefined),
        (connection) => {
          connection.probe?.resolve(passes);
          connection.probe = undefined;
        },
      );
    const events: Record<Step[0], () => void> = {
      acquire: () => this.acquire(undefined),
      acquireBriefly: () => this.acquire(1 + (choice % 700)),
      put: () => giveBack(() => {}),
      putDirty: () =>
        giveBack((connection) => {
          connection.dirty = true;
        }),
      putOwing: () =>
        giveBack((connection) => {
          connection.idle = false;
        }),
      remove: () => pick(this.alive, (connection) => this.pool.removeConnection(connection)),
      die: () => pick(this.alive, (connection) => connection.die()),
      dialSucceeds: () => pick(this.server.dials, (dial) => dial.succeed()),
      dialFails: () =>
        pick(this.server.dials, (dial) => {
          this.dialFailures++;
          dial.fail();
        }),
      probePasses: () => probe(true),
      probeFails: () => probe(false),
      abort: () => pick(this.waiting, ({ abort }) => abort.abort()),
      time: () => vi.advanceTimersByTime(choice % 2_000),
      longTime: () => vi.advanceTimersByTime((choice % 40) * 1_000),
    };
    events[event]();
  }

  check(): void {
    const { size, idle, inUse, connecting, checking, resetting, waiting } = this.pool.metrics();
    expect(size).toBe(idle + inUse + connecting + checking + resetting);
    expect(connecting).toBe(this.server.dials.length);
    expect(this.alive.length + connecting).toBe(size);
    expect(size).toBeLessThanOrEqual(MAX);
    expect(waiting).toBe(this.waiting.length);
    const heldAlive = [...this.held].filter(({ closed }) => !closed);
    expect(new Set(this.pool.usedConnections)).toEqual(new Set(heldAlive));
    expect(this.pool.pool.filter(({ closed }) => closed)).toEqual([]);
    // Nobody waits for nothing: there is something on the way for each, or no room for more.
    const coming = connecting + checking + resetting;
    if (waiting > coming) expect({ idle, size }).toEqual({ idle: 0, size: MAX });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Callers that come and go, and time, are what most histories are made of. */
const weights: Partial<Record<Step[0], number>> = {
  acquire: 5,
  put: 2,
  dialSucceeds: 3,
  time: 3,
  probePasses: 2,
};
const event = fc.oneof(
  ...EVENTS.map((name) => ({ weight: weights[name] ?? 1, arbitrary: fc.constant(name) })),
);
const steps = fc.array(fc.tuple(event, fc.nat({ max: 3_000 })), { maxLength: 60, size: 'max' });

it('never lends more, lends twice, lends the unfit, or lets anybody wait out of turn or for ever', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 }), steps, async (minConnections, plan) => {
      const failures: unknown[] = [];
      const onRejection = (reason: unknown): void => void failures.push(reason);
      process.on('unhandledRejection', onRejection);
      const world = new World(minConnections);
      try {
        for (const step of plan) {
          const { rejections } = world;
          world.run(step);
          await vi.advanceTimersByTimeAsync(0);
          world.check();
          if (step[0] === 'dialFails') expect(world.rejections - rejections).toBeLessThanOrEqual(1);
        }
        const closed = world.pool.close({ deadlineMs: 1_000 });
        for (const { fail } of [...world.server.dials]) fail();
        await vi.advanceTimersByTimeAsync(1_000);
        await closed;
        await new Promise((resolve) => process.nextTick(resolve));
        expect(failures).toEqual([]);
        expect(world.waiting).toEqual([]);
        expect(world.alive).toEqual([]);
        expect(vi.getTimerCount()).toBe(0);
      } finally {
        process.off('unhandledRejection', onRejection);
        world.pool.destroy();
        vi.clearAllTimers();
      }
    }),
    { numRuns: 300 },
  );
});
