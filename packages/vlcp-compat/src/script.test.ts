import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { registered } from './script.js';

const sha = (text: string): string => createHash('sha1').update(text, 'utf8').digest('hex');

describe('the rule of 43', () => {
  it.each([
    ['a'.repeat(42), null],
    ['a'.repeat(43), sha('a'.repeat(43))],
    // Characters count, not bytes and not UTF-16 units, as in Python.
    ['é'.repeat(42), null],
    ['😀'.repeat(42), null],
    ['😀'.repeat(43), sha('😀'.repeat(43))],
  ])('%s', (script, expected) => {
    expect(registered(script)).toEqual([expected, script]);
  });

  it('counts the bytes of bytes', () => {
    const bytes = Buffer.from('é'.repeat(22));
    expect(registered(bytes)).toEqual([sha('é'.repeat(22)), bytes]);
    expect(registered(bytes.subarray(0, 42))[0]).toBeNull();
  });

  it('refuses what is no script', () => {
    expect(() => registered(undefined as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_COMMAND' }),
    );
  });
});
