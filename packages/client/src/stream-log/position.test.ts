import { expect, it } from 'vitest';
import { formatPosition, parsePosition } from './position.js';

it('a position is read back', () => {
  const position = { epoch: 'a-Z_9', offset: Number.MAX_SAFE_INTEGER };
  expect(parsePosition(formatPosition(position.epoch, position.offset))).toEqual(position);
});

it.each([
  '',
  'start',
  '.1',
  'a.',
  'a.01',
  'a.-1',
  'a.1e3',
  'a.1.2',
  'a.1 ',
  'a\n.1',
  'a.9007199254740992',
  `${'a'.repeat(65)}.1`,
])('%j is none', (cursor) => {
  expect(parsePosition(cursor)).toBeUndefined();
});
