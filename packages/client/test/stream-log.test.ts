import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RedisDriver } from '../src/driver.js';
import {
  type LogEvent,
  type OpenOptions,
  StreamLog,
  type StreamLogOptions,
} from '../src/stream-log/index.js';
import { type OpenDriver, seamDrivers } from './support/seam-drivers.js';
import { SpiedDriver } from './support/spied-driver.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
beforeEach(() => server.command('FLUSHALL'));

/** An event in short: the text of an entry, or what happened. */
function told(event: LogEvent<string> | undefined): string | undefined {
  if (event === undefined) return undefined;
  if (event.type === 'entry') {
    const { text } = event.data;
    return text;
  }
  return event.type === 'reset' ? `reset: ${event.reason}` : 'open';
}

describe.each(seamDrivers)('StreamLog over $name', ({ open }) => {
  let opened: OpenDriver;
  let driver: RedisDriver;
  let spied: SpiedDriver;
  // Each test has processes of its own, so to speak.
  beforeEach(() => {
    opened = open(server);
    spied = new SpiedDriver(opened.driver);
    ({ driver } = spied);
    return () => opened[Symbol.asyncDispose]();
  });

  const logOf = (options: Partial<StreamLogOptions<'string'>> = {}) =>
    new StreamLog(driver, { keys: 'log', ...options, replies: 'string' });

  /** The next events of a reader, in short. */
  async function next(reader: AsyncIterator<LogEvent<string>, undefined>, count: number) {
    const events: (string | undefined)[] = [];
    while (events.length < count) events.push(told((await reader.next()).value));
    return events;
  }

  const write = async (log: StreamLog<'string'>, ...texts: string[]) => {
    let position = '';
    for (const text of texts) ({ position } = await log.append({ text }));
    return position;
  };

  describe('appends', () => {
    it('number the entries, and keep bytes as they are', async () => {
      await using log = new StreamLog(driver, { keys: 'log' });
      const bytes = Uint8Array.of(0, 255, 58, 13, 10);
      const one = await log.append({ 'a:b': bytes, __proto__x: 'x', empty: '' });
      const two = await log.append({ d: '2' });
      expect([one.offset, two.offset, one.duplicate]).toEqual([1, 2, false]);
      const { entries, position, more, reset } = await log.read();
      expect({ position, more, reset }).toEqual({ position: two.position, more: false, reset: undefined });
      expect(entries[0]).toMatchObject({ type: 'entry', position: one.position, offset: 1 });
      expect(Object.entries(entries[0]?.data ?? {}).map(([name, value]) => [name, [...value]])).toEqual([
        ['a:b', [...bytes]],
        ['__proto__x', [120]],
        ['empty', []],
      ]);
      expect(Math.abs((entries[0]?.at ?? 0) - Date.now())).toBeLessThan(60_000);
    });

    it('of the same idempotency key are one, and say so', async () => {
      await using log = logOf();
      const first = await log.append({ text: 'a' }, { idempotencyKey: 'k' });
      await log.append({ text: 'b' });
      expect(await log.append({ text: 'again' }, { idempotencyKey: 'k' })).toEqual({
        ...first,
        duplicate: true,
      });
      expect((await log.append({ text: 'c' }, { idempotencyKey: 'other' })).offset).toBe(3);
      expect(await server.command('PTTL', 'log:once:k')).toBeGreaterThan(290_000);
    });

    it('publish a copy for those who know nothing of logs, once', async () => {
      await using log = logOf();
      const heard: string[] = [];
      const news = await driver.subscribe({ channel: 'news' }, ({ payload }) => heard.push(payload));
      const copyTo = { channel: 'news', payload: 'plain' };
      await log.append({ text: 'a' }, { copyTo, idempotencyKey: 'k' });
      await log.append({ text: 'again' }, { copyTo, idempotencyKey: 'k' });
      await log.append({ text: 'b' }, { copyTo: { ...copyTo, payload: 'last' } });
      await expect.poll(() => heard).toEqual(['plain', 'last']);
      await expect(log.append({ text: 'c' }, { copyTo: { channel: '', payload: '' } })).rejects.toMatchObject(
        {
          code: 'INVALID_OPTION',
          option: 'copyTo.channel',
        },
      );
      await news.unsubscribe();
    });

    it('keep so many entries, exactly when asked', async () => {
      await using log = logOf({ history: { size: 3, exact: true } });
      await write(log, 'a', 'b', 'c', 'd', 'e');
      expect((await log.read()).entries.map(told)).toEqual(['c', 'd', 'e']);
    });

    it('drop what is too old', async () => {
      await using log = logOf({ history: { ageMs: 60_000 } });
      await write(log, 'a', 'b');
      const [meta, old] = [await server.command('HGETALL', 'log:meta'), Date.now() - 61_000];
      // As if they had been written a minute ago.
      await server.command('DEL', 'log:log');
      for (let i = 1; i <= 100; i++) {
        await server.command(
          'XADD',
          'log:log',
          `${i}-0`,
          'p',
          `${i - 1}`,
          't',
          `${old}`,
          'x',
          '',
          'text',
          'x',
        );
      }
      await server.command('HSET', 'log:meta', 's', '100', 'b', '100');
      expect(meta).not.toEqual([]);
      await write(log, 'c', 'd');
      expect((await log.read()).entries.map(told)).toEqual(['c', 'd']);
    });

    it('give every key a time to live', async () => {
      await using log = logOf({ history: { ageMs: 60_000 }, metaTtlMs: 90_000 });
      await log.append({ text: 'a' }, { idempotencyKey: 'k' });
      await log.append({ text: 'b' }, { target: 'x' });
      for (const key of (await server.command('KEYS', '*')) as string[]) {
        expect([key, Number(await server.command('PTTL', key)) > 50_000]).toEqual([key, true]);
      }
      await using fresh = logOf({ keys: 'fresh' });
      await fresh.position();
      expect(await server.command('PTTL', 'fresh:meta')).toBeGreaterThan(0);
    });

    it('refuse what is no entry', async () => {
      await using log = logOf();
      await expect(log.append({})).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      await expect(log.append({ text: null } as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    });
  });

  describe('a reader', () => {
    it('begins at the end, and gets what comes', async () => {
      await using log = logOf();
      await write(log, 'before');
      const reader = log.open();
      expect(await next(reader, 1)).toEqual(['open']);
      const position = await write(log, 'a', 'b');
      expect(await next(reader, 2)).toEqual(['a', 'b']);
      expect(reader.position).toBe(position);
    });

    it('goes on from a cursor, page by page, and then live', async () => {
      await using log = logOf();
      const cursor = await write(log, 'a');
      const texts = Array.from({ length: 250 }, (_, i) => `${i}`);
      await Promise.all(texts.map((text) => log.append({ text })));
      const reader = log.open(cursor);
      expect(await next(reader, 251)).toEqual(['open', ...texts]);
      await write(log, 'live');
      expect(await next(reader, 1)).toEqual(['live']);
    });

    it('begins at the oldest entry when asked', async () => {
      await using log = logOf({ history: { size: 2, exact: true } });
      await write(log, 'a', 'b', 'c');
      const reader = log.open(undefined, { from: 'start' });
      expect(await next(reader, 3)).toEqual(['open', 'b', 'c']);
      // Its first position can be continued from.
      const again = log.open(undefined, { from: 'start' });
      const { value } = await again.next();
      expect(await next(log.open(value?.position), 2)).toEqual(['open', 'b']);
    });

    it('gets what is for its target, in one order with what is for all, and nothing that excludes it', async () => {
      await using log = logOf();
      const cursor = await log.position();
      await log.append({ text: 'all' });
      await log.append({ text: 'x1' }, { target: 'x' });
      await log.append({ text: 'y1' }, { target: 'y' });
      await log.append({ text: 'not x' }, { exclude: 'x' });
      await log.append({ text: 'x2' }, { target: 'x' });
      await log.append({ text: 'all 2' });
      const readers = ['x', 'y', undefined].map((target) => log.open(cursor, { target }));
      const [x, y, nobody] = readers as [(typeof readers)[0], (typeof readers)[0], (typeof readers)[0]];
      expect(await next(x, 5)).toEqual(['open', 'all', 'x1', 'x2', 'all 2']);
      expect(await next(y, 5)).toEqual(['open', 'all', 'y1', 'not x', 'all 2']);
      expect(await next(nobody, 4)).toEqual(['open', 'all', 'not x', 'all 2']);
      await log.append({ text: 'x3' }, { target: 'x' });
      await log.append({ text: 'only y' }, { target: 'y' });
      await log.append({ text: 'end' });
      expect(await next(x, 2)).toEqual(['x3', 'end']);
      expect(await next(y, 2)).toEqual(['only y', 'end']);
      expect(await next(nobody, 1)).toEqual(['end']);
      const { entries } = await log.read(cursor, { target: 'x' });
      expect(entries.map(told)).toEqual(['all', 'x1', 'x2', 'all 2', 'x3', 'end']);
    });

    it('shares one subscription and what is live with all others, and resumes among the newest without Redis', async () => {
      await using log = logOf();
      const cursor = await log.position();
      const readers = Array.from({ length: 20 }, (_, i) => log.open(cursor, { target: `${i}` }));
      for (const reader of readers) await next(reader, 1);
      expect(await server.command('PUBSUB', 'NUMSUB', 'log')).toEqual(['log', 1]);
      await write(log, 'a', 'b');
      const before = spied.runs;
      const firsts = await Promise.all(readers.map((reader) => reader.next()));
      expect(new Set(firsts.map(({ value }) => value)).size).toBe(1);
      expect(await next(log.open(cursor, { target: 'new' }), 3)).toEqual(['open', 'a', 'b']);
      expect(spied.runs).toBe(before);
    });

    it('that is slow reads pages, and holds nothing meanwhile', async () => {
      await using log = logOf({ ring: { size: 4 } });
      const slow = log.open();
      const quick = log.open();
      await Promise.all([next(slow, 1), next(quick, 1)]);
      const texts = Array.from({ length: 300 }, (_, i) => `${i}`);
      for (const text of texts) await write(log, text);
      expect(await next(quick, 300)).toEqual(texts);
      expect(await next(slow, 300)).toEqual(texts);
    });

    it('keeps no more bytes for all than it is told', async () => {
      await using log = logOf({ ring: { bytes: 1_000 } });
      const reader = log.open();
      await next(reader, 1);
      const big = 'x'.repeat(900);
      await write(log, big, big, big);
      expect(await next(reader, 3)).toEqual([big, big, big]);
    });

    it('can be read when there is something, without waiting', async () => {
      await using log = logOf();
      const events: (string | undefined)[] = [];
      const options: OpenOptions = {
        onReadable: () => {
          for (let event = reader.read(); event !== undefined; event = reader.read())
            events.push(told(event));
        },
      };
      const reader = log.open(undefined, options);
      expect(reader.read()).toBeUndefined();
      await expect.poll(() => events).toEqual(['open']);
      await write(log, 'a', 'b');
      await expect.poll(() => events).toEqual(['open', 'a', 'b']);
      reader.close();
      expect(() => reader.read()).toThrow(expect.objectContaining({ code: 'CLOSED' }));
    });

    it('is not hurt by another whose callback throws', async () => {
      await using log = logOf();
      const warned = new Promise((resolve) => process.once('warning', resolve));
      const bad = log.open(undefined, {
        onReadable: () => {
          throw new Error('callback');
        },
      });
      const good = log.open();
      bad.read();
      expect(await next(good, 1)).toEqual(['open']);
      expect(await warned).toMatchObject({ message: 'callback' });
    });

    it('ends by a signal with an error, and by close() without', async () => {
      await using log = logOf();
      const quits = new AbortController();
      const aborted = log.open(undefined, { signal: quits.signal });
      const closed = log.open();
      await Promise.all([next(aborted, 1), next(closed, 1)]);
      const waiting = [aborted.next(), closed.next(), closed.next()];
      quits.abort('enough');
      await expect(waiting[0]).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
      expect(await aborted.next()).toEqual({ done: true, value: undefined });
      await log.close();
      expect(await waiting[1]).toEqual({ done: true, value: undefined });
      expect(await waiting[2]).toEqual({ done: true, value: undefined });
      expect(() => log.open()).toThrow(expect.objectContaining({ code: 'CLOSED' }));
      await expect(log.append({ text: 'a' })).rejects.toMatchObject({ code: 'CLOSED' });
      await expect.poll(() => server.command('PUBSUB', 'NUMSUB', 'log')).toEqual(['log', 0]);
      await expect(logOf().open(undefined, { signal: quits.signal }).next()).rejects.toMatchObject({
        code: 'ABORTED',
      });
    });

    it('is told what is wrong when trying again would not help', async () => {
      await using log = logOf();
      await server.command('SET', 'log:meta', 'no hash');
      await expect(log.open().next()).rejects.toMatchObject({ code: 'WRONGTYPE' });
    });

    it('is told, sooner or later, that the driver was closed', async () => {
      await using other = open(server);
      const log = new StreamLog(other.driver, { keys: 'log', checkMs: 100 });
      const readers = [log.open(), log.open()];
      for (const reader of readers) await reader.next();
      await other.driver.close();
      for (const reader of readers) await expect(reader.next()).rejects.toMatchObject({ code: 'CLOSED' });
    });

    it('goes on when replies get lost', async () => {
      await using log = logOf();
      const cursor = await write(log, 'a');
      await write(log, 'b');
      spied.loseReplies = 3;
      expect(await next(log.open(cursor), 2)).toEqual(['open', 'b']);
    });
  });

  describe('a reset comes', () => {
    it.each([
      ['another life', 'AAAAAAAAAAAA.1', 'epoch'],
      ['no cursor at all', 'nonsense', 'epoch'],
      ['an empty cursor', '', 'epoch'],
    ])('for %s', async (_, cursor, reason) => {
      await using log = logOf();
      const position = await write(log, 'a');
      const reader = log.open(cursor);
      expect((await reader.next()).value).toEqual({ type: 'reset', position, reason });
      await write(log, 'b');
      expect(await next(reader, 1)).toEqual(['b']);
      expect(await log.read(cursor)).toMatchObject({ reset: reason, entries: [], more: false });
    });

    it('for a cursor that is ahead', async () => {
      await using log = logOf();
      const position = await write(log, 'a');
      const reader = log.open(position.replace(/\.1$/, '.2'));
      expect((await reader.next()).value).toEqual({ type: 'reset', position, reason: 'ahead' });
    });

    it('for what was trimmed, by whomever, and not for a cursor behind which nothing is missing', async () => {
      await using log = logOf({ ring: { size: 0 } });
      const a = await write(log, 'a');
      const b = await write(log, 'b');
      await log.append({ text: 'x' }, { target: 'x' });
      await write(log, 'd');
      expect(await log.trim({ upTo: b })).toBe(2);
      expect(await log.trim({ upTo: 'nonsense' })).toBe(0);
      expect(await next(log.open(b), 2)).toEqual(['open', 'd']);
      expect(await next(log.open(a), 1)).toEqual(['reset: trimmed']);
      await server.command('XTRIM', 'log:log', 'MAXLEN', '0');
      expect(await next(log.open(b), 1)).toEqual(['reset: trimmed']);
    });

    it('for all who are behind when the stream is gone', async () => {
      await using log = logOf({ ring: { size: 0 } });
      const a = await write(log, 'a');
      const b = await write(log, 'b');
      const { position: x } = await log.append({ text: 'x' }, { target: 'x' });
      await server.command('DEL', 'log:log');
      for (const after of [false, true]) {
        if (after) await write(log, 'c');
        const rest = after ? ['c'] : [];
        expect(await next(log.open(a), 1)).toEqual(['reset: trimmed']);
        expect(await next(log.open(b), 1 + rest.length)).toEqual(['open', ...rest]);
        expect(await next(log.open(x, { target: 'x' }), 1 + rest.length)).toEqual(['open', ...rest]);
      }
    });

    it('for what is missing in the inbox, to its target only', async () => {
      await using log = logOf({ inbox: { size: 2 }, ring: { size: 0 } });
      const cursor = await log.position();
      const { position: x1 } = await log.append({ text: 'x1' }, { target: 'x' });
      await log.append({ text: 'x2' }, { target: 'x' });
      const { position: x3 } = await log.append({ text: 'x3' }, { target: 'x' });
      expect(await next(log.open(cursor, { target: 'x' }), 1)).toEqual(['reset: inbox']);
      expect(await next(log.open(x1, { target: 'x' }), 3)).toEqual(['open', 'x2', 'x3']);
      for (const target of ['y', undefined])
        expect(await next(log.open(cursor, { target }), 1)).toEqual(['open']);
      await log.removeInbox('x');
      expect(await next(log.open(x1, { target: 'x' }), 1)).toEqual(['reset: inbox']);
      expect(await next(log.open(x3, { target: 'x' }), 1)).toEqual(['open']);
      await log.append({ text: 'x4' }, { target: 'x' });
      expect(await next(log.open(x1, { target: 'x' }), 1)).toEqual(['reset: inbox']);
      expect(await next(log.open(x3, { target: 'x' }), 2)).toEqual(['open', 'x4']);
    });

    it('for who may have missed something when the list of inboxes is gone, or too long', async () => {
      await using log = logOf({ inbox: { targets: 2 }, ring: { size: 0 } });
      const cursor = await log.position();
      const { position: x } = await log.append({ text: 'x' }, { target: 'x' });
      await log.append({ text: 'y' }, { target: 'y' });
      const { position: z } = await log.append({ text: 'z' }, { target: 'z' });
      expect(await next(log.open(cursor, { target: 'x' }), 1)).toEqual(['reset: inbox']);
      expect(await next(log.open(x, { target: 'y' }), 2)).toEqual(['open', 'y']);
      await server.command('DEL', 'log:inboxes');
      expect(await next(log.open(x, { target: 'y' }), 1)).toEqual(['reset: inbox']);
      await write(log, 'later');
      expect(await next(log.open(z, { target: 'y' }), 2)).toEqual(['open', 'later']);
      await log.append({ text: 'y2' }, { target: 'y' });
      expect(await next(log.open(z, { target: 'y' }), 3)).toEqual(['open', 'later', 'y2']);
      expect(await next(log.open(x, { target: 'y' }), 1)).toEqual(['reset: inbox']);
    });

    it('for all who read when everything or the meta data is deleted, and never an old entry with it', async () => {
      await using log = logOf({ checkMs: 100 });
      for (const command of [['FLUSHALL'], ['DEL', 'log:meta']]) {
        await log.append({ text: 'x' }, { target: 'x' });
        const old = await write(log, 'a', 'b');
        const reader = log.open(old, { target: 'x' });
        expect(await next(reader, 1)).toEqual(['open']);
        await server.command(...(command as [string]));
        expect(await next(reader, 1)).toEqual(['reset: epoch']);
        await write(log, 'c');
        expect(await next(reader, 1)).toEqual(['c']);
        expect((await log.read(old, { target: 'x' })).reset).toBe('epoch');
        expect((await log.read(undefined, { target: 'x' })).entries.map(told)).toEqual(['c']);
        reader.close();
      }
    });

    it('at once when the log is removed, and nothing is left', async () => {
      await using log = logOf();
      await log.append({ text: 'x' }, { target: 'x' });
      await write(log, 'a');
      await log.remove();
      expect(await server.command('KEYS', '*')).toEqual([]);
      const reader = log.open();
      await next(reader, 1);
      await log.remove();
      expect(await next(reader, 1)).toEqual(['reset: epoch']);
    });

    it('when the log has lost its end', async () => {
      await using log = logOf({ checkMs: 100 });
      const reader = log.open();
      await next(reader, 1);
      await write(log, 'a');
      for (const part of ['log', 'meta']) await server.command('COPY', `log:${part}`, `replica:${part}`);
      await write(log, 'b');
      expect(await next(reader, 2)).toEqual(['a', 'b']);
      // A replica that had not heard of the last entry took over.
      for (const part of ['log', 'meta']) await server.command('RENAME', `replica:${part}`, `log:${part}`);
      expect(await next(reader, 1)).toEqual(['reset: ahead']);
      await write(log, 'c');
      expect(await next(reader, 1)).toEqual(['c']);
    });
  });

  describe('gaps', () => {
    const subscribers = () => server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');

    it('are filled after the loss of the subscription', async () => {
      await using log = logOf();
      await using other = open(server);
      await using writer = new StreamLog(other.driver, { keys: 'log', replies: 'string' });
      const reader = log.open();
      await next(reader, 1);
      for (let i = 0; i < 5; i++) {
        await subscribers();
        await write(writer, `${i}`);
        expect(await next(reader, 1)).toEqual([`${i}`]);
      }
    });

    it('of a quiet log are found by a check, all logs in one', async () => {
      const logs = ['one', 'two', 'three'].map((keys) => logOf({ keys, checkMs: 100 }));
      const readers = logs.map((log) => log.open());
      for (const reader of readers) await next(reader, 1);
      for (const log of logs) await write(log, 'a');
      for (const reader of readers) expect(await next(reader, 1)).toEqual(['a']);
      // Entries that nobody is told of.
      for (const keys of ['one', 'two', 'three']) {
        await server.command('XADD', `${keys}:log`, '2-0', 'p', '1', 't', '0', 'x', '', 'text', 'unheard');
        await server.command('HSET', `${keys}:meta`, 's', '2', 'b', '2');
      }
      for (const reader of readers) expect(await next(reader, 1)).toEqual(['unheard']);
      for (const log of logs) await log.close();
    });

    it('while live are read once for all', async () => {
      await using log = logOf();
      const cursor = await log.position();
      const readers = Array.from({ length: 50 }, (_, i) => log.open(cursor, { target: `${i}` }));
      for (const reader of readers) await next(reader, 1);
      const now = `${Date.now()}`;
      for (let i = 1; i <= 3; i++) {
        await server.command('XADD', 'log:log', `${i}-0`, 'p', `${i - 1}`, 't', now, 'x', '', 'text', `${i}`);
        await server.command('HSET', 'log:meta', 's', `${i}`, 'b', `${i}`);
      }
      const before = spied.runs;
      await log.append({ text: 'for 7' }, { target: '7' });
      await log.append({ text: 'end' });
      const all = await Promise.all(readers.map((reader, i) => next(reader, i === 7 ? 5 : 4)));
      for (const [i, events] of all.entries()) {
        expect(events).toEqual(['1', '2', '3', ...(i === 7 ? ['for 7'] : []), 'end']);
      }
      // Two appends, one page for all, and one for the target that has something of its own.
      expect(spied.runs - before).toBeLessThanOrEqual(5);
    });

    it('and what others publish there do no harm', async () => {
      await using log = logOf();
      const reader = log.open();
      await next(reader, 1);
      for (const message of ['', 'hello', '3:abc', '99:x', '1:a1:b1:c', '1:x1:91:t0:', '999999999999:']) {
        await server.command('PUBLISH', 'log', message);
      }
      await write(log, 'a');
      expect(await next(reader, 1)).toEqual(['a']);
    });
  });

  it('follows a log for a while when nobody reads it, so that who comes back costs nothing', async () => {
    await using log = logOf({ lingerMs: 100 });
    const reader = log.open();
    await next(reader, 1);
    const { position } = reader;
    reader.close();
    await write(log, 'a');
    const before = spied.runs;
    const again = log.open(position);
    expect(await next(again, 2)).toEqual(['open', 'a']);
    expect(spied.runs).toBe(before);
    again.close();
    await expect.poll(() => server.command('PUBSUB', 'NUMSUB', 'log')).toEqual(['log', 0]);
  });

  it('tells how far a reader is behind', async () => {
    await using log = logOf();
    const [fast, slow] = [log.open(), log.open()];
    expect(slow.behind).toBe(0);
    await next(slow, 1);
    await next(fast, 1);
    await write(log, 'a', 'b', 'c');
    await next(fast, 3);
    expect([fast.behind, slow.behind]).toEqual([0, 3]);
    await next(slow, 1);
    expect(slow.behind).toBe(2);
  });

  it('works over shard channels', async () => {
    await using log = logOf({ publish: 'shard' });
    const reader = log.open();
    expect(await next(reader, 1)).toEqual(['open']);
    await write(log, 'a');
    expect(await next(reader, 1)).toEqual(['a']);
  });
});

describe('options of a StreamLog', () => {
  const driver = { topology: 'cluster' } as RedisDriver;
  it.each([
    [{ history: { size: 0 } }, 'history.size'],
    [{ history: { ageMs: 0 } }, 'history.ageMs'],
    [{ history: { exact: 1 } }, 'history.exact'],
    [{ history: 5 }, 'history'],
    [{ metaTtlMs: 60_000 }, 'metaTtlMs'],
    [{ inbox: { size: 0 } }, 'inbox.size'],
    [{ publish: 'pattern' }, 'publish'],
    [{ pageSize: 0 }, 'pageSize'],
    [{ keys: 'log' }, 'keys'],
  ])('%o are refused', (wrong, option) => {
    const options = { keys: 'log:{a}', ...wrong } as StreamLogOptions;
    expect(() => new StreamLog(driver, options)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option }),
    );
  });
});
