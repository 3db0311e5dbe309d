import { describe, expect, it } from 'vitest';
import { type ClientState, StatusSource } from './client-status.js';

const connecting: ClientState = { state: 'connecting', attempt: 1 };
const ready: ClientState = { state: 'ready' };
const closed: ClientState = { state: 'closed' };
const down = (retryInMs: number): ClientState => ({ state: 'down', cause: new Error('gone'), retryInMs });

/** Counts the watchers that have not been taken away. */
class CountedSource extends StatusSource {
  watchers = 0;
  override watch(watcher: (state: ClientState) => void): () => void {
    this.watchers++;
    const unwatch = super.watch(watcher);
    return () => {
      this.watchers--;
      unwatch();
    };
  }
}

describe('current', () => {
  it('follows, until it is closed', () => {
    const source = new StatusSource(connecting);
    expect(source.status.current).toBe(connecting);
    source.set(ready);
    expect(source.status.current).toBe(ready);
    source.set(closed);
    source.set(ready);
    expect(source.status.current).toBe(closed);
  });

  it('cannot be changed by those who look', () => {
    expect(Object.isFrozen(new StatusSource(ready).status)).toBe(true);
  });
});

describe('until', () => {
  it('resolves at once, or when the state comes, with its details', async () => {
    const source = new CountedSource(connecting);
    await expect(source.status.until('connecting')).resolves.toBe(connecting);
    const waiting = source.status.until('down');
    const lost = down(5);
    source.set(ready);
    source.set(lost);
    source.set(connecting);
    const details = await waiting;
    expect(details).toBe(lost);
    expect(details.retryInMs).toBe(5);
    expect(source.watchers).toBe(0);
  });

  it('rejects when the client is closed, unless that was waited for', async () => {
    const source = new CountedSource(connecting);
    const cause = new Error('gave up');
    const outcomes = Promise.allSettled([source.status.until('ready'), source.status.until('closed')]);
    source.set({ state: 'closed', cause });
    expect(await outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'CLOSED', cause } },
      { status: 'fulfilled', value: { state: 'closed' } },
    ]);
    await expect(source.status.until('ready')).rejects.toMatchObject({ code: 'CLOSED' });
    expect(source.watchers).toBe(0);
  });

  it('ends by its signal, before and while it waits', async () => {
    const source = new CountedSource(connecting);
    const controller = new AbortController();
    const waiting = source.status.until('ready', { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED', cause: reason });
    await expect(source.status.until('ready', { signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(source.watchers).toBe(0);
  });

  it('ends by its timeout, and says what was waited for', async () => {
    const source = new CountedSource(connecting);
    await expect(source.status.until('ready', { timeoutMs: 1 })).rejects.toMatchObject({
      code: 'TIMEOUT',
      timeoutMs: 1,
      message: expect.stringContaining('waiting for the client to be ready'),
    });
    expect(source.watchers).toBe(0);
  });
});

describe('iteration', () => {
  it('begins with the state at its first next, and ends after closed', async () => {
    const source = new CountedSource(connecting);
    const iteration = source.status[Symbol.asyncIterator]();
    expect(source.watchers).toBe(0);
    source.set(ready);
    expect(await iteration.next()).toEqual({ done: false, value: ready });
    const next = iteration.next();
    source.set(down(1));
    expect(await next).toMatchObject({ value: { state: 'down', retryInMs: 1 } });
    source.set(closed);
    expect(await iteration.next()).toEqual({ done: false, value: closed });
    expect(await iteration.next()).toEqual({ done: true, value: undefined });
    expect(source.watchers).toBe(0);
  });

  it('gives a slow reader the newest state only', async () => {
    const source = new StatusSource(connecting);
    const iteration = source.status[Symbol.asyncIterator]();
    await iteration.next();
    for (let i = 0; i < 10; i++) source.set(down(i));
    expect(await iteration.next()).toMatchObject({ value: { state: 'down', retryInMs: 9 } });
    const waiting = iteration.next();
    source.set(ready);
    expect(await waiting).toEqual({ done: false, value: ready });
  });

  it('serves readers that wait at the same time in order', async () => {
    const source = new StatusSource(connecting);
    const iteration = source.status[Symbol.asyncIterator]();
    const both = Promise.all([iteration.next(), iteration.next()]);
    source.set(ready);
    expect(await both).toEqual([
      { done: false, value: connecting },
      { done: false, value: ready },
    ]);
  });

  it('leaves nothing behind when it is left', async () => {
    const source = new CountedSource(connecting);
    for await (const state of source.status) {
      expect(state).toBe(connecting);
      expect(source.watchers).toBe(1);
      break;
    }
    expect(source.watchers).toBe(0);
  });

  it('ends a pending next by return', async () => {
    const source = new CountedSource(connecting);
    const iteration = source.status[Symbol.asyncIterator]();
    await iteration.next();
    const pending = iteration.next();
    await iteration.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    source.set(ready);
    expect(await iteration.next()).toEqual({ done: true, value: undefined });
    expect(source.watchers).toBe(0);
  });

  it('keeps readers apart', async () => {
    const source = new StatusSource(ready);
    const [one, two] = [source.status[Symbol.asyncIterator](), source.status[Symbol.asyncIterator]()];
    await one.return?.();
    expect(await two.next()).toEqual({ done: false, value: ready });
    expect(await one.next()).toEqual({ done: true, value: undefined });
  });
});
