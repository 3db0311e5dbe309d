import { expect, it } from 'vitest';
import { keySlot } from './key-slot.js';

// As `CLUSTER KEYSLOT` of a server gives them.
it.each([
  ['', 0],
  ['123456789', 12739],
  ['foo', 12182],
  ['{user1000}.following', 3443],
  ['{user1000}.followers', 3443],
  ['ü', 9552],
])('gives the slot of %j', (key, slot) => {
  expect(keySlot(key)).toBe(slot);
  expect(keySlot(Buffer.from(key))).toBe(slot);
});

it.each([
  ['a{b}c', 'b'],
  ['a{b}{c}', 'b'],
  ['a{{b}}c', '{b'],
])('takes what stands in the first braces of %s', (key, tag) => {
  expect(keySlot(key)).toBe(keySlot(tag));
  expect(keySlot(key)).not.toBe(keySlot(`x${key.slice(1).replace('b', 'd')}`));
});

it('takes all of a key whose braces are empty or not closed', () => {
  expect(keySlot('foo{}{bar}')).not.toBe(keySlot('bar'));
  expect(keySlot('foo{}{bar}')).not.toBe(keySlot('foo{}{baz}'));
  expect(keySlot('foo{bar')).not.toBe(keySlot('foo{baz'));
});

it('takes bytes as they are', () => {
  expect(keySlot(Buffer.from([0x7b, 0xff, 0x7d, 0x00]))).toBe(keySlot(Buffer.from([0xff])));
});
