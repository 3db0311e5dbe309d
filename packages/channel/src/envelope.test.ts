import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Header, isSealed, seal, unseal } from './envelope.js';

const header: fc.Arbitrary<Header> = fc.record(
  {
    at: fc.integer(),
    ttl: fc.nat(),
    id: fc.string(),
    from: fc.string({ unit: 'grapheme' }),
    error: fc.record({ name: fc.string(), message: fc.string() }),
  },
  { requiredKeys: ['at'], noNullPrototype: true },
);

it('gives back header and payload, whatever they are', () => {
  fc.assert(
    fc.property(header, fc.string({ unit: 'binary' }), fc.uint8Array(), (given, text, bytes) => {
      expect(unseal(seal(given, text))).toEqual({ header: given, payload: text });
      const { header: read, payload } = unseal(seal(given, bytes));
      expect(read).toEqual(given);
      expect(Buffer.from(payload as Uint8Array).equals(bytes)).toBe(true);
    }),
  );
});

it('takes no JSON for an envelope, and leaves it as it is', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(isSealed(text)).toBe(false);
      expect(unseal(Buffer.from(text)).payload).toEqual(Buffer.from(text));
    }),
  );
});

it.each([
  'redlane/1 {"at":1}',
  'redlane/1 {\n1',
  'redlane/1 {}\n1',
  'redlane/1 {"at":1,"error":{"name":1}}\n',
])('refuses an envelope like %j', (raw) => {
  expect(() => unseal(raw)).toThrow(expect.objectContaining({ code: 'DECODE_FAILED' }));
  expect(() => unseal(Buffer.from(raw))).toThrow(expect.objectContaining({ code: 'DECODE_FAILED' }));
});
