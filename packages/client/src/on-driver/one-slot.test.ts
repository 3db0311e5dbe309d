import { expect, it } from 'vitest';
import { checkOneSlot, slotPart } from './one-slot.js';

it.each([
  ['plain', 'plain'],
  ['{a}:b', 'a'],
  ['x{a}{b}', 'a'],
  ['{}:b', '{}:b'],
  ['a{b', 'a{b'],
  ['}a{b}', 'b'],
  ['{{a}}', '{a'],
])('the slot of %s is that of %s', (key, part) => {
  expect(slotPart(key)).toBe(part);
});

it('refuses keys of several slots in a cluster, and nowhere else', () => {
  const keys = ['{a}:one', 'two'];
  expect(() => checkOneSlot({ topology: 'cluster' }, keys, 'keys')).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', option: 'keys' }),
  );
  checkOneSlot({ topology: 'cluster' }, ['{a}:one', 'two{a}', 'a'], 'keys');
  checkOneSlot({ topology: 'standalone' }, keys, 'keys');
});
