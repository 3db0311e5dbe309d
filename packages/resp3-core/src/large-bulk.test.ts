import { describe, expect, test, vi } from 'vitest';
import { LargeBytes, LargeText } from './large-bulk.js';
import { textBytes } from './text-bytes.js';

describe('LargeText', () => {
  const size = 1024 * 1024;

  /** Three parts of a mebibyte, decoded by `slice`; then one that is decoded as always. */
  function decodeParts(slice: () => string): string | Error {
    const piece = textBytes(Buffer.alloc(size, 'a'));
    const text = new LargeText();
    const spy = vi.spyOn(Buffer.prototype, 'latin1Slice').mockImplementation(slice);
    text.begin(3 * size);
    for (let i = 0; i < 3; i++) text.append(piece);
    const outcome = text.finish();
    spy.mockRestore();
    text.begin(size);
    text.append(piece);
    expect(text.finish() === 'a'.repeat(size)).toBe(true);
    return outcome;
  }

  test('a text that is too long for the engine is an error, and the next one is not', () => {
    expect(decodeParts(() => 'a'.repeat(2 ** 28))).toBeInstanceOf(RangeError);
  });

  test('a part that is too long for the engine is one too', () => {
    const tooLong = new RangeError('Cannot create a string longer than 0x1fffffe8 characters');
    const slice = (): string => {
      throw tooLong;
    };
    expect(decodeParts(slice)).toBe(tooLong);
  });

  test.each([1, 7, 4096, 100_000, size - 1, size + 1])('characters stay whole in pieces of %i', (step) => {
    const content = '€uro, naïve, 日本, 🙂 '.repeat(60_000);
    const source = Buffer.from(content);
    const text = new LargeText();
    text.begin(source.length);
    for (let at = 0; at < source.length; at += step) text.append(textBytes(source.subarray(at, at + step)));
    expect(text.finish() === content).toBe(true);
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
