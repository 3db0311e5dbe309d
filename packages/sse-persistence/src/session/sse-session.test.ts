import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FeedItem } from '../event-feed.js';
import { HEARTBEAT } from './control-frames.js';
import { EventFrame } from './event-frame.js';
import { SessionCounters } from './session-counters.js';
import type { SessionEnd } from './session-end.js';
import { resolveSessionOptions, type SseSessionsOptions } from './session-options.js';
import type { SessionSink } from './session-sink.js';
import { SseSession } from './sse-session.js';
import { TickQueue } from './tick-queue.js';

/** A session between a feed and a connection that do what the test says. */
class Bench {
  readonly written: EventFrame[] = [];
  readonly items: FeedItem[] = [];
  readonly ends: SessionEnd[] = [];
  readonly session: SseSession;
  hasRoom = true;
  isDestroyed = false;

  constructor(options: SseSessionsOptions = {}) {
    const around = {
      options: resolveSessionOptions(options),
      counters: new SessionCounters(),
      queue: new TickQueue(),
      ended: (_: SseSession, end: SessionEnd) => void this.ends.push(end),
      closed: () => undefined,
    };
    const feed = { id: 'news', open: () => reader };
    const reader = { read: () => this.items.shift(), close: () => undefined };
    const subject = {
      feed,
      listener: undefined,
      endsBy: Number.POSITIVE_INFINITY,
      onEnd: () => undefined,
    };
    this.session = new SseSession(around, subject, reader);
    const sink: SessionSink = {
      queuedBytes: 0,
      write: (frame) => {
        this.written.push(frame);
        return this.hasRoom;
      },
      end: () => undefined,
      destroy: () => {
        this.isDestroyed = true;
      },
    };
    this.session.start(sink, { type: 'open', position: 'e.0' });
    vi.advanceTimersToNextTimer();
  }

  send(data: string): void {
    this.items.push({ type: 'event', frame: EventFrame.of({ data }) });
    this.session.wake();
    vi.advanceTimersToNextTimer();
  }

  get heartbeats(): number {
    return this.written.filter((frame) => frame === HEARTBEAT).length;
  }

  sweepAfter(ms: number): void {
    vi.advanceTimersByTime(ms);
    this.session.sweep(performance.now());
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setImmediate'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('heartbeats', () => {
  it('come when nothing was written for their time', () => {
    const bench = new Bench({ heartbeatMs: 100 });
    bench.sweepAfter(99);
    expect(bench.heartbeats).toBe(0);
    bench.sweepAfter(1);
    bench.sweepAfter(50);
    expect(bench.heartbeats).toBe(1);
    bench.sweepAfter(50);
    expect(bench.heartbeats).toBe(2);
  });

  it('are put off by events', () => {
    const bench = new Bench({ heartbeatMs: 100 });
    for (let i = 0; i < 5; i++) {
      bench.sweepAfter(90);
      bench.send('event');
    }
    expect(bench.written).toHaveLength(6);
    expect(bench.heartbeats).toBe(0);
    bench.sweepAfter(100);
    expect(bench.heartbeats).toBe(1);
  });

  it('do not come to a connection that has no room', () => {
    const bench = new Bench({ heartbeatMs: 100 });
    bench.hasRoom = false;
    bench.send('event');
    bench.sweepAfter(200);
    expect(bench.heartbeats).toBe(0);
  });
});

describe('a connection without room', () => {
  it('is let go after the time for that, and not while it takes something', () => {
    const bench = new Bench({ stallTimeoutMs: 1_000 });
    bench.hasRoom = false;
    bench.send('one');
    bench.sweepAfter(900);
    bench.session.drained();
    bench.send('two');
    bench.sweepAfter(900);
    expect(bench.ends).toEqual([]);
    bench.sweepAfter(100);
    expect(bench.ends).toMatchObject([{ reason: 'stalled', events: 2 }]);
    expect(bench.isDestroyed).toBe(true);
  });
});

describe('what waits', () => {
  it('is written in pieces, for as long as there is room', () => {
    const bench = new Bench();
    bench.hasRoom = false;
    bench.send('first');
    for (let i = 0; i < 4; i++) bench.send('x'.repeat(40_000));
    bench.send('last');
    expect(bench.written).toHaveLength(2);
    const drain = () => {
      bench.session.drained();
      vi.advanceTimersToNextTimer();
    };
    drain();
    expect(bench.written.slice(2).map(({ bytes }) => bytes.length)).toEqual([80_016]);
    bench.hasRoom = true;
    drain();
    expect(bench.written.slice(3).map(({ bytes }) => bytes.length)).toEqual([80_016, 12]);
    bench.session.end('drained');
    expect(bench.ends).toMatchObject([{ events: 6 }]);
  });
});

describe('an end by age', () => {
  it('comes at nine to eleven tenths of it', () => {
    for (let i = 0; i < 50; i++) {
      const bench = new Bench({ maxAgeMs: 1_000 });
      bench.sweepAfter(899);
      expect(bench.ends).toEqual([]);
      bench.sweepAfter(201);
      expect(bench.ends).toMatchObject([{ reason: 'max-age' }]);
    }
  });
});
