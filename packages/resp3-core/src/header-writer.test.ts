import { expect, test } from 'vitest';
import { digitCount, HEADER_ROOM, writeDigits, writeHeader } from './header-writer.js';

const values = [0, 9, 10, 42, 99, 100, 999, 1000, 65_535, 2 ** 31 - 1, 2 ** 31, 536_870_888];
const all = [...values, 1e10, Number.MAX_SAFE_INTEGER];

test.each(all)('digits of %d', (value) => {
  const text = String(value);
  const target = new Uint8Array(HEADER_ROOM).fill(0x2e);
  const end = writeDigits(target, value, 1);
  expect(end).toBe(1 + text.length);
  expect(digitCount(value)).toBe(text.length);
  expect(Buffer.from(target).toString()).toBe(`.${text}`.padEnd(HEADER_ROOM, '.'));
});

test('a header of the longest length fits its room', () => {
  const target = new Uint8Array(HEADER_ROOM);
  const end = writeHeader(target, 0x24, Number.MAX_SAFE_INTEGER, 0);
  expect(Buffer.from(target.subarray(0, end)).toString()).toBe(`$${Number.MAX_SAFE_INTEGER}\r\n`);
});
