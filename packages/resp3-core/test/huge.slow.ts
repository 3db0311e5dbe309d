import { describe, expect, test } from 'vitest';
import { RedisError, RespDecoder, type RespValue } from '../src/index.js';

const MiB = 1024 * 1024;
/** V8 has no longer strings. The default limit for bulks lets a few more bytes pass. */
const LONGEST = 536_870_888;

function decodeBulk(size: number, chunkBytes: number, replies: 'string' | 'bytes', fill: string): unknown[] {
  const seen: unknown[] = [];
  const look = (value: RespValue): unknown => {
    if (Array.isArray(value)) return value.map(look);
    if (typeof value === 'string' || value instanceof Uint8Array)
      return value.length > 10 ? value.length : String(value);
    return value instanceof RedisError ? value.code : value;
  };
  const decoder = new RespDecoder(
    {
      onReply: (value) => seen.push(look(value)),
      onErrorReply: (error) => seen.push(error.code),
      onPush() {},
    },
    { replies },
  );
  const head = Buffer.from(`$${size}\r\n`);
  const tail = Buffer.from(`\r\n*2\r\n:1\r\n$${size}\r\n`);
  const end = Buffer.from('\r\n+next\r\n');
  const content = Buffer.alloc(Math.min(size, chunkBytes), fill);
  const send = (): void => {
    for (let at = 0; at < size; at += chunkBytes)
      decoder.write(content.subarray(0, Math.min(chunkBytes, size - at)));
  };
  decoder.write(head);
  send();
  decoder.write(tail);
  send();
  decoder.write(end);
  expect(decoder.pending).toBe(false);
  return seen;
}

describe('bulks of half a gigabyte', () => {
  test.each([MiB, 64 * 1024])(
    'too long for a string is an error of that reply alone, in chunks of %i bytes',
    (chunk) => {
      const seen = decodeBulk(LONGEST + 1, chunk, 'string', 'a');
      expect(seen).toEqual(['STRINGTOOLONG', [1, 'STRINGTOOLONG'], 'next']);
    },
  );

  test('as many bytes with fewer characters are a string', () => {
    const size = LONGEST + 1;
    const characters = Buffer.alloc(MiB, 'aé').toString().length;
    const [first, second, next] = decodeBulk(size, MiB, 'string', 'aé');
    expect(first).toBeGreaterThan(characters * 511);
    expect([second, next]).toEqual([[1, first], 'next']);
  });

  test('the longest string is one', () => {
    expect(decodeBulk(LONGEST, MiB, 'string', 'a')).toEqual([LONGEST, [1, LONGEST], 'next']);
  });

  test('as bytes there is no such limit', () => {
    expect(decodeBulk(LONGEST + 24, MiB, 'bytes', 'a')).toEqual([LONGEST + 24, [1, LONGEST + 24], 'next']);
  });

  test('in one chunk', () => {
    const seen: unknown[] = [];
    const decoder = new RespDecoder({
      onReply: (value) => seen.push(value),
      onErrorReply: (error) => seen.push(error.code),
      onPush() {},
    });
    const size = LONGEST + 1;
    const head = Buffer.from(`$${size}\r\n`);
    const chunk = Buffer.alloc(head.length + size + 9, 'a');
    head.copy(chunk);
    chunk.write('\r\n+next\r\n', head.length + size);
    decoder.write(chunk);
    expect(seen).toEqual(['STRINGTOOLONG', 'next']);
  });
});
