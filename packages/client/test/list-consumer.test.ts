import { getEventListeners } from 'node:events';
import { type RedisServer, seededRandom, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RedisDriver } from '../src/driver.js';
import { ListConsumer, type ListConsumerOptions, type ListEntry } from '../src/list-consumer/index.js';
import { type OpenDriver, seamDrivers } from './support/seam-drivers.js';
import { withSeed } from './support/seed.js';
import { SpiedDriver } from './support/spied-driver.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
beforeEach(() => server.command('FLUSHALL'));

const push = (...elements: string[]) => server.command('RPUSH', 'list', ...elements);
const raws = (entries: readonly ListEntry<string>[]) => entries.map(({ raw }) => raw);
const told = (entries: readonly ListEntry<string>[]) =>
  entries.map(({ raw, deliveries }) => `${raw} ${deliveries}`);

describe.each(seamDrivers)('ListConsumer over $name', ({ open }) => {
  let opened: OpenDriver;
  let driver: RedisDriver;
  let spied: SpiedDriver;
  beforeAll(() => {
    opened = open(server);
    spied = new SpiedDriver(opened.driver);
    ({ driver } = spied);
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  const consume = (options: Partial<ListConsumerOptions<'string'>> = {}) =>
    new ListConsumer(driver, {
      source: 'list',
      keys: 'work',
      heartbeatMs: 60_000,
      deadAfterMs: 200_000,
      ...options,
      replies: 'string',
    });

  /** As if it had said nothing for too long. */
  const declareDead = (consumer: ListConsumer<'string'>) =>
    server.command('ZADD', 'work:consumers', '1', consumer.id);

  describe('claims', () => {
    it('gives the oldest elements in order, equal ones too, each with a number of its own', async () => {
      await using consumer = consume();
      await push('a', 'b', 'b', 'c');
      const entries = await consumer.claim({ max: 3 });
      expect(told(entries)).toEqual(['a 1', 'b 1', 'b 1']);
      expect(new Set(entries.map(({ seq }) => seq)).size).toBe(3);
      expect(raws(await consumer.claim({ max: 3 }))).toEqual(['c']);
      expect(await consumer.claim({ max: 3 })).toEqual([]);
    });

    it('takes bytes as they are', async () => {
      const element = Uint8Array.of(0, 124, 255, 13, 10, 49, 124);
      await driver.send(['RPUSH', 'list', element]);
      await using consumer = new ListConsumer(driver, { source: 'list', keys: 'work', maxDeliveries: 2 });
      const [entry] = await consumer.claim();
      expect(Buffer.from(entry?.raw ?? [])).toEqual(Buffer.from(element));
      await consumer.nack(entry as ListEntry);
      const [again] = await consumer.claim();
      expect(Buffer.from(again?.raw ?? [])).toEqual(Buffer.from(element));
      await consumer.nack(again as ListEntry);
      const [letter] = await consumer.deadLetters();
      expect(Buffer.from(letter?.raw ?? [])).toEqual(Buffer.from(element));
    });

    it('takes what came back before what is staged, and that before the source', async () => {
      await push('old', 'new');
      await using consumer = consume();
      await using other = consume();
      const old = await other.claim();
      await server.command('RPUSH', `work:staging:${consumer.id}`, 'staged');
      await other.nack(old);
      expect(raws(await consumer.claim({ max: 2 }))).toEqual(['old', 'staged']);
      expect(raws(await consumer.claim({ max: 2 }))).toEqual(['new']);
    });

    it('needs one call for many entries, and no connection of its own while there are some', async () => {
      await push(...Array.from({ length: 500 }, (_, i) => `${i}`));
      await using consumer = consume();
      const before = { ...spied };
      expect(await consumer.claim({ max: 500, waitMs: 1_000 })).toHaveLength(500);
      expect(spied.runs - before.runs).toBe(1);
      expect(spied.leases).toBe(before.leases);
    });

    it('gives the entries of a claim whose reply was lost, and does not count them twice', async () => {
      await push('a', 'b', 'c', 'd');
      await using consumer = consume();
      const [a] = await consumer.claim();
      await consumer.nack(a as ListEntry<string>);
      spied.loseReplies = 1;
      await expect(consumer.claim({ max: 3 })).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
      expect(told(await consumer.claim({ max: 1 }))).toEqual(['a 2']);
      expect(told(await consumer.claim({ max: 9 }))).toEqual(['b 1', 'c 1']);
      expect(told(await consumer.claim({ max: 9 }))).toEqual(['d 1']);
    });

    it('goes on after the loss of a connection while there is time', async () => {
      await push('a');
      await using consumer = consume();
      spied.loseCalls = 2;
      expect(raws(await consumer.claim({ waitMs: 10_000 }))).toEqual(['a']);
    });

    it('tells what is wrong when waiting would not help', async () => {
      await server.command('SET', 'list', 'no list');
      await using consumer = consume();
      await expect(consumer.claim({ waitMs: 10_000 })).rejects.toMatchObject({ code: 'WRONGTYPE' });
    });
  });

  describe('waits', () => {
    /** Resolves when the server has a client that waits. */
    const blocked = () =>
      expect
        .poll(async () => String(await server.command('INFO', 'clients')))
        .toMatch(/blocked_clients:[1-9]/);

    it('for an element', async () => {
      await using consumer = consume();
      const claim = consumer.claim({ max: 5, waitMs: Number.POSITIVE_INFINITY });
      await blocked();
      await push('a', 'b');
      expect(raws(await claim)[0]).toBe('a');
    });

    it('no longer than it is told', async () => {
      await using consumer = consume();
      expect(await consumer.claim({ waitMs: 30 })).toEqual([]);
      await push('later');
      expect(raws(await consumer.claim())).toEqual(['later']);
    });

    it('longer than one wait at the server lasts', async () => {
      await using consumer = consume();
      await server.command('CONFIG', 'RESETSTAT');
      const claim = consumer.claim({ waitMs: 60_000 });
      await expect
        .poll(async () => String(await server.command('INFO', 'commandstats')), { timeout: 10_000 })
        .toMatch(/cmdstat_blmove:calls=2/);
      await push('a');
      expect(raws(await claim)).toEqual(['a']);
    });

    it('until it is aborted, and the next element is for the next claim', async () => {
      await using consumer = consume();
      const quits = new AbortController();
      const claim = consumer.claim({ waitMs: 60_000, signal: quits.signal });
      await blocked();
      quits.abort('enough');
      await expect(claim).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
      await push('a');
      expect(raws(await consumer.claim())).toEqual(['a']);
      await expect(consumer.claim({ signal: quits.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    });

    it('and loses nothing to aborts at any moment', () =>
      withSeed(async (seed) => {
        const random = seededRandom(seed);
        const soon = () =>
          new Promise((resolve) =>
            random() < 0.3 ? setImmediate(resolve) : setTimeout(resolve, random() * 6),
          );
        await using consumer = consume();
        const seen: string[] = [];
        let aborted = 0;
        for (let i = 0; i < 100; i++) {
          const quits = new AbortController();
          const claim = consumer.claim({ max: 9, waitMs: 60_000, signal: quits.signal });
          const pushed = soon().then(() => push(`${i}`));
          await soon();
          quits.abort();
          await claim.then(
            (entries) => seen.push(...raws(entries)),
            (error) => {
              expect(error).toMatchObject({ code: 'ABORTED' });
              aborted++;
            },
          );
          await pushed;
        }
        while (seen.length < 100) seen.push(...raws(await consumer.claim({ max: 100, waitMs: 5_000 })));
        expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`));
        expect(aborted).toBeGreaterThan(0);
        expect(aborted).toBeLessThan(100);
      }));

    it('for several at the same time, each of whom gets something else', async () => {
      await using consumer = consume();
      const quits = new AbortController();
      const aborted = consumer.claim({ waitMs: 60_000, signal: quits.signal });
      const claims = [1, 2, 3].map(() => consumer.claim({ waitMs: 60_000 }));
      const brief = consumer.claim({ waitMs: 20 });
      await blocked();
      expect(await brief).toEqual([]);
      expect(await consumer.claim()).toEqual([]);
      quits.abort();
      await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
      await push('a', 'b', 'c');
      expect((await Promise.all(claims)).map(raws)).toEqual([['a'], ['b'], ['c']]);
    });

    it('sees what its own consumer gives back', async () => {
      await push('a');
      await using consumer = consume();
      const entries = await consumer.claim();
      const claim = consumer.claim({ waitMs: 60_000 });
      await blocked();
      await consumer.nack(entries);
      expect(told(await claim)).toEqual(['a 2']);
    });

    it('survives that its connection is killed, and keeps what the server has staged', async () => {
      await using consumer = consume();
      const claim = consumer.claim({ waitMs: 60_000 });
      await blocked();
      await server.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await push('a');
      expect(raws(await claim)).toEqual(['a']);
    });

    it('no longer than half a second more for an answer, and what comes then is for the next claim', async () => {
      await push('a');
      let answer: () => void = () => undefined;
      const answered = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const slow = new Proxy(driver, {
        get: (target, name) => {
          if (name !== 'run') return Reflect.get(target, name) as unknown;
          return async (...args: Parameters<RedisDriver['run']>) => {
            const reply = await target.run(...args);
            await answered;
            return reply;
          };
        },
      });
      await using consumer = new ListConsumer(slow, { source: 'list', keys: 'work', replies: 'string' });
      const claim = consumer.claim({ waitMs: 20 });
      await expect(claim).rejects.toMatchObject({ code: 'TIMEOUT', maybeExecuted: false, timeoutMs: 20 });
      answer();
      expect(raws(await consumer.claim({ waitMs: 20 }))).toEqual(['a']);
    });

    it('with one listener on a signal, however many share it', async () => {
      await using consumer = consume();
      const { signal } = new AbortController();
      const claims = Array.from({ length: 20 }, () => consumer.claim({ waitMs: 20, signal }));
      const iterations = Array.from({ length: 20 }, () => consumer.entries({ signal }));
      const nexts = iterations.map((entries) => entries.next());
      expect(getEventListeners(signal, 'abort')).toHaveLength(1);
      await Promise.all([...claims, ...iterations.map((entries) => entries.return?.()), ...nexts]);
      expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    });

    it('while the server does not let it cancel: an abort is prompt, and what comes is for the next claim', async () => {
      await server.command('ACL', 'SETUSER', 'default', '-client|unblock');
      try {
        await using consumer = consume();
        const quits = new AbortController();
        const claim = consumer.claim({ waitMs: 60_000, signal: quits.signal });
        await blocked();
        quits.abort();
        await expect(claim).rejects.toMatchObject({ code: 'ABORTED' });
        await push('a');
        expect(raws(await consumer.claim({ waitMs: 5_000 }))).toEqual(['a']);
      } finally {
        await server.command('ACL', 'SETUSER', 'default', '+client|unblock');
      }
    });
  });

  describe('acks', () => {
    it('remove exactly what they name, once', async () => {
      await push('x', 'x', 'x');
      const consumer = consume();
      const [one, two, three] = (await consumer.claim({ max: 3 })) as [
        ListEntry<string>,
        ListEntry<string>,
        ListEntry<string>,
      ];
      expect(await consumer.ack(two)).toBe(1);
      expect(await consumer.ack(two)).toBe(0);
      expect(await consumer.ack([one, two])).toBe(1);
      await consumer.close();
      await using next = consume();
      expect((await next.claim({ max: 9 })).map(({ seq }) => seq)).toEqual([three.seq]);
    });

    it('of one tick go in one call', async () => {
      await push('a', 'b', 'c');
      await using consumer = consume();
      const entries = await consumer.claim({ max: 3 });
      const before = spied.runs;
      expect(await Promise.all(entries.map((entry) => consumer.ack(entry)))).toEqual([1, 1, 1]);
      expect(spied.runs - before).toBe(1);
    });

    it('may be more than fit into one call', async () => {
      await push(...Array.from({ length: 2_500 }, (_, i) => `${i}`));
      await using consumer = consume();
      const entries: ListEntry<string>[] = [];
      while (entries.length < 2_500) entries.push(...(await consumer.claim({ max: 1_000 })));
      expect(await consumer.ack(entries)).toBe(2_500);
      expect((await consumer.stats()).inProcess).toBe(0);
    });

    it('are repeated, and count when the reply was lost', async () => {
      await push('a', 'b');
      await using consumer = consume();
      const [a, b] = (await consumer.claim({ max: 2 })) as [ListEntry<string>, ListEntry<string>];
      spied.loseReplies = 1;
      expect(await consumer.ack(a)).toBe(1);
      spied.loseCalls = 2;
      expect(await consumer.ack(b)).toBe(1);
      expect((await consumer.stats()).inProcess).toBe(0);
    });

    // Seen to fail while every repetition counted.
    it('do not count when the call was lost, and somebody else has got the entry since', async () => {
      await push('a', 'b');
      const late = consume();
      await using heir = consume();
      const [a, b] = (await late.claim({ max: 2 })) as [ListEntry<string>, ListEntry<string>];
      expect(await late.ack(b)).toBe(1);
      let taken: ListEntry<string>[] = [];
      spied.whenLost = async () => {
        await declareDead(late);
        await heir.recover();
        taken = await heir.claim({ max: 2 });
      };
      spied.loseCalls = 1;
      expect(await late.ack(a)).toBe(0);
      expect(told(taken)).toEqual(['a 2']);
      expect(await heir.ack(taken)).toBe(1);
    });

    it('count when they were executed, though the consumer counted as dead before it heard of it', async () => {
      await push('a', 'b');
      const late = consume();
      await using heir = consume();
      const [a, b] = (await late.claim({ max: 2 })) as [ListEntry<string>, ListEntry<string>];
      spied.whenLost = async () => {
        await declareDead(late);
        expect(await heir.recover()).toBe(1);
      };
      spied.loseReplies = 1;
      expect(await late.ack([a, a])).toBe(1);
      expect(await late.ack(b)).toBe(0);
      expect(told(await heir.claim({ max: 2 }))).toEqual(['b 2']);
    });

    it('reject when they fail for good', async () => {
      await push('a');
      const consumer = consume();
      const entries = await consumer.claim();
      await server.command('SET', `work:work:${consumer.id}`, 'no hash');
      await expect(consumer.ack(entries)).rejects.toMatchObject({ code: 'WRONGTYPE' });
    });
  });

  describe('nacks', () => {
    it('put entries back in their old place', async () => {
      await push('a', 'b', 'c', 'd');
      await using consumer = consume();
      const [a, b, c] = (await consumer.claim({ max: 3 })) as ListEntry<string>[];
      expect(await consumer.nack(c as ListEntry<string>)).toBe(1);
      expect(await consumer.nack([a, b, b] as ListEntry<string>[])).toBe(2);
      expect(told(await consumer.claim({ max: 9 }))).toEqual(['a 2', 'b 2', 'c 2', 'd 1']);
    });

    it('send entries to the dead letters, with a reason', async () => {
      await push('a|b');
      await using consumer = consume();
      const [entry] = await consumer.claim();
      await consumer.nack(entry as ListEntry<string>, { requeue: false, reason: 'not|JSON ✗' });
      const [letter] = await consumer.deadLetters();
      expect(letter).toMatchObject({ raw: 'a|b', deliveries: 1, reason: 'not|JSON ✗', seq: entry?.seq });
      expect(Math.abs((letter?.at ?? 0) - Date.now())).toBeLessThan(60_000);
      expect(await consumer.claim()).toEqual([]);
    });

    it('do so by themselves after too many deliveries', async () => {
      await push('poison', 'good');
      await using consumer = consume({ maxDeliveries: 3 });
      for (let delivery = 1; delivery <= 3; delivery++) {
        const entries = await consumer.claim();
        expect(told(entries)).toEqual([`poison ${delivery}`]);
        await consumer.nack(entries);
      }
      expect(raws(await consumer.claim())).toEqual(['good']);
      expect(await consumer.deadLetters()).toMatchObject([
        { raw: 'poison', deliveries: 3, reason: 'deliveries' },
      ]);
    });

    it('and a redrive delivers them again, in their old place and uncounted', async () => {
      await push('a', 'b', 'c');
      await using consumer = consume();
      await consumer.nack(await consumer.claim({ max: 2 }), { requeue: false });
      expect(await consumer.redrive(1)).toBe(1);
      expect(told(await consumer.claim({ max: 9 }))).toEqual(['a 1', 'c 1']);
      expect(await consumer.redrive(9)).toBe(1);
      expect(await consumer.redrive(9)).toBe(0);
    });

    it('bury what was taken by other means, and a redrive puts it back at the head of the list', async () => {
      await push('c');
      await using consumer = consume();
      await consumer.bury('a', { reason: 'unreadable' });
      await consumer.bury('b');
      const letters = await consumer.deadLetters();
      expect(letters).toMatchObject([
        { raw: 'a', deliveries: 1, reason: 'unreadable' },
        { raw: 'b', deliveries: 1, reason: 'rejected' },
      ]);
      expect(letters[1]?.seq).toBeGreaterThan(letters[0]?.seq ?? Number.POSITIVE_INFINITY);
      expect(await consumer.redrive(9, { into: 'source' })).toBe(2);
      expect(await server.command('LRANGE', 'list', '0', '-1')).toEqual(['a', 'b', 'c']);
      expect(await consumer.deadLetters()).toEqual([]);
    });

    it('keep no more dead letters than they are told', async () => {
      await push('a', 'b', 'c');
      await using consumer = consume({ maxDeadLetters: 2 });
      await consumer.nack(await consumer.claim({ max: 3 }), { requeue: false });
      expect((await consumer.deadLetters()).map(({ raw }) => raw)).toEqual(['b', 'c']);
      expect((await consumer.deadLetters({ offset: 1, count: 1 })).map(({ raw }) => raw)).toEqual(['c']);
    });
  });

  describe('a dead consumer', () => {
    it('leaves what it held, in order and counted, and what it had staged, uncounted', async () => {
      await push('a', 'b', 'c', 'd', 'e');
      const dead = consume();
      const [, b] = await dead.claim({ max: 3 });
      await dead.ack(b as ListEntry<string>);
      await server.command('LMOVE', 'list', `work:staging:${dead.id}`, 'LEFT', 'RIGHT');
      await using heir = consume();
      expect(await heir.recover()).toBe(0);
      await declareDead(dead);
      expect(await heir.recover()).toBe(3);
      expect(told(await heir.claim({ max: 9 }))).toEqual(['a 2', 'c 2', 'd 1', 'e 1']);
      expect(await server.command('KEYS', `work:*${dead.id}`)).toEqual([`work:acked:${dead.id}`]);
      expect(await server.command('PTTL', `work:acked:${dead.id}`)).toBeGreaterThan(300_000);
      expect((await heir.stats()).consumers.map(({ id }) => id)).toEqual([heir.id]);
    });

    it.each<[step: string, rest: string[], die: (consumer: ListConsumer<'string'>) => Promise<unknown>]>([
      [
        'its first heartbeat',
        ['a 1', 'b 1'],
        (consumer) => server.command('ZADD', 'work:consumers', '1', consumer.id),
      ],
      [
        'an element was staged',
        ['a 1', 'b 1'],
        async (consumer) => {
          await server.command('LMOVE', 'list', `work:staging:${consumer.id}`, 'LEFT', 'RIGHT');
        },
      ],
      [
        'a claim without hearing of it',
        ['a 2', 'b 1'],
        async (consumer) => {
          spied.loseReplies = 1;
          await consumer.claim().catch(() => undefined);
        },
      ],
      ['a claim', ['a 2', 'b 1'], (consumer) => consumer.claim()],
      ['an ack', ['b 1'], async (consumer) => consumer.ack(await consumer.claim())],
      ['a nack', ['a 2', 'b 1'], async (consumer) => consumer.nack(await consumer.claim())],
      [
        'it gave back a part',
        ['a 2', 'b 2'],
        async (consumer) => {
          const [, b] = await consumer.claim({ max: 2 });
          await consumer.nack(b as ListEntry<string>);
        },
      ],
    ])('that died after %s loses nothing', async (_, rest, die) => {
      await push('a', 'b');
      const dead = consume();
      await die(dead);
      await declareDead(dead);
      await using heir = consume();
      expect(await heir.recover()).toBeLessThanOrEqual(1);
      expect(told(await heir.claim({ max: 9 }))).toEqual(rest);
      await declareDead(dead);
      expect(await heir.recover()).toBe(0);
    });

    it('is found by the heartbeats of the others, who are told at once', async () => {
      await push('a');
      const dead = consume();
      await dead.claim();
      await using heir = consume({ heartbeatMs: 100 });
      const claim = heir.claim({ waitMs: 60_000 });
      await declareDead(dead);
      expect(told(await claim)).toEqual(['a 2']);
    });

    it('is found by one that waits, whatever its heartbeat', async () => {
      await push('a');
      const dead = consume();
      await dead.claim();
      await declareDead(dead);
      await using heir = consume();
      expect(told(await heir.claim({ waitMs: 60_000 }))).toEqual(['a 2']);
    });

    it('that was not dead finds out, drops what it has not handed out, and goes on', async () => {
      await push('a', 'b', 'c');
      const slow = consume({ prefetch: 3 });
      const entries = slow.entries();
      const first = await entries.next();
      await using heir = consume();
      await declareDead(slow);
      expect(await heir.recover()).toBe(3);
      await push('d');
      // It has room for none until it learns that it holds none.
      expect(raws(await slow.claim({ max: 2 }))).toEqual(['b', 'c']);
      expect(await slow.ack(first.value as ListEntry<string>)).toBe(0);
      expect(told(await slow.claim())).toEqual(['a 2']);
      expect((await slow.stats()).own).toEqual({ held: 1, buffered: 0, lost: 2 });
      await slow.close();
    });

    it('of the same name is succeeded at once', async () => {
      await push('a', 'b');
      const dead = consume({ id: 'worker-1' });
      const [a] = await dead.claim({ max: 2 });
      await using next = consume({ id: 'worker-1' });
      expect(told(await next.claim({ max: 9 }))).toEqual(['a 2', 'b 2']);
      expect(await dead.ack(a as ListEntry<string>)).toBe(1);
    });
  });

  describe('iterations', () => {
    it('fetch ahead, a batch in one call, and go on while they get acks', async () => {
      const elements = Array.from({ length: 1_000 }, (_, i) => `${i}`);
      await push(...elements);
      await using consumer = consume({ prefetch: 100 });
      const before = spied.runs;
      const seen: string[] = [];
      for await (const entry of consumer) {
        seen.push(entry.raw);
        void consumer.ack(entry);
        if (seen.length === 1_000) break;
      }
      expect(seen).toEqual(elements);
      expect(spied.runs - before).toBeLessThan(100);
    });

    it('hold no more than prefetch, and go on when there is room', async () => {
      await push('a', 'b', 'c', 'd');
      await using consumer = consume({ prefetch: 2 });
      const entries = consumer.entries();
      const held = [await entries.next(), await entries.next()].map(
        ({ value }) => value as ListEntry<string>,
      );
      const third = entries.next();
      expect(await server.command('LLEN', 'list')).toBe(2);
      expect((await consumer.stats()).own).toEqual({ held: 2, buffered: 0, lost: 0 });
      await consumer.ack(held);
      expect(await third).toMatchObject({ value: { raw: 'c' } });
    });

    it('leave to a claim what it has claimed when they hold enough', async () => {
      await push('a', 'b', 'c', 'd', 'e');
      await using consumer = consume({ prefetch: 2 });
      const entries = consumer.entries();
      const held = [await entries.next(), await entries.next()].map(
        ({ value }) => value as ListEntry<string>,
      );
      const third = entries.next();
      expect(raws(await consumer.claim())).toEqual(['c']);
      const [d] = await consumer.claim({ waitMs: 10_000 });
      expect(d?.raw).toBe('d');
      await consumer.ack([...held, d as ListEntry<string>]);
      expect(await third).toMatchObject({ value: { raw: 'e' } });
    });

    it('hold as many as each of them may', async () => {
      await push(...Array.from({ length: 20 }, (_, i) => `${i}`));
      await using consumer = consume({ prefetch: 10 });
      const few = consumer.entries({ prefetch: 2 });
      await few.next();
      expect((await consumer.stats()).own).toMatchObject({ held: 2, buffered: 1 });
      expect(await consumer.entries().next()).toMatchObject({ value: { raw: '1' } });
      const waiting = few.next();
      await expect.poll(async () => (await consumer.stats()).own).toMatchObject({ held: 10, buffered: 8 });
      expect(raws(await consumer.claim({ max: 8 }))).toHaveLength(8);
      await consumer.close();
      expect(await waiting).toEqual({ done: true, value: undefined });
      expect(() => consumer.entries({ prefetch: 0 })).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION', option: 'prefetch' }),
      );
    });

    it('may be several, which share', async () => {
      await push('a', 'b', 'c');
      await using consumer = consume();
      const both = [consumer.entries(), consumer.entries()];
      const got = await Promise.all([both[0]?.next(), both[1]?.next(), both[0]?.next()]);
      expect(got.map((result) => result?.value?.raw)).toEqual(['a', 'b', 'c']);
    });

    it('leave what they have not given to the next claim', async () => {
      await push('a', 'b', 'c');
      await using consumer = consume();
      for await (const _ of consumer) break;
      expect(raws(await consumer.claim({ max: 9 }))).toEqual(['b', 'c']);
    });

    it('end by a signal, with an error, and by return() and close() without', async () => {
      const consumer = consume();
      const quits = new AbortController();
      const aborted = consumer.entries({ signal: quits.signal });
      const left = consumer.entries();
      const closed = consumer.entries();
      const nexts = [aborted, left, closed].map((entries) => entries.next());
      quits.abort();
      await expect(nexts[0]).rejects.toMatchObject({ code: 'ABORTED' });
      expect(await aborted.next()).toEqual({ done: true, value: undefined });
      await left.return?.();
      expect(await nexts[1]).toEqual({ done: true, value: undefined });
      await consumer.close();
      expect(await nexts[2]).toEqual({ done: true, value: undefined });
    });

    it('reject when the driver was closed', async () => {
      await using other = open(server);
      const consumer = new ListConsumer(other.driver, { source: 'list', keys: 'work' });
      const waiting = consumer.entries().next();
      await expect.poll(() => server.command('EXISTS', 'work:consumers')).toBe(1);
      const rejected = expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
      await other.driver.close();
      await rejected;
      await expect(consumer.close()).rejects.toMatchObject({ code: 'CLOSED' });
    });

    it('give an entry that came back twice alone, and nothing beside it', async () => {
      await push('a', 'poison', 'b', 'c');
      for (let life = 0; life < 2; life++) {
        const dead = consume();
        await dead.claim({ max: 3 });
        await declareDead(dead);
        await consume().recover();
      }
      await using consumer = consume();
      expect(told(await consumer.claim({ max: 9 }))).toEqual(['a 3']);
      const [a] = (await server.command('HKEYS', `work:work:${consumer.id}`)) as string[];
      const entries = consumer.entries();
      const waiting = entries.next();
      const ack = async (value: unknown) => {
        expect((await consumer.stats()).own.buffered).toBe(0);
        await consumer.ack(value as ListEntry<string>);
      };
      await ack({ seq: Number(a) });
      const second = await waiting;
      expect(second).toMatchObject({ value: { raw: 'poison', deliveries: 3 } });
      await ack(second.value);
      const third = await entries.next();
      expect(third).toMatchObject({ value: { raw: 'b', deliveries: 3 } });
      await ack(third.value);
      expect(await entries.next()).toMatchObject({ value: { raw: 'c', deliveries: 1 } });
    });
  });

  describe('what is put back', () => {
    it('comes first, and as if nobody had been given it', async () => {
      await push('a', 'b', 'c', 'd');
      const consumer = consume({ prefetch: 3 });
      const [a, b] = await consumer.claim({ max: 2 });
      for await (const entry of consumer) {
        expect(entry.raw).toBe('c');
        consumer.putBack([b, entry] as ListEntry<string>[]);
        break;
      }
      expect(raws(consumer.ahead())).toEqual(['b', 'c']);
      expect(raws(await consumer.claim())).toEqual(['b']);
      consumer.putBack([a as ListEntry<string>]);
      await consumer.close();
      await using next = consume();
      expect(told(await next.claim({ max: 9 }))).toEqual(['a 1', 'b 2', 'c 1', 'd 1']);
    });

    it('goes to a claim that waits', async () => {
      await push('a');
      await using consumer = consume();
      const entries = await consumer.claim();
      const claim = consumer.claim({ waitMs: 60_000 });
      consumer.putBack(entries);
      expect(told(await claim)).toEqual(['a 1']);
    });

    it('is not given any more when it was acked, or given to others since', async () => {
      await push('a', 'b', 'c');
      await using consumer = consume();
      await using heir = consume();
      const [a, b, c] = (await consumer.claim({ max: 3 })) as [
        ListEntry<string>,
        ListEntry<string>,
        ListEntry<string>,
      ];
      await consumer.ack(a);
      consumer.putBack([a, b]);
      expect(raws(consumer.ahead())).toEqual(['b']);
      await declareDead(consumer);
      await heir.recover();
      expect(await heir.claim({ max: 9 })).toHaveLength(2);
      expect(await consumer.claim({ max: 9 })).toHaveLength(1);
      expect(await consumer.claim({ max: 9 })).toEqual([]);
      consumer.putBack([c]);
      expect(consumer.ahead()).toEqual([]);
    });

    it('may be what could not be given back', async () => {
      await push('a');
      await using consumer = consume();
      const entries = await consumer.claim();
      await server.command('SET', 'work:dead', 'no list');
      const refused = consumer.nack(entries, { requeue: false });
      await expect(refused).rejects.toMatchObject({ code: 'WRONGTYPE' });
      expect(await server.command('HLEN', `work:work:${consumer.id}`)).toBe(1);
      await server.command('DEL', 'work:dead');
      consumer.putBack(entries);
      expect(told(await consumer.claim())).toEqual(['a 1']);
    });
  });

  describe('close()', () => {
    it('gives back what is held at once and in order, and does not count what nobody has seen', async () => {
      await push('a', 'b', 'c', 'd');
      const consumer = consume({ prefetch: 3 });
      for await (const entry of consumer) {
        expect(entry.raw).toBe('a');
        break;
      }
      await consumer.close();
      await using next = consume();
      expect(told(await next.claim({ max: 9 }))).toEqual(['a 2', 'b 1', 'c 1', 'd 1']);
    });

    it('turns away who waits and who comes, sends acks that were called, and leaves no trace', async () => {
      await push('a');
      const consumer = consume();
      const [a] = await consumer.claim();
      const waiting = consumer.claim({ waitMs: 60_000 });
      const acked = consumer.ack(a as ListEntry<string>);
      const closed = consumer.close();
      await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
      expect(await acked).toBe(1);
      await closed;
      await expect(consumer.claim()).rejects.toMatchObject({ code: 'CLOSED' });
      await consumer.close();
      expect(await server.command('KEYS', '*')).toEqual(['work:state']);
      expect(await server.command('HKEYS', 'work:state')).toEqual(['seq']);
    });

    it('is tried again, and sends nothing when nothing was claimed', async () => {
      await push('a');
      const consumer = consume();
      await consumer.claim();
      spied.loseCalls = 1;
      await consumer.close();
      expect(await server.command('ZCARD', 'work:retry')).toBe(1);
      const before = spied.runs;
      await consume().close();
      expect(spied.runs).toBe(before);
    });

    it('stays in the others’ sight when something may still come into its staging list', async () => {
      await using consumer = consume();
      const claim = consumer.claim({ waitMs: 60_000 });
      await expect
        .poll(async () => String(await server.command('INFO', 'clients')))
        .toMatch(/blocked_clients:1/);
      await server.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      const closed = consumer.close();
      await expect(claim).rejects.toMatchObject({ code: 'CLOSED' });
      await closed;
      expect(await server.command('ZCARD', 'work:consumers')).toBe(1);
    });
  });

  it('says where everything is', async () => {
    await push('a', 'b', 'c', 'd', 'e');
    await using consumer = consume();
    const [a, b] = await consumer.claim({ max: 3 });
    await consumer.nack(a as ListEntry<string>);
    await consumer.nack(b as ListEntry<string>, { requeue: false });
    const stats = await consumer.stats();
    expect(stats).toMatchObject({ waiting: 2, returned: 1, inProcess: 1, deadLetters: 1 });
    expect(stats.own).toEqual({ held: 1, buffered: 0, lost: 0 });
    expect(stats.consumers).toMatchObject([{ id: consumer.id, inProcess: 1 }]);
    expect(stats.consumers[0]?.aliveForMs).toBeGreaterThan(100_000);
  });

  it('begins anew when everything was deleted, and an old ack touches nothing new', async () => {
    await push('a');
    await using consumer = consume();
    const [old] = await consumer.claim();
    await server.command('FLUSHALL');
    await push('b');
    const [b] = await consumer.claim();
    expect(await consumer.ack(old as ListEntry<string>)).toBe(0);
    expect(await consumer.ack(b as ListEntry<string>)).toBe(1);
  });
});

describe('options of a ListConsumer', () => {
  const driver = { topology: 'cluster' } as RedisDriver;
  it.each([
    [{ source: 1 }, 'source'],
    [{ id: 1 }, 'id'],
    [{ prefetch: 0 }, 'prefetch'],
    [{ heartbeatMs: 20_000 }, 'deadAfterMs'],
    [{ deadAfterMs: 100 }, 'deadAfterMs'],
    [{ maxDeliveries: 0 }, 'maxDeliveries'],
    [{ maxDeadLetters: -1 }, 'maxDeadLetters'],
    [{ replies: 'text' }, 'replies'],
    [{ keys: 'work' }, 'source and keys'],
  ])('%o are refused', (wrong, option) => {
    const options = { source: '{list}', keys: '{list}:work', ...wrong } as ListConsumerOptions;
    expect(() => new ListConsumer(driver, options)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option }),
    );
  });
});
