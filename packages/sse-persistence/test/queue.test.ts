import { startFaultProxy } from '@redlane/redis-server';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  BlockingRedisQueue,
  Message,
  type MessageContract,
  RedisQueue,
  SignedMessage,
  UniqueMessage,
} from '../src/index.js';
import { testServer } from './support/test-server.js';
import { type Way, ways } from './support/ways.js';

const server = await testServer();

describe.each(ways)('queues over $name', ({ open }) => {
  let way: Way;
  beforeEach(() => {
    way = open(server);
    return () => way[Symbol.asyncDispose]();
  });

  const KEY = 'sse:q:{bob%3A1}';
  const queueOf = (options = {}) => new RedisQueue('bob:1', way.driver, options);

  it('give back what was pushed, in order, as the class that it was', async () => {
    const queue = queueOf();
    const messages = [
      new Message('plain', { a: [1, 'é', null] }),
      new Message('nothing'),
      new SignedMessage('ann', 'signed', 'text'),
      new UniqueMessage('m-1', new Message('unique', 5)),
      new UniqueMessage('m-2', new SignedMessage('ann', 'both', false)),
    ];
    for (const message of messages) await queue.push(message);
    expect(await queue.length()).toBe(5);
    for (const message of messages) expect(await queue.pop()).toEqual(message);
    await expect(queue.pop()).rejects.toMatchObject({
      name: 'NoMessagesException',
      code: 'NO_MESSAGES',
    });
    expect(await queue.tryPop()).toBeUndefined();
  });

  it('fault 1: what others have written is data, and never run', async () => {
    const queue = queueOf();
    const pickle = Buffer.from(
      '80049520000000000000008c05706f736978948c0673797374656d9493948c026964948594529 42e'.replace(/ /g, ''),
      'hex',
    );
    await way.driver.send(['RPUSH', KEY, pickle]);
    await expect(queue.pop()).rejects.toMatchObject({ code: 'INVALID_MESSAGE_FORMAT' });
    expect((await queue.deadLetters()).map((letter) => Buffer.from(letter))).toEqual([pickle]);
    await server.command(
      'RPUSH',
      KEY,
      '{"v":1,"type":"x","payload":{"__proto__":{"evil":1},"constructor":1}}',
    );
    const { payload } = await queue.pop();
    expect(Object.getPrototypeOf(payload)).toBe(Object.prototype);
    expect((payload as { evil?: unknown }).evil).toBeUndefined();
  });

  it('fault 2: pop is one LPOP, and an empty list is no failure', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using other = open(proxy);
    const queue = new RedisQueue('bob:1', other.driver);
    await queue.tryPop();
    proxy.clearCommands();
    await expect(queue.pop()).rejects.toMatchObject({ code: 'NO_MESSAGES' });
    expect(proxy.commands().map(({ args }) => args)).toEqual([['LPOP', KEY]]);
  });

  it('fault 3: what is no message is kept as a dead letter, and the next is popped', async () => {
    const queue = queueOf();
    const bad = [
      'no json',
      '[]',
      '{"v":2,"type":"x","payload":1}',
      '{"v":1,"payload":1}',
      '{"v":1,"type":"a\\nb","payload":1}',
    ];
    await server.command('RPUSH', KEY, ...bad);
    await queue.push(new Message('fine'));
    for (const each of bad) {
      const error = await queue.pop().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'InvalidMessageFormat', raw: Buffer.from(each) });
    }
    expect((await queue.pop()).type).toBe('fine');
    expect((await queue.deadLetters()).map(String)).toEqual(bad.map((text) => String(Buffer.from(text))));
    expect(Number(await server.command('PTTL', `${KEY}:dead`))).toBeGreaterThan(0);
    await queue.clear();
    expect(await server.command('KEYS', '*')).toEqual([]);
  });

  it('fault 10: hold so many messages, and for so long', async () => {
    const queue = queueOf({ maxLength: 2, ttlMs: 5_000 });
    for (const type of ['a', 'b', 'c']) await queue.push(new Message(type));
    expect([(await queue.pop()).type, (await queue.pop()).type]).toEqual(['b', 'c']);
    await queue.push(new Message('d'));
    const ttlMs = Number(await server.command('PTTL', KEY));
    expect(ttlMs).toBeGreaterThan(0);
    expect(ttlMs).toBeLessThanOrEqual(5_000);
  });

  it('fault 10: ids cannot leave their segment of a key', async () => {
    const ids = ['a:b', '*', '{x}', 'a}b', 'é\u0000', '%2A', 'l'];
    for (const id of ids)
      await new RedisQueue(id, way.driver).push(new Message(id === 'é\u0000' ? 'z' : 'm', id));
    for (const id of ids) expect((await new RedisQueue(id, way.driver).pop()).payload).toBe(id);
    for (const id of ['', '\ud800', 5 as unknown as string]) {
      expect(() => new RedisQueue(id, way.driver)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }),
      );
    }
  });

  it('refuse what cannot be a message', async () => {
    const queue = queueOf();
    const wrong: [string, unknown][] = [
      ['a\nb', 1],
      ['a\rb', 1],
      ['a\0b', 1],
      ['x', () => 1],
      ['x', Number.NaN],
      ['x', 5n],
      [5 as unknown as string, 1],
    ];
    for (const [type, payload] of wrong) {
      const pushing = queue.push({ type, payload } as MessageContract);
      await expect(pushing).rejects.toMatchObject({ code: 'INVALID_MESSAGE_FORMAT' });
    }
    expect(await queue.length()).toBe(0);
  });

  it('fault 4: a pop that waits blocks nothing, ends in time and by its signal, and loses nothing', async () => {
    const queue = new BlockingRedisQueue('bob:1', way.driver);
    await expect(queue.pop({ timeoutMs: 0 })).rejects.toMatchObject({ code: 'NO_MESSAGES' });
    await expect(queue.pop({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'NO_MESSAGES' });
    const controller = new AbortController();
    const aborted = queue.pop({ signal: controller.signal });
    await expect.poll(() => server.command('PUBSUB', 'NUMSUB', KEY)).toEqual([KEY, 1]);
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } });
    await expect(queue.pop({ signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    const waiting = queue.pop();
    await queue.push(new Message('late'));
    expect((await waiting).type).toBe('late');
    await expect.poll(() => server.command('PUBSUB', 'NUMSUB', KEY)).toEqual([KEY, 0]);
    expect(await queue.length()).toBe(0);
  });

  it('gives each message to one of those who wait', async () => {
    const queues = Array.from({ length: 5 }, () => new BlockingRedisQueue('bob:1', way.driver));
    const popping = queues.map((queue) => queue.pop());
    for (let i = 0; i < 5; i++) await queueOf().push(new Message('m', i));
    const payloads = (await Promise.all(popping)).map(({ payload }) => payload);
    expect(payloads.sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('can be iterated', async () => {
    const queue = new BlockingRedisQueue('bob:1', way.driver);
    for (const type of ['a', 'b']) await queue.push(new Message(type));
    const types: string[] = [];
    for await (const { type } of queue) {
      types.push(type);
      if (type === 'b') break;
    }
    expect(types).toEqual(['a', 'b']);
  });

  it('wrap what Redis says', async () => {
    await server.command('SET', KEY, 'no list');
    await expect(queueOf().pop()).rejects.toMatchObject({
      code: 'REPOSITORY_ERROR',
      cause: { code: 'WRONGTYPE' },
    });
    await expect(queueOf().push(new Message('x'))).rejects.toMatchObject({ name: 'RepositoryError' });
  });

  it('fault 15: use the driver that they are given, and leave it open', async () => {
    await using queue = queueOf();
    expect(queue.kvValueAsDict).toEqual({ listener_id: 'bob:1' });
    queue.setupByDict({ listener_id: 'ann' });
    expect(queue.kvKey).toBe('ann');
    await queue.close();
    expect(await way.driver.send(['PING'])).toBe('PONG');
  });
});

describe('queues with an address', () => {
  it('connect to host, port and db, and close what they have opened', async () => {
    const clients = async () =>
      String(await server.command('CLIENT', 'LIST', 'TYPE', 'normal')).split('\n').length;
    const before = await clients();
    const queue = new RedisQueue('ann', '127.0.0.1', server.port, 3);
    expect(queue.kvKey).toBe('ann');
    expect(queue.kvValueAsDict).toEqual({ listener_id: 'ann', host: '127.0.0.1', port: server.port, db: 3 });
    expect(Object.isFrozen(queue.kvValueAsDict)).toBe(true);
    await queue.push(new Message('x'));
    expect(String(await server.command('INFO', 'keyspace'))).toContain('db3:keys=1');
    queue.setupByDict({ listener_id: 'bob', host: '127.0.0.1', port: server.port, db: 4 });
    expect(await queue.tryPop()).toBeUndefined();
    for (const missing of ['listener_id', 'host', 'port', 'db']) {
      const setup = { listener_id: 'bob', host: '127.0.0.1', port: server.port, db: 4, [missing]: undefined };
      expect(() => queue.setupByDict(setup)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    }
    expect(() => queue.setupByDict({ listener_id: 'bob' })).toThrow(
      expect.objectContaining({ option: 'host' }),
    );
    await queue.close();
    await expect.poll(clients).toBe(before);
  });

  it('have the defaults of the seed, and refuse what is none', () => {
    expect(new RedisQueue('l').kvValueAsDict).toEqual({
      listener_id: 'l',
      host: '127.0.0.1',
      port: 6379,
      db: 0,
    });
    const wrong: [unknown, string][] = [
      [['h', 70_000], 'port'],
      [['h', 1, -1], 'db'],
      [['', 1], 'host'],
      [['h', 1, 0, { maxLength: 0 }], 'maxLength'],
      [['h', 1, 0, { ttlMs: 0 }], 'ttlMs'],
      [['redis://h', 5], 'port'],
    ];
    for (const [args, option] of wrong) {
      expect(() => new RedisQueue('l', ...(args as [string]))).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION', option }),
      );
    }
  });
});
