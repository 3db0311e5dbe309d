import { RedisClient } from '@redlane/client';
import { toDriver } from '@redlane/client/driver';
import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OrderBook } from '../src/book/order-book.js';
import { statuses } from '../src/book/order-record.js';
import { namesOf } from '../src/names.js';
import { OrderNumbers } from '../src/node/order-numbers.js';

let server: RedisServer;
let client: RedisClient;

beforeAll(async () => {
  server = await startServer();
  client = new RedisClient(server.url);
});

afterAll(async () => {
  await client.close();
  await server.stop();
});

beforeEach(() => client.call('FLUSHALL'));

describe('OrderBook', () => {
  const names = namesOf('desk');
  const open = () => new OrderBook(toDriver(client), names);
  const order = { id: 'a', number: 1, item: 'soup', quantity: 2, node: 'n1' };
  const totals = () => client.with({ maps: 'object' }).call('HGETALL', names.totals);

  it('places an order once, and gives it as it is', async () => {
    const book = open();
    const placed = await book.place(order, 'w1');
    expect(placed).toMatchObject({ ...order, status: 'placed', worker: 'w1' });
    await book.advance('a', 'placed', 'confirmed', 'w2');
    expect(await book.place(order, 'w3')).toMatchObject({ status: 'confirmed', worker: 'w2' });
    expect(await totals()).toEqual({ placed: '1' });
  });

  it('takes each step once, whoever comes second', async () => {
    const book = open();
    await book.place(order, 'w1');
    const both = await Promise.all([
      book.advance('a', 'placed', 'confirmed', 'w1'),
      book.advance('a', 'placed', 'confirmed', 'w2'),
    ]);
    expect(both.map(({ worker }) => worker)).toEqual(['w1', 'w1']);
    expect(await book.advance('a', 'cooking', 'packed', 'w2')).toMatchObject({ status: 'confirmed' });
    for (const [i, from] of statuses.slice(1, -1).entries()) {
      for (const worker of ['w1', 'w2']) await book.advance('a', from, statuses[i + 2]!, worker);
    }
    expect(await totals()).toEqual({ placed: '1', finished: '1' });
    expect(await client.call('ZCARD', names.open)).toBe(0);
  });

  it('counts as duplicated what is finished twice, should the status not prevent it', async () => {
    const book = open();
    await book.place(order, 'w1');
    await client.call('HSET', names.order('a'), 'status', 'packed');
    await book.advance('a', 'packed', 'finished', 'w1');
    await client.call('HSET', names.order('a'), 'status', 'packed');
    await book.advance('a', 'packed', 'finished', 'w1');
    expect(await totals()).toEqual({ placed: '1', finished: '1', duplicated: '1' });
  });

  it('knows which orders nobody has passed on', async () => {
    const book = open();
    await book.place(order, 'w1');
    await book.place({ ...order, id: 'b' }, 'w1');
    await book.passedOn('a');
    expect(await book.leftBehind(0)).toEqual(['b']);
    expect(await book.leftBehind(60_000)).toEqual([]);
  });

  it('does not make up orders', async () => {
    await expect(open().read('nowhere')).rejects.toThrow('not in the book');
  });
});

describe('OrderNumbers', () => {
  it('gives every order of every node one number, without gaps', async () => {
    const ids = Array.from({ length: 100 }, (_, i) => `order ${i}`);
    await using one = new OrderNumbers(client, 'numbers');
    await using two = new OrderNumbers(client, 'numbers');
    const given = await Promise.all(ids.map((id, i) => (i % 2 ? one : two).next(id)));
    expect(given.toSorted((a, b) => a - b)).toEqual(ids.map((_, i) => i + 1));
    // Also by the other node, and asked twice at a time.
    expect(await Promise.all(ids.map((id, i) => (i % 2 ? two : one).next(id)))).toEqual(given);
    const [first, second] = await Promise.all([one.next('new'), one.next('new')]);
    expect([first, second]).toEqual([101, 101]);
  });
});
