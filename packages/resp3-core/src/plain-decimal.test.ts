import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainDecimal } from './plain-decimal.js';

test.each([
  [0, '0'],
  [-0, '0'],
  [1, '1'],
  [-42, '-42'],
  [0.1, '0.1'],
  [-1.5, '-1.5'],
  [1e-6, '0.000001'],
  [1e-7, '0.0000001'],
  [-1.25e-9, '-0.00000000125'],
  [5e-324, `0.${'0'.repeat(323)}5`],
  [1e20, '100000000000000000000'],
  [1e21, '1000000000000000000000'],
  [-1.5e21, '-1500000000000000000000'],
  [1.25e22, '12500000000000000000000'],
  [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  [Number.MAX_VALUE, `17976931348623157${'0'.repeat(292)}`],
  [Number.POSITIVE_INFINITY, 'inf'],
  [Number.NEGATIVE_INFINITY, '-inf'],
])('%d is %s', (value, text) => {
  expect(plainDecimal(value)).toBe(text);
});

test('no exponent, and the same double when read back', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = plainDecimal(value);
      expect(text).toMatch(/^-?\d+(\.\d+)?$/);
      expect(Number(text)).toBe(value === 0 ? 0 : value);
    }),
  );
});
