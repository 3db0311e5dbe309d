import { afterEach, describe, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The modules as they load in a runtime with the given `Buffer`. */
async function load(buffer: unknown) {
  vi.resetModules();
  vi.stubGlobal('Buffer', buffer);
  try {
    const [utf8, encoder, writer, reply] = await Promise.all([
      import('./utf8-writer.js'),
      import('./encoder.js'),
      import('./command-writer.js'),
      import('./reply-encoder.js'),
    ]);
    return { ...utf8, ...encoder, ...writer, ...reply };
  } finally {
    vi.unstubAllGlobals();
  }
}

const NodeBuffer = Buffer;

/** As in polyfills: only the documented methods. */
class PolyfilledBuffer extends Uint8Array {
  static allocUnsafeSlow(bytes: number): PolyfilledBuffer {
    return new PolyfilledBuffer(bytes);
  }

  static byteLength(text: string): number {
    return NodeBuffer.byteLength(text);
  }

  static override from(text: unknown): PolyfilledBuffer {
    return new PolyfilledBuffer(NodeBuffer.from(text as string));
  }

  write(text: string, at: number): number {
    return NodeBuffer.from(this.buffer, this.byteOffset, this.byteLength).write(text, at);
  }
}

const texts = [
  '',
  'ascii',
  'é',
  '€',
  '😀',
  'a\ud83d',
  '\ude00\ud83d',
  '\ud83d\ud83d\ude00',
  'é'.repeat(100),
  'x'.repeat(99),
];

describe.each<[string, unknown, unknown]>([
  ["Node's Buffer", Buffer, Buffer.prototype],
  ['a Buffer without utf8Write', PolyfilledBuffer, PolyfilledBuffer.prototype],
  ['no Buffer, as in browsers', undefined, Uint8Array.prototype],
])('%s', (_, buffer, prototype) => {
  test('is what the modules use', async () => {
    const { allocate, encodeCommand } = await load(buffer);
    expect(Object.getPrototypeOf(allocate(3))).toBe(prototype);
    expect(Object.getPrototypeOf(encodeCommand(['PING']))).toBe(prototype);
  });

  test.each(texts)('length and bytes of %j', async (text) => {
    const { allocate, encodeText, utf8Length, writeText } = await load(buffer);
    const expected = new TextEncoder().encode(text);
    const target = allocate(expected.length + 2).fill(0x2e);
    expect(utf8Length(text)).toBe(expected.length);
    expect(writeText(target, text, 1)).toBe(expected.length);
    expect([...target]).toEqual([0x2e, ...expected, 0x2e]);
    expect([...encodeText(text)]).toEqual([...expected]);
  });

  test('a text is cut between characters where the room ends', async () => {
    const { allocate, writeText } = await load(buffer);
    expect(writeText(allocate(5), 'éé€', 0)).toBe(4);
    expect(writeText(allocate(5), '€😀', 1)).toBe(3);
  });

  test('commands and replies are the same everywhere', async () => {
    const { CommandWriter, encodeCommand, encodeReply } = await load(buffer);
    const command = [
      'SET',
      'ключ',
      'é'.repeat(99),
      'a'.repeat(5000),
      '€'.repeat(30_000),
      0.5,
      12n,
      new Uint8Array(9),
    ];
    const parts = command.map((arg) => Buffer.from(typeof arg === 'object' ? arg : String(arg)));
    const expected = Buffer.concat([
      Buffer.from('*8\r\n'),
      ...parts.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n')]),
    ]);
    const writer = new CommandWriter({ chunkBytes: 1024 });
    writer.append(command);
    expect(expected.equals(encodeCommand(command))).toBe(true);
    expect(expected.equals(Buffer.concat(writer.take()))).toBe(true);
    expect(Buffer.from(encodeReply(['é', 1])).toString()).toBe('*2\r\n$2\r\né\r\n:1\r\n');
  });
});
