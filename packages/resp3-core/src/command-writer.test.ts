import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CommandArgument } from './command-argument.js';
import { CommandWriter, type CommandWriterOptions } from './command-writer.js';
import { encodeCommand } from './encoder.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const text = (chunks: Uint8Array[]): string => Buffer.concat(chunks).toString('latin1');
const encoded = (...commands: CommandArgument[][]): string =>
  text(commands.map((args) => encodeCommand(args)));

/** Fills the writer's chunk until less than `room` bytes are left of it. */
function fill(writer: CommandWriter, chunkBytes: number, room: number): CommandArgument[][] {
  const commands: CommandArgument[][] = [];
  while (chunkBytes - writer.pendingBytes >= room) {
    const command = ['PING'];
    writer.append(command);
    commands.push(command);
  }
  return commands;
}

describe('append', () => {
  test('several commands come out joined, with their sizes', () => {
    const writer = new CommandWriter();
    expect(writer.pendingBytes).toBe(0);
    expect(writer.append(['PING'])).toBe(14);
    expect(writer.append(['SET', 'k', 'v'])).toBe(27);
    expect(writer.pendingBytes).toBe(41);
    const taken = writer.take();
    expect(taken).toHaveLength(1);
    expect(text(taken)).toBe('*1\r\n$4\r\nPING\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n');
    expect(writer.pendingBytes).toBe(0);
    expect(writer.take()).toEqual([]);
  });

  test('a name apart from its arguments', () => {
    const writer = new CommandWriter();
    expect(writer.appendCommand('PING', [])).toBe(14);
    writer.appendCommand('SET', ['ключ', 12]);
    writer.appendCommand('é'.repeat(30), ['x'.repeat(100)]);
    expect(text(writer.take())).toBe(
      encoded(['PING'], ['SET', 'ключ', 12], ['é'.repeat(30), 'x'.repeat(100)]),
    );
  });

  test.each<[string, CommandArgument]>([
    ['40 characters', 'a'.repeat(40)],
    ['41 characters', 'a'.repeat(41)],
    ['99 characters that need 198 bytes', 'é'.repeat(99)],
    ['99 characters that need 100 bytes', `${'a'.repeat(98)}é`],
    ['40 characters whose last is not ASCII', `${'a'.repeat(39)}€`],
    ['lone surrogates', '\ud83d'.repeat(50)],
    ['a text as long as the limit', '€'.repeat(16 * 1024)],
    ['a text beyond the limit', '€'.repeat(16 * 1024 + 1)],
    ['a text longer than a chunk', 'ab€'.repeat(100_000)],
    ['the largest small integer', 999_999_999],
    ['the smallest large integer', 1_000_000_000],
    ['a fraction', 0.5],
    ['minus zero', -0],
    ['a bigint of 50,000 digits', 10n ** 50_000n],
    ['24 bytes', new Uint8Array(24).fill(200)],
    ['25 bytes', new Uint8Array(25).fill(200)],
    ['no bytes', new Uint8Array(0)],
    ['bytes longer than a chunk', new Uint8Array(200_000).fill(7)],
  ])('%s', (_, argument) => {
    const writer = new CommandWriter();
    const command = ['SET', argument, argument];
    expect(writer.append(command)).toBe(encodeCommand(command).length);
    expect(text(writer.take()) === encoded(command)).toBe(true);
  });

  test('texts of one kind after the other meet every place of a chunk', () => {
    for (const unit of ['a', 'é', '€', '😀']) {
      const writer = new CommandWriter({ chunkBytes: 512 });
      const commands = Array.from({ length: 150 }, (_, i) => ['X', unit.repeat(i)]);
      for (const command of commands) writer.append(command);
      expect(text(writer.take()) === encoded(...commands)).toBe(true);
    }
  });

  test.each<[string, (writer: CommandWriter) => unknown]>([
    ['append', (writer) => writer.append(['SET', 'x'.repeat(100), undefined as never])],
    ['a large argument before the bad one', (writer) => writer.append([new Uint8Array(99_999), Number.NaN])],
    ['no arguments', (writer) => writer.append([])],
    ['appendCommand', (writer) => writer.appendCommand('SET', ['k', {} as never])],
    ['a bad name', (writer) => writer.appendCommand(undefined as never, ['k'])],
    ['arguments that are no array', (writer) => writer.appendCommand('GET', 'k' as never)],
  ])('a refusal leaves nothing behind: %s', (_, act) => {
    const writer = new CommandWriter();
    writer.append(['PING']);
    expect(() => act(writer)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(writer.pendingBytes).toBe(14);
    writer.append(['PING']);
    expect(text(writer.take())).toBe(encoded(['PING'], ['PING']));
  });

  test('appendCommand counts the name as argument 0', () => {
    const writer = new CommandWriter();
    expect(() => writer.appendCommand('SET', ['k', null as never])).toThrow(
      expect.objectContaining({ index: 2 }),
    );
    expect(() => writer.appendCommand(5n as never, [false as never])).toThrow(
      expect.objectContaining({ index: 1 }),
    );
  });

  test('memory that runs out in the middle of a command leaves nothing of it behind', () => {
    const chunkBytes = 512;
    const writer = new CommandWriter({ chunkBytes, passThroughBytes: Infinity });
    const before = fill(writer, chunkBytes, 100);
    const { allocUnsafeSlow } = Buffer;
    const allocate = vi.spyOn(Buffer, 'allocUnsafeSlow').mockImplementation((bytes) => {
      if (bytes > chunkBytes) throw new RangeError('out of memory');
      return allocUnsafeSlow(bytes);
    });
    const tooLarge = ['SET', 'a'.repeat(90), new Uint8Array(10), new Uint8Array(5000)];
    expect(() => writer.append(tooLarge)).toThrow('out of memory');
    allocate.mockRestore();
    expect(text(writer.take())).toBe(encoded(...before));

    writer.recycle();
    const after = Array.from({ length: 200 }, (_, i) => ['SET', `key:${i}`, 'é'.repeat(i % 60)]);
    for (const command of after) writer.append(command);
    expect(text(writer.take())).toBe(encoded(...after));
  });
});

describe('take', () => {
  test('large byte arguments are handed out as they are, between the bytes around them', () => {
    const writer = new CommandWriter();
    const value = new Uint8Array(16 * 1024).fill(1);
    writer.append(['SET', 'k', value]);
    writer.append(['PING']);
    expect(writer.pendingBytes).toBe(encodeCommand(['SET', 'k', value]).length + 14);
    const taken = writer.take();
    expect(taken).toHaveLength(3);
    expect(taken[1]).toBe(value);
    expect(text(taken)).toBe(encoded(['SET', 'k', value], ['PING']));
  });

  test('smaller ones are copied: changing them later changes nothing', () => {
    const writer = new CommandWriter();
    const value = new Uint8Array(16 * 1024 - 1).fill(1);
    const expected = encoded(['SET', 'k', value]);
    writer.append(['SET', 'k', value]);
    value.fill(2);
    const taken = writer.take();
    expect(taken).toHaveLength(1);
    expect(text(taken)).toBe(expected);
  });

  test.each([300, 5000])('passThroughBytes: Infinity copies %d bytes, in chunks of 1,000', (length) => {
    const writer = new CommandWriter({ chunkBytes: 1000, passThroughBytes: Infinity });
    const value = new Uint8Array(length).fill(1);
    const expected = encoded(['SET', 'k', value]);
    writer.append(['SET', 'k', value]);
    value.fill(2);
    expect(text(writer.take())).toBe(expected);
  });

  test('passThroughBytes: 0 copies nothing and hands out no empty pieces', () => {
    const writer = new CommandWriter({ passThroughBytes: 0 });
    const value = new Uint8Array([1]);
    writer.append(['SET', new Uint8Array(0), value]);
    const taken = writer.take();
    expect(taken[1]).toBe(value);
    expect(taken.every((chunk) => chunk.length > 0)).toBe(true);
    expect(text(taken)).toBe(encoded(['SET', '', value]));
  });
});

describe('memory', () => {
  test('recycled chunks are written again, from their start', () => {
    const writer = new CommandWriter();
    writer.append(['PING']);
    const [first] = writer.take();
    writer.recycle();
    writer.append(['PING']);
    const [second] = writer.take();
    expect(second!.buffer).toBe(first!.buffer);
    expect(second!.byteOffset).toBe(first!.byteOffset);
  });

  test('without recycling, later commands go behind the earlier ones', () => {
    const writer = new CommandWriter();
    writer.append(['PING']);
    const [first] = writer.take();
    writer.append(['GET', 'k']);
    const [second] = writer.take();
    expect(second!.byteOffset).toBe(first!.byteOffset + first!.byteLength);
    expect(text([first!])).toBe(encoded(['PING']));
  });

  test('recycling while commands are pending spares these', () => {
    const writer = new CommandWriter({ chunkBytes: 256 });
    const commands = Array.from({ length: 100 }, (_, i) => ['GET', i]);
    for (const command of commands) {
      writer.append(command);
      writer.recycle();
    }
    expect(text(writer.take())).toBe(encoded(...commands));
  });

  test('a chunk that was filled up is used again once recycled', () => {
    const writer = new CommandWriter({ chunkBytes: 256 });
    const memory = new Set<ArrayBufferLike>();
    for (let round = 0; round < 50; round++) {
      for (let i = 0; i < 15; i++) writer.append(['GET', 'a key']);
      const taken = writer.take();
      expect(taken).toHaveLength(2);
      for (const chunk of taken) memory.add(chunk.buffer);
      writer.recycle();
    }
    expect(memory.size).toBe(2);
  });

  test('nothing larger than a chunk is kept', () => {
    const writer = new CommandWriter({ chunkBytes: 1024 });
    writer.append(['SET', 'k', 'x'.repeat(1_000_000)]);
    writer.take();
    writer.recycle();
    writer.append(['PING']);
    expect(writer.take()[0]!.buffer.byteLength).toBe(1024);
  });

  test('a new writer holds no chunk', () => {
    const allocate = vi.spyOn(Buffer, 'allocUnsafeSlow');
    const writer = new CommandWriter();
    const sizes = allocate.mock.calls.map(([bytes]) => bytes);
    expect(sizes.every((bytes) => bytes === 0)).toBe(true);
    writer.recycle();
    writer.append(['PING']);
    expect(text(writer.take())).toBe(encoded(['PING']));
  });
});

test.each<[string, CommandWriterOptions]>([
  ['chunkBytes', { chunkBytes: 255 }],
  ['chunkBytes', { chunkBytes: 1000.5 }],
  ['chunkBytes', { chunkBytes: '64k' as never }],
  ['passThroughBytes', { passThroughBytes: -1 }],
  ['passThroughBytes', { passThroughBytes: Number.NaN }],
])('%s: %o is refused', (name, options) => {
  expect(() => new CommandWriter(options)).toThrow(RangeError);
  expect(() => new CommandWriter(options)).toThrow(name);
});

test('any order of append, take and recycle: all bytes in order, none changed before it was recycled', () => {
  const argument = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\ud83d'), maxLength: 400 }),
    fc.double({ noNaN: true }),
    fc.nat(),
    fc.bigInt(),
    fc.uint8Array({ maxLength: 600 }),
  );
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.array(argument, { minLength: 1, maxLength: 6 }) },
    { weight: 2, arbitrary: fc.constant('take' as const) },
    { weight: 1, arbitrary: fc.constant('recycle' as const) },
  );
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.constantFrom(256, 300, 1000, 4096),
      fc.constantFrom(0, 100, 500, Infinity),
      (steps, chunkBytes, passThroughBytes) => {
        const writer = new CommandWriter({ chunkBytes, passThroughBytes });
        const lent: { chunk: Uint8Array; copy: Buffer }[] = [];
        const out: Buffer[] = [];
        const expected: Uint8Array[] = [];
        const take = (): void => {
          const pending = writer.pendingBytes;
          const chunks = writer.take();
          expect(chunks.reduce((sum, chunk) => sum + chunk.length, 0)).toBe(pending);
          for (const chunk of chunks) {
            const copy = Buffer.from(chunk);
            out.push(copy);
            lent.push({ chunk, copy });
          }
        };
        for (const next of steps) {
          if (next === 'take') take();
          else if (next === 'recycle') {
            writer.recycle();
            lent.length = 0;
          } else {
            const bytes = encodeCommand(next);
            expect(writer.append(next)).toBe(bytes.length);
            expected.push(bytes);
          }
          for (const { chunk, copy } of lent) expect(copy.equals(chunk)).toBe(true);
        }
        take();
        expect(Buffer.concat(out).equals(Buffer.concat(expected))).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
