import { expect, it } from 'vitest';
import { orderId } from './order-id.js';

it('is the same for the same key, and another one for another key', () => {
  expect(orderId('a')).toBe(orderId('a'));
  expect(orderId('a')).not.toBe(orderId('b'));
});

it('is a new one without a key', () => {
  expect(orderId(undefined)).not.toBe(orderId(undefined));
});

it('is short and plain whatever the key', () => {
  expect(orderId('{a}:\r\n')).toMatch(/^[0-9a-f]{16}$/);
});
