import { beforeEach, describe, expect, it } from 'vitest';
import type { Signal } from '../src/index.js';
import { RedisDirectory } from '../src/store/redis-directory.js';
import { channelKeys } from '../src/store/storage-keys.js';
import { testServer } from './support/test-server.js';
import { type Way, ways } from './support/ways.js';

const server = await testServer();
const HOUR_MS = 3_600_000;

describe.each(ways)('a directory over $name', ({ open }) => {
  let way: Way;
  beforeEach(() => {
    way = open(server);
    return () => way[Symbol.asyncDispose]();
  });

  /** As another process sees it. */
  const directoryOf = () =>
    new RedisDirectory(way.driver, channelKeys('c'), {
      listenerTtlMs: HOUR_MS,
      presenceMs: 60_000,
      stopTtlMs: 1_000,
    });

  const mine = (listener: string) => [{ listener, isShared: false }];
  /** As if nothing had been heard of a listener since. */
  const lastSeen = (listener: string, ageMs: number) =>
    server.command('ZADD', 'sse:{c}:seen', String(Date.now() - ageMs), listener);

  it('hears of a take-over by signal, and by touch', async () => {
    const [one, two] = [directoryOf(), directoryOf()];
    const signals: Signal[] = [];
    await using _watching = await one.watch((signal) => signals.push(signal));
    expect(await one.admit('a:b', 'take-over')).toEqual({ type: 'admitted', position: undefined });
    expect(await two.admit('a:b', 'refuse')).toEqual({ type: 'busy' });
    expect(await two.admit('a:b', 'share')).toEqual({ type: 'admitted', position: undefined });
    expect((await one.touch(mine('a:b'))).takenOver).toEqual([]);
    await two.admit('a:b', 'take-over');
    await expect.poll(() => signals).toEqual([{ type: 'taken-over', listener: 'a:b' }]);
    expect(await one.touch(mine('a:b'))).toEqual({ takenOver: ['a:b'], stopped: [], isOver: false });
    expect((await one.touch([{ listener: 'a:b', isShared: true }])).takenOver).toEqual([]);
    // Who does not serve it any more cannot take it from who does.
    await one.release(['a:b']);
    expect(await two.present()).toEqual(['a:b']);
    await two.release(['a:b']);
    expect(await two.present()).toEqual([]);
    expect(await one.admit('a:b', 'refuse')).toMatchObject({ type: 'admitted' });
  });

  it('lets another process have the listeners of one that has died', async () => {
    const [one, two] = [directoryOf(), directoryOf()];
    await one.admit('a', 'refuse');
    expect(await two.admit('a', 'refuse')).toEqual({ type: 'busy' });
    await lastSeen('a', 1);
    expect(await two.present()).toEqual([]);
    expect(await two.admit('a', 'refuse')).toMatchObject({ type: 'admitted' });
    expect((await one.touch(mine('a'))).takenOver).toEqual(['a']);
  });

  it('keeps who is there, and forgets who was not seen for long', async () => {
    const directory = directoryOf();
    for (const id of ['here', 'gone']) {
      await directory.register({ id, createdAt: 1, queueType: 'plain' }, 'e.1');
      await lastSeen(id, 2 * HOUR_MS);
    }
    await directory.admit('here', 'take-over');
    await lastSeen('here', 2 * HOUR_MS);
    await directory.touch(mine('here'));
    expect((await directory.list(() => undefined)).map(({ id }) => id)).toEqual(['here']);
    expect(await directory.position('gone')).toBeUndefined();
    expect(await directory.position('here')).toBe('e.1');
    expect(await directory.present()).toEqual(['here']);
  });

  it('stops listeners, and all, until the time is over', async () => {
    const directory = directoryOf();
    const signals: Signal[] = [];
    await using _watching = await directory.watch((signal) => signals.push(signal));
    await directory.admit('a', 'share');
    await directory.stop('a');
    expect(await directory.touch(mine('a'))).toEqual({ takenOver: [], stopped: ['a'], isOver: false });
    expect(await directory.admit('a', 'share')).toEqual({ type: 'stopped' });
    expect(await directory.admit(undefined, 'share')).toMatchObject({ type: 'admitted' });
    await directory.stop(undefined);
    expect((await directory.touch([])).isOver).toBe(true);
    expect(await directory.admit(undefined, 'share')).toEqual({ type: 'stopped' });
    await expect
      .poll(() => signals)
      .toEqual([
        { type: 'stopped', listener: 'a' },
        { type: 'stopped', listener: undefined },
      ]);
    await server.command('ZADD', 'sse:{c}:stopped', String(Date.now() - 1), 'a', String(Date.now() - 1), '');
    expect(await directory.admit('a', 'share')).toMatchObject({ type: 'admitted' });
  });

  it('takes positions forward only, in the same life of the log, and none of listeners that were removed', async () => {
    const directory = directoryOf();
    await directory.register({ id: 'a', createdAt: 1, queueType: 'plain' }, 'e.9');
    await directory.register({ id: 'a', createdAt: 2, queueType: 'blocking' }, 'e.1');
    expect(await directory.list(() => undefined)).toEqual([{ id: 'a', createdAt: 1, queueType: 'plain' }]);
    const saved = async (position: string) => {
      await directory.savePositions(
        new Map([
          ['a', position],
          ['stranger', position],
        ]),
      );
      return directory.position('a');
    };
    expect(await saved('e.10')).toBe('e.10');
    expect(await saved('e.9')).toBe('e.10');
    expect(await saved('f.1')).toBe('f.1');
    expect(await directory.position('stranger')).toBeUndefined();
    await directory.remove('a');
    expect(await saved('f.2')).toBeUndefined();
  });

  it('handles many at once', async () => {
    const directory = directoryOf();
    const ids = Array.from({ length: 1_234 }, (_, i) => `l${String(i).padStart(4, '0')}`);
    await Promise.all(ids.map((id) => directory.admit(id, 'take-over')));
    await directory.savePositions(new Map(ids.map((id) => [id, 'e.5'])));
    await directory.touch(ids.flatMap(mine));
    expect(await directory.present()).toEqual(ids);
    expect((await directory.list(() => undefined)).map(({ id }) => id)).toEqual(ids);
    expect(await directory.position('l1233')).toBe('e.5');
    await directory.release(ids);
    expect(await directory.present()).toEqual([]);
  });

  it('ignores what others say on its topic', async () => {
    const directory = directoryOf();
    const signals: Signal[] = [];
    await using _watching = await directory.watch((signal) => signals.push(signal));
    for (const text of ['', 'hello', 'taken:', 'taken:x', 'stopped']) {
      await server.command('PUBLISH', 'sse:{c}:control', text);
    }
    await directory.stop('end\n:');
    await expect.poll(() => signals).toEqual([{ type: 'stopped', listener: 'end\n:' }]);
  });
});
