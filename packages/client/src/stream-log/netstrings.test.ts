import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unpack } from './netstrings.js';

function pack(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts.flatMap((part) => [Buffer.from(`${part.length}:`), part]));
}

it('takes apart what was packed, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (parts) => {
      expect(unpack(pack(parts))?.map((part) => [...part])).toEqual(parts.map((part) => [...part]));
    }),
  );
});

it.each(['x', ':', '1', '1:', '2:a', '-1:a', '1:a1', '99999999999:a', '1a:b'])(
  '%j was not packed',
  (text) => {
    expect(unpack(Buffer.from(text))).toBeUndefined();
  },
);

it('never throws', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void unpack(bytes)));
});
