import { describe, expect, it } from 'vitest';
import type { OrderEvent, OrderStatus } from '../../contract.js';
import { OrderBook } from './order-book.js';

const order = (number: number, status: OrderStatus): OrderEvent => ({
  id: `o${number}`,
  number,
  item: 'Tea',
  quantity: 1,
  status,
  at: 0,
});
const shown = (book: OrderBook, count = 10) =>
  book.newest(count).map(({ number, status }) => `${number} ${status}`);

describe('the order book', () => {
  it('has the newest orders first, and no more than asked for', () => {
    const book = new OrderBook();
    for (const number of [2, 9, 10, 1]) book.apply(order(number, 'placed'));
    expect(shown(book, 3)).toEqual(['10 placed', '9 placed', '2 placed']);
    expect(book.size).toBe(4);
  });

  it('never lets a status go back, and says whether anything is new', () => {
    const book = new OrderBook();
    const news = (['cooking', 'placed', 'cooking', 'finished', 'packed'] as const).map((status) =>
      book.apply(order(1, status)),
    );
    expect(news).toEqual([true, false, false, true, false]);
    expect(shown(book)).toEqual(['1 finished']);
  });

  it('forgets the oldest orders when there are too many', () => {
    const book = new OrderBook();
    for (let number = 1; number <= 2_001; number++) book.apply(order(number, 'placed'));
    expect(book.size).toBe(1_800);
    expect(shown(book, 1)).toEqual(['2001 placed']);
    expect(book.newest(2_000).at(-1)?.number).toBe(202);
  });
});
