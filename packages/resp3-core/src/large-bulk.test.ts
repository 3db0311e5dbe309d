import { describe, expect, test, vi } from 'vitest';
import { LargeBytes, LargeText } from './large-bulk.js';
import { textBytes } from './text-bytes.js';

describe('LargeText', () => {
  const size = 64 * 1024;

  function decodeThrice(slice: () => string): string | Error {
    const piece = textBytes(Buffer.alloc(size, 'a'));
    const text = new LargeText();
    vi.spyOn(piece, 'latin1Slice').mockImplementation(slice);
    text.begin(3 * size);
    for (let i = 0; i < 3; i++) text.append(piece);
    const outcome = text.finish();
    vi.restoreAllMocks();
    text.begin(size);
    text.append(piece);
    expect(text.finish()).toBe('a'.repeat(size));
    return outcome;
  }

  test('a text that is too long for the engine is an error, and the next one is not', () => {
    expect(decodeThrice(() => 'a'.repeat(2 ** 28))).toEqual(new RangeError('Invalid string length'));
  });

  test('a piece that is too long for the engine is one too', () => {
    const tooLong = new RangeError('Cannot create a string longer than 0x1fffffe8 characters');
    const slice = (): string => {
      throw tooLong;
    };
    expect(decodeThrice(slice)).toBe(tooLong);
  });
});

describe('LargeBytes', () => {
  test.each([0, 1, 10, 1024 * 1024, 1024 * 1024 + 1])('%i bytes come back in memory of their own', (size) => {
    const source = Buffer.alloc(size, 'abc');
    const bytes = new LargeBytes();
    bytes.begin(size);
    for (let at = 0; at < size; at += 100_000) bytes.append(textBytes(source.subarray(at, at + 100_000)));
    const whole = bytes.finish();
    expect(source.equals(whole)).toBe(true);
    expect(whole.buffer).not.toBe(source.buffer);
  });
});
