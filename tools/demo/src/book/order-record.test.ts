import { expect, it } from 'vitest';
import { nextStatus, orderFromFields, orderFromFlat, statuses } from './order-record.js';

const flat = ['id', 'a', 'number', '7', 'item', 'soup', 'quantity', '2', 'status', 'cooking', 'at', '99'];

it('goes from step to step, and ends', () => {
  expect(statuses.map(nextStatus)).toEqual(['confirmed', 'cooking', 'packed', 'finished', undefined]);
});

it('reads an order as a driver gives it', () => {
  const order = orderFromFlat([...flat, 'worker', 'w1', 'node', 'n2']);
  expect(order).toEqual({
    id: 'a',
    number: 7,
    item: 'soup',
    quantity: 2,
    status: 'cooking',
    at: 99,
    worker: 'w1',
    node: 'n2',
  });
});

it('knows that there is none', () => {
  expect(orderFromFlat([])).toBeUndefined();
  expect(orderFromFields(new Map())).toBeUndefined();
});
