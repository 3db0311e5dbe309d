import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CommandArgument, CommandArgumentError } from './command-argument.js';
import { encodeCommand, writeCommand } from './encoder.js';

const wire = (args: readonly CommandArgument[]): string =>
  Buffer.from(encodeCommand(args)).toString('latin1');
const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

function failure(args: unknown): CommandArgumentError {
  try {
    encodeCommand(args as CommandArgument[]);
  } catch (error) {
    return error as CommandArgumentError;
  }
  throw new Error('nothing was thrown');
}

describe('bytes', () => {
  test.each<[string, CommandArgument[], string]>([
    ['a name alone', ['PING'], '*1\r\n$4\r\nPING\r\n'],
    ['an empty text', ['SET', 'k', ''], '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$0\r\n\r\n'],
    [
      'small numbers',
      ['X', 0, 7, 10, 99, 100],
      '*6\r\n$1\r\nX\r\n$1\r\n0\r\n$1\r\n7\r\n$2\r\n10\r\n$2\r\n99\r\n$3\r\n100\r\n',
    ],
    ['minus zero', ['X', -0], '*2\r\n$1\r\nX\r\n$1\r\n0\r\n'],
    ['a negative number', ['X', -12], '*2\r\n$1\r\nX\r\n$3\r\n-12\r\n'],
    ['a large number', ['X', 1e21], '*2\r\n$1\r\nX\r\n$22\r\n1000000000000000000000\r\n'],
    ['a tiny number', ['X', 1e-7], '*2\r\n$1\r\nX\r\n$9\r\n0.0000001\r\n'],
    ['infinities', ['X', Infinity, -Infinity], '*3\r\n$1\r\nX\r\n$3\r\ninf\r\n$4\r\n-inf\r\n'],
    ['bigints', ['X', -5n, 2n ** 64n], '*3\r\n$1\r\nX\r\n$2\r\n-5\r\n$20\r\n18446744073709551616\r\n'],
    ['text in bytes, not characters', ['X', 'é€😀'], `*2\r\n$1\r\nX\r\n$9\r\n${latin1('é€😀')}\r\n`],
    [
      'lone surrogates',
      ['X', 'a\ud83d', '\ude00b'],
      `*3\r\n$1\r\nX\r\n$4\r\n${latin1('a\ufffd')}\r\n$4\r\n${latin1('\ufffdb')}\r\n`,
    ],
    ['line breaks and zeros', ['X', '\r\n\0'], '*2\r\n$1\r\nX\r\n$3\r\n\r\n\0\r\n'],
    ['bytes', ['X', new Uint8Array([255, 0, 13])], '*2\r\n$1\r\nX\r\n$3\r\n\xff\0\r\r\n'],
    ['a Buffer', [Buffer.from('GET'), 'k'], '*2\r\n$3\r\nGET\r\n$1\r\nk\r\n'],
    [
      'a part of a buffer',
      ['X', new Uint8Array([1, 2, 3, 4]).subarray(1, 3)],
      '*2\r\n$1\r\nX\r\n$2\r\n\x02\x03\r\n',
    ],
    ['empty bytes', ['X', new Uint8Array(0)], '*2\r\n$1\r\nX\r\n$0\r\n\r\n'],
  ])('%s', (_, args, expected) => {
    expect(wire(args)).toBe(expected);
  });

  test('ten arguments and a length of four digits', () => {
    const args = ['MSET', ...Array<string>(8).fill('k'), 'v'.repeat(1234)];
    expect(wire(args)).toBe(
      `*10\r\n$4\r\nMSET\r\n${'$1\r\nk\r\n'.repeat(8)}$1234\r\n${'v'.repeat(1234)}\r\n`,
    );
  });

  test('bytes of another realm', () => {
    const foreign = runInNewContext('new Uint8Array([65, 66])') as Uint8Array;
    expect(foreign).not.toBeInstanceOf(Uint8Array);
    expect(wire(['X', foreign])).toBe('*2\r\n$1\r\nX\r\n$2\r\nAB\r\n');
  });

  test('the result has memory of its own and nothing else in it', () => {
    const bytes = encodeCommand(['GET', 'clé']);
    expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
  });

  test('writeCommand takes the arguments one by one', () => {
    expect(writeCommand('SET', 'k', 1)).toEqual(encodeCommand(['SET', 'k', 1]));
    expect(writeCommand(Buffer.from('PING'))).toEqual(encodeCommand(['PING']));
  });
});

describe('refusals', () => {
  const detached = new Uint8Array(4);
  structuredClone(detached, { transfer: [detached.buffer] });

  test.each<[string, unknown, RegExp]>([
    ['undefined', undefined, /argument 1 is undefined: leave it out/],
    ['null', null, /argument 1 is null: leave it out/],
    ['NaN', Number.NaN, /argument 1 is NaN/],
    ['a boolean', true, /argument 1 is a boolean: pass 1 or 0/],
    ['a symbol', Symbol('secret'), /argument 1 is a symbol/],
    ['a function', () => 'secret', /argument 1 is a function/],
    ['an object', { secret: 1 }, /argument 1 is an object: .*JSON.stringify/],
    ['a class that claims to be bytes', Object.create(Uint8Array.prototype), /argument 1 is an object/],
    ['an array', ['secret'], /argument 1 is an array: spread/],
    ['a Date', new Date(), /argument 1 is a Date/],
    ['a String object', new String('secret'), /argument 1 is a String object/],
    ['an ArrayBuffer', new ArrayBuffer(2), /argument 1 is an ArrayBuffer/],
    ['a DataView', new DataView(new ArrayBuffer(2)), /argument 1 is a DataView: wrap/],
    ['a Uint16Array', new Uint16Array(2), /argument 1 is a Uint16Array: wrap/],
    ['a detached array', detached, /argument 1 is a detached Uint8Array: copy/],
  ])('%s', (_, argument, message) => {
    const error = failure(['GET', argument]);
    expect(error).toBeInstanceOf(CommandArgumentError);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ name: 'CommandArgumentError', code: 'INVALID_ARGUMENT', index: 1 });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('secret');
  });

  test('a hole in the array', () => {
    const holey = ['GET', 'a', 'b'];
    delete holey[1];
    expect(failure(holey)).toMatchObject({ index: 1 });
  });

  test('memory that shrank away under the view', () => {
    const Resizable = ArrayBuffer as unknown as new (
      bytes: number,
      options: { maxByteLength: number },
    ) => ArrayBuffer & { resize(bytes: number): void };
    const memory = new Resizable(16, { maxByteLength: 16 });
    const view = new Uint8Array(memory, 8, 4);
    memory.resize(4);
    expect(failure(['SET', 'k', view])).toMatchObject({ index: 2 });
  });

  test('an empty command', () => {
    expect(failure([])).toMatchObject({ code: 'INVALID_ARGUMENT', index: undefined });
    expect(failure([]).message).toMatch(/must not be empty/);
  });

  test('a text in place of the array', () => {
    expect(failure('PING')).toMatchObject({ code: 'INVALID_ARGUMENT', index: undefined });
  });
});

/** A second, naive reading of a command: what a server would see. */
function parse(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1');
  let at = 0;
  const line = (type: string): number => {
    expect(text[at]).toBe(type);
    const end = text.indexOf('\r\n', at);
    const digits = text.slice(at + 1, end);
    expect(digits).toMatch(/^\d+$/);
    at = end + 2;
    return Number(digits);
  };
  const parts = Array.from({ length: line('*') }, () => {
    const length = line('$');
    const part = text.slice(at, at + length);
    at += length;
    expect(text.slice(at, at + 2)).toBe('\r\n');
    at += 2;
    return part;
  });
  expect(at).toBe(text.length);
  return parts;
}

test('any arguments read back as their bytes', () => {
  const argument = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\ud83d', '\ude00'), maxLength: 120 }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.bigInt(),
    fc.uint8Array({ maxLength: 100 }),
  );
  fc.assert(
    fc.property(fc.array(argument, { minLength: 1, maxLength: 12 }), (args) => {
      const expected = args.map((arg) =>
        Buffer.from(arg instanceof Uint8Array ? arg : String(arg)).toString('latin1'),
      );
      expect(parse(encodeCommand(args))).toEqual(expected.map((text) => (text === '-0' ? '0' : text)));
    }),
  );
});
