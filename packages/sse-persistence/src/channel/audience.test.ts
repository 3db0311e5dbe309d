import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ListenerPolicy } from '../event-feed.js';
import type { Signal, Touch, Touched } from '../store/channel-store.js';
import { MemoryDirectory } from '../store/memory-directory.js';
import { type Attendant, Audience } from './audience.js';

const NOTHING: Touched = { takenOver: [], stopped: [], isOver: false };

/** A directory that remembers what it was asked, and says what it is told to. */
class FakeDirectory extends MemoryDirectory {
  readonly touches: (readonly Touch[])[] = [];
  readonly released: string[][] = [];
  readonly saved: ReadonlyMap<string, string>[] = [];
  answer: () => Promise<Touched> = () => Promise.resolve(NOTHING);
  failing = false;
  tell: (signal: Signal) => void = () => undefined;

  override touch(listeners: readonly Touch[]): Promise<Touched> {
    this.touches.push(listeners);
    return this.answer();
  }

  override async release(listeners: readonly string[]): Promise<void> {
    this.released.push([...listeners]);
  }

  override async savePositions(positions: ReadonlyMap<string, string>): Promise<void> {
    if (this.failing) throw new Error('no connection');
    this.saved.push(positions);
  }

  override async watch(onSignal: (signal: Signal) => void): Promise<AsyncDisposable> {
    this.tell = onSignal;
    return { [Symbol.asyncDispose]: () => Promise.resolve() };
  }
}

class Reader implements Attendant {
  readonly ends: string[] = [];
  readonly listener: string | undefined;
  readonly policy: ListenerPolicy;

  constructor(listener: string | undefined, policy: ListenerPolicy = 'take-over') {
    this.listener = listener;
    this.policy = policy;
  }

  end(reason: string): void {
    this.ends.push(reason);
  }
}

describe('Audience', () => {
  let directory: FakeDirectory;
  let audience: Audience;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    directory = new FakeDirectory();
    audience = new Audience('c', directory);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('says every 25 s at most who is here, and stops when nobody is', async () => {
    const [ann, bob, shared] = [new Reader('ann'), new Reader(undefined), new Reader('eve', 'share')];
    for (const reader of [ann, bob, shared]) await audience.join(reader);
    await vi.advanceTimersByTimeAsync(25_000);
    const all = [
      { listener: 'ann', isShared: false },
      { listener: 'eve', isShared: true },
    ];
    expect(directory.touches).toEqual([all]);
    await vi.advanceTimersByTimeAsync(50_000);
    expect(directory.touches.length).toBeGreaterThanOrEqual(3);
    for (const reader of [ann, bob, shared]) audience.leave(reader);
    expect(vi.getTimerCount()).toBe(0);
    await audience.close();
    expect(directory.released).toEqual([['ann', 'eve']]);
  });

  it('ends readers that a touch has found to be served elsewhere, stopped, or all', async () => {
    const readers = ['ann', 'bob', 'eve'].map((id) => new Reader(id));
    for (const reader of readers) await audience.join(reader);
    directory.answer = () => Promise.resolve({ takenOver: ['ann'], stopped: ['bob'], isOver: false });
    directory.tell({ type: 'gap' });
    await vi.advanceTimersByTimeAsync(0);
    expect(readers.map(({ ends }) => ends)).toEqual([['taken-over'], ['stopped'], []]);
    directory.answer = () => Promise.resolve({ ...NOTHING, isOver: true });
    await vi.advanceTimersByTimeAsync(25_000);
    expect(readers[2]?.ends).toEqual(['stopped']);
    directory.answer = () => Promise.reject(new Error('no connection'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(directory.touches.length).toBeGreaterThanOrEqual(4);
  });

  it('writes positions down once a second, and again when that has failed', async () => {
    audience.note('ann', 'e.1');
    audience.note('ann', 'e.2');
    directory.failing = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(directory.saved).toEqual([]);
    expect(audience.noted('ann')).toBe('e.2');
    directory.failing = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(directory.saved).toEqual([new Map([['ann', 'e.2']])]);
    expect(vi.getTimerCount()).toBe(0);
    audience.note('ann', 'e.3');
    await audience.close();
    expect(directory.saved.at(-1)).toEqual(new Map([['ann', 'e.3']]));
  });

  it('asks once for all who come at the same time without a listener', async () => {
    const admit = vi.spyOn(directory, 'admit');
    await Promise.all(Array.from({ length: 50 }, () => audience.join(new Reader(undefined))));
    expect(admit).toHaveBeenCalledTimes(1);
    expect(audience.size).toBe(50);
  });

  it('does not release a listener that has come back in the same turn', async () => {
    const [first, second] = [new Reader('ann'), new Reader('ann')];
    await audience.join(first);
    audience.leave(first);
    const joining = audience.join(second);
    await joining;
    audience.leave(first);
    await audience.close();
    expect(directory.released.flat()).toEqual(['ann']);
    expect(await directory.present()).toEqual(['ann']);
  });
});
