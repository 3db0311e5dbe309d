import { type CommandArgument, encodeCommand } from '@redlane/resp3-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesText, keyText } from './key-text.js';

function sameOnTheWire(a: CommandArgument, b: CommandArgument): boolean {
  return Buffer.compare(encodeCommand([a]), encodeCommand([b])) === 0;
}

describe('the text of an argument', () => {
  const tricky = fc.constantFrom<CommandArgument>(
    '',
    '0',
    -0,
    0,
    0n,
    '5',
    5,
    5n,
    '1e+21',
    1e21,
    '1000000000000000000000',
    'Infinity',
    'inf',
    Number.POSITIVE_INFINITY,
    0.1,
    '0.1',
    'é',
    Buffer.from('é'),
    Buffer.from('é', 'latin1'),
    'Ã©',
    '\ud800',
    '\udc00',
    '\udc00\u00ff',
    '\ufffd',
    '\ufffd\u00ff',
    Uint8Array.of(0xff),
    Uint8Array.of(0xfe),
    Uint8Array.of(0xef, 0xbf, 0xbd),
  );
  const argument = fc.oneof(
    tricky,
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.string({ unit: fc.constantFrom('a', 'é', '\ud83d', '\ude00', '\udc00', '\u00ff'), maxLength: 3 }),
    fc.uint8Array({ maxLength: 3 }),
    fc.double({ noNaN: true }),
    fc.bigInt(),
  );

  it('is equal for two arguments if and only if their bytes on the wire are', () => {
    fc.assert(
      fc.property(argument, argument, (a, b) => {
        expect(keyText(a) === keyText(b)).toBe(sameOnTheWire(a, b));
      }),
      { numRuns: 5_000 },
    );
  });

  it('is the text of the bytes that the server reports', () => {
    fc.assert(
      fc.property(argument, (arg) => {
        const wire = Buffer.from(encodeCommand([arg]));
        const start = wire.indexOf('\n', wire.indexOf('\n') + 1) + 1;
        expect(bytesText(wire.subarray(start, -2))).toBe(keyText(arg));
      }),
      { numRuns: 2_000 },
    );
  });
});
