import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecodeError, EncodeError, json } from './index.js';

const strict = json<unknown>();
const python = json<unknown>({ python: true });

/** What `json.dumps` of Python writes, with its default separators and escapes. */
function pythonDumps(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonDumps).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${pythonDumps(key)}: ${pythonDumps(item)}`)
      .join(', ')}}`;
  }
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : String(value);
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const pythonValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double().filter((number) => !Number.isInteger(number)),
    fc.bigInt().filter((number) => !Number.isSafeInteger(Number(number))),
    fc.constantFrom(true, false, null, Number.POSITIVE_INFINITY, Number.NaN),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')),
  ),
})).value;

const refused = (code: () => unknown): unknown => {
  try {
    code();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('json', () => {
  it('is JSON.stringify and JSON.parse for what they are faithful to', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = strict.encode(value);
        // An integer that is none of JSON's has an exponent.
        expect(JSON.parse(text as string)).toEqual(value);
        expect(strict.decode(text)).toEqual(value);
        expect(strict.decode(Buffer.from(text as string))).toEqual(value);
      }),
    );
  });

  it('keeps the sign of zero, for Python as well', () => {
    for (const codec of [strict, python]) {
      expect(codec.encode([-0, 0, { a: -0 }])).toBe('[-0.0,0,{"a":-0.0}]');
      expect(codec.decode(codec.encode(-0))).toBe(-0);
      expect(codec.decode(codec.encode([-0, 1e21]))).toEqual([-0, 1e21]);
    }
    expect(python.decode('[-0.0, 123456789012345678901]')).toEqual([-0, 123456789012345678901n]);
  });

  it('reads all that Python writes, and writes what it reads', () => {
    fc.assert(
      fc.property(pythonValue, (value) => {
        expect(python.decode(pythonDumps(value))).toEqual(value);
        expect(python.decode(python.encode(value))).toEqual(value);
      }),
    );
  });

  it('agrees with JSON.parse on what is JSON, whichever way it reads', () => {
    const noise = fc.array(fc.constantFrom(...'[]{},:"\\ \n0123456789.eE+-tfn\u0000aé'), { maxLength: 12 });
    const large = '12345678901234567';
    fc.assert(
      fc.property(fc.json(), noise, fc.nat(), (text, characters, at) => {
        const place = at % (text.length + 1);
        const mutated = text.slice(0, place) + characters.join('') + text.slice(place);
        // The integer in front takes the exact way.
        const exact = () => (python.decode(`[${large},${mutated}]`) as unknown[]).slice(1);
        const native = () => (JSON.parse(`[0,${mutated}]`) as unknown[]).slice(1);
        let expected: unknown[];
        try {
          expected = native();
        } catch {
          expect(refused(exact)).toBeInstanceOf(DecodeError);
          return;
        }
        // Long integers are exact one way, and numbers without end or beyond all bounds are none the other way.
        const differs = /\d{16}/.test(mutated) || /\d{16}|e[+]?\d{3}|null/.test(JSON.stringify(expected));
        if (!differs) expect(exact()).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never rounds an integer', () => {
    expect(python.decode('[9007199254740991, 9007199254740992, -123456789012345678901]')).toEqual([
      9007199254740991,
      9007199254740992n,
      -123456789012345678901n,
    ]);
    expect(python.encode([9007199254740993n, 5n])).toBe('[9007199254740993,5]');
    const error = refused(() => strict.decode('{"id": 9007199254740993}'));
    expect(error).toMatchObject({ code: 'DECODE_FAILED', message: expect.stringContaining('python: true') });
    expect(refused(() => strict.encode({ id: 1n }))).toMatchObject({ code: 'ENCODE_FAILED' });
    // Digits in texts are no numbers.
    expect(strict.decode('{"id": "9007199254740993", "\\"": "\\\\"}')).toEqual({
      id: '9007199254740993',
      '"': '\\',
    });
  });

  it('keeps a number a number, however large', () => {
    for (const value of [2 ** 53, 2 ** 60, -(2 ** 70), 1e21, 1.5e300, 5e-324]) {
      expect(strict.decode(strict.encode(value))).toBe(value);
      expect(python.decode(python.encode(value))).toBe(value);
    }
  });

  it('knows the words of Python only when asked', () => {
    expect(python.decode('[NaN, Infinity, -Infinity]')).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
    expect(python.encode([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(
      '[NaN,Infinity,-Infinity]',
    );
    expect(python.decode('"NaN and Infinity"')).toBe('NaN and Infinity');
    for (const word of ['NaN', '[Infinity]', '1234567890123456, NaN']) {
      expect(refused(() => strict.decode(word))).toBeInstanceOf(DecodeError);
    }
    expect(refused(() => strict.encode([Number.NaN]))).toBeInstanceOf(EncodeError);
    expect(refused(() => strict.decode('1e400'))).toBeInstanceOf(DecodeError);
    expect(python.decode('1e400')).toBe(Number.POSITIVE_INFINITY);
  });

  it.each<[string, () => unknown, string]>([
    ['undefined', () => undefined, '$'],
    ['undefined in an array', () => ({ a: [1, undefined] }), '$["a"][1]'],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
    ['a hole', () => [1, , 2], '$[1]'],
    ['a function', () => ({ f: () => 1 }), '$["f"]'],
    ['a symbol', () => [Symbol('s')], '$[0]'],
    ['a map', () => ({ m: new Map([[1, 2]]) }), '$["m"]'],
    ['a set', () => new Set([1]), '$'],
    ['bytes', () => ({ b: new Uint8Array(3) }), '$["b"]'],
    ['a promise', () => [Promise.resolve(1)], '$[0]'],
  ])('does not encode %s, and says where it is', (_, make, place) => {
    for (const codec of [strict, python]) {
      const error = refused(() => codec.encode(make()));
      expect(error).toMatchObject({ name: 'EncodeError', code: 'ENCODE_FAILED' });
      expect((error as Error).message).toContain(`at ${place} `);
    }
  });

  it('does not encode what contains itself, or is nested too deeply', () => {
    const circle: { self?: unknown; again?: unknown } = {};
    circle.self = [circle];
    expect(refused(() => strict.encode(circle))).toMatchObject({
      code: 'ENCODE_FAILED',
      message: expect.stringContaining('contains itself'),
    });
    const twice = { a: 1 };
    expect(strict.encode([twice, twice, { toJSON: () => twice }])).toBe('[{"a":1},{"a":1},{"a":1}]');
    let deep: unknown = 0;
    for (let level = 0; level < 1_000_000; level++) deep = [deep];
    expect(refused(() => strict.encode(deep))).toBeInstanceOf(EncodeError);
  });

  it('writes what JSON.stringify writes for what has a form of its own', () => {
    class Point {
      x = 1;
      readonly #hidden = 2;
      get sum(): number {
        return this.x + this.#hidden;
      }
    }
    const calls: string[] = [];
    const named = {
      toJSON(key: string) {
        calls.push(key);
        return { key };
      },
    };
    const value = {
      date: new Date(0),
      point: new Point(),
      gone: undefined,
      boxed: [Object('text'), Object(1), Object(false)],
      bare: Object.assign(Object.create(null) as object, { a: 1 }),
      named: [named],
      half: '\ud800',
    };
    expect(strict.encode(value)).toBe(JSON.stringify(value));
    expect(calls).toEqual(['0', '0']);
    expect(strict.encode({ a: undefined })).toBe('{}');
    expect(refused(() => strict.encode({ toJSON: () => undefined }))).toBeInstanceOf(EncodeError);
  });

  it('reads deep and odd texts on the exact way', () => {
    const deep = `${'['.repeat(100_000)}12345678901234567890${']'.repeat(100_000)}`;
    let inner = python.decode(deep);
    for (let level = 0; level < 100_000; level++) [inner] = inner as unknown[];
    expect(inner).toBe(12345678901234567890n);
    const large = '12345678901234567890';
    expect(python.decode(`\t{"a" : [ ] , "b":{ }, "a":${large} }\n`)).toEqual({ a: BigInt(large), b: {} });
    const proto = python.decode(`{"__proto__": ${large}}`) as object;
    expect(Object.getPrototypeOf(proto)).toBe(Object.prototype);
    expect(Object.keys(proto)).toEqual(['__proto__']);
    expect(refused(() => python.decode('9'.repeat(5_000)))).toMatchObject({
      message: expect.stringContaining('5000 digits'),
    });
  });

  it('keeps the bytes of what it cannot read, and shows few of them', () => {
    const raw = Buffer.from(`{"secret": "${'x'.repeat(1_000)}`);
    const error = refused(() => strict.decode(raw)) as DecodeError;
    expect(error).toMatchObject({ name: 'DecodeError', code: 'DECODE_FAILED' });
    expect(error.raw).toBe(raw);
    expect(error.message.length).toBeLessThan(150);
    expect(error.message).toContain(`(${raw.length} bytes)`);
    expect(Object.keys(error)).not.toContain('raw');
    expect((refused(() => strict.decode('nonsense')) as DecodeError).raw).toEqual(Buffer.from('nonsense'));
  });

  it.each([
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['a byte order mark', Buffer.from('\ufeff{}')],
    ['nothing', Buffer.alloc(0)],
    ['two values', Buffer.from('1 2')],
  ])('refuses %s', (_, raw) => {
    expect(refused(() => strict.decode(raw))).toMatchObject({ code: 'DECODE_FAILED' });
    expect(refused(() => python.decode(raw))).toMatchObject({ code: 'DECODE_FAILED' });
  });

  it('reads a replacement character that is really there', () => {
    expect(strict.decode(Buffer.from('"\ufffd"'))).toBe('\ufffd');
  });

  it('refuses options that are none', () => {
    expect(() => json({ python: 'yes' as never })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option: 'python' }),
    );
  });
});
