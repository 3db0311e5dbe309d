import { afterEach, describe, expect, test, vi } from 'vitest';
import { isAsciiByWords, textBytes } from './text-bytes.js';

describe('isAsciiByWords', () => {
  test('finds a high byte at any place, at any alignment and length', () => {
    const memory = new Uint8Array(64);
    for (let start = 0; start < 9; start++) {
      for (let length = 0; length < 20; length++) {
        const bytes = memory.subarray(start, start + length);
        expect(isAsciiByWords(bytes)).toBe(true);
        for (let at = 0; at < length; at++) {
          bytes[at] = 0x80;
          expect(isAsciiByWords(bytes)).toBe(false);
          bytes[at] = 0x7f;
          expect(isAsciiByWords(bytes)).toBe(true);
          bytes[at] = 0;
        }
      }
    }
  });

  test('does not look beyond the view', () => {
    const memory = new Uint8Array(32).fill(0xff);
    memory.fill(0x41, 9, 20);
    expect(isAsciiByWords(memory.subarray(9, 20))).toBe(true);
    expect(isAsciiByWords(memory.subarray(8, 20))).toBe(false);
    expect(isAsciiByWords(memory.subarray(9, 21))).toBe(false);
  });
});

describe('textBytes', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  test('is a view of the same memory', () => {
    const memory = new Uint8Array([0, 0x61, 0x62, 0]);
    const view = textBytes(memory.subarray(1, 3));
    memory[1] = 0x7a;
    expect(view.latin1Slice(0, view.length)).toBe('zb');
    const buffer = Buffer.from('abc');
    expect(textBytes(buffer)).toBe(buffer);
  });

  test('without Buffer, text is the same', async () => {
    vi.resetModules();
    vi.stubGlobal('Buffer', undefined);
    const portable = (await import('./text-bytes.js')).textBytes;
    vi.unstubAllGlobals();
    const bytes = Buffer.from('\ufeffaé€😀\xff', 'utf8');
    const torn = bytes.subarray(0, bytes.length - 1);
    for (const source of [bytes, torn]) {
      const view = portable(new Uint8Array(source));
      expect(Buffer.isBuffer(view)).toBe(false);
      expect(view.utf8Slice(0, view.length)).toBe(source.toString());
      expect(view.subarray(4).utf8Slice(0, view.length)).toBe(source.subarray(4).toString());
    }
    const wide = portable(new Uint8Array(Buffer.from('\ufeffa\ud800é', 'utf16le')));
    expect(wide.ucs2Slice(2, wide.length).length).toBe(3);
    expect(wide.ucs2Slice(0, 4)).toBe('\ufeffa');
  });
});
