import { isDeepStrictEqual } from 'node:util';
import { damage, type FuzzTarget, type Next, pick, several } from '@redlane/fuzz';
import { DecodeError, type Encoded, json, text } from '../../src/codec/index.js';

interface JsonInput {
  readonly raw: Encoded;
  readonly python: boolean;
}

const TOKENS = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '0',
  '-',
  'e9',
  '1e999',
  '\\u',
  '\\ud800',
  'NaN',
  '\xff',
  '\n',
];
const KEYS = ['a', '', '__proto__', 'constructor', 'prototype', 'toJSON', 'length', '0', 'é', '\\u0000'];

/** JSON from strangers: it is refused with a `DecodeError`, or read without a change and without touching prototypes. */
export const jsonTarget: FuzzTarget<JsonInput> = {
  name: 'codec',
  input: (next) => {
    const sound = Buffer.from(value(next, 4));
    const bytes = next(3) === 0 ? sound : damage(sound, next, TOKENS);
    return { raw: next(4) === 0 ? Buffer.from(bytes).toString() : bytes, python: next(2) === 0 };
  },
  check: ({ raw, python }) => {
    const codec = json<unknown>({ python });
    const decoded = attempt(() => ({ value: codec.decode(raw) }));
    attempt(() => text.decode(raw));
    if ('__polluted' in {}) throw new Error('Object.prototype was changed');
    if (decoded === undefined) return 'refused';
    const again = codec.decode(codec.encode(decoded.value));
    if (!isDeepStrictEqual(decoded.value, again))
      throw new Error('encoded and decoded again it is not the same');
    const builtin = attemptBuiltin(raw);
    if (builtin === undefined) {
      if (!python) throw new Error('JSON.parse refuses it');
      return 'read as Python does';
    }
    if (!python && !isDeepStrictEqual(builtin.value, decoded.value))
      throw new Error('JSON.parse reads something else');
    return 'read';
  },
  show: ({ raw, python }) =>
    `${python ? 'python ' : ''}${typeof raw === 'string' ? JSON.stringify(raw) : Buffer.from(raw).toString('hex')}`,
};

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function attemptBuiltin(raw: Encoded): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(Buffer.from(raw as Uint8Array).toString()) as unknown };
  } catch {
    return undefined;
  }
}

function value(next: Next, depth: number): string {
  if (depth > 0 && next(2) === 0) {
    if (next(2) === 0) return `[${several(next, 4, () => value(next, depth - 1)).join(',')}]`;
    const entries = several(next, 4, () => `"${pick(next, KEYS)}":${value(next, depth - 1)}`);
    return `{${entries.join(pick(next, [',', ' , ', ',\n']))}}`;
  }
  return pick(next, [
    () => pick(next, ['null', 'true', 'false', '""', '{"__proto__":{"__polluted":1}}', 'NaN', '-Infinity']),
    () =>
      `"${several(next, 8, () => pick(next, ['a', '\\n', '\\u00e9', 'é', '😀', '\\\\', '\\"', '1234567890'])).join('')}"`,
    () =>
      `${pick(next, ['', '-'])}${pick(next, [0, next(1000)])}${pick(next, ['', '.5', 'e3', 'E-7', 'e400', 'e+21'])}`,
    () =>
      pick(next, [
        '9007199254740991',
        '9007199254740993',
        '-9007199254740993',
        '1'.repeat(5000),
        '0.1234567890123456789',
      ]),
    () => '['.repeat(next(300)),
  ])();
}
