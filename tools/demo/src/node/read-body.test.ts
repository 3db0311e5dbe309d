import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { integer, readBody, text } from './read-body.js';

function request(...chunks: string[]): IncomingMessage {
  return Readable.from(chunks.map((chunk) => Buffer.from(chunk))) as IncomingMessage;
}

it('reads an object, in however many pieces it comes', async () => {
  expect(await readBody(request('{"item":', '"soup"}'))).toEqual({ item: 'soup' });
});

it.each(['', 'soup', '[1]', 'null', '{"a":'])('refuses %j', async (body) => {
  await expect(readBody(request(body))).rejects.toMatchObject({ status: 400, code: 'INVALID_JSON' });
});

it('refuses what is too large', async () => {
  await expect(readBody(request('x'.repeat(10_001)))).rejects.toMatchObject({
    status: 413,
    code: 'TOO_LARGE',
  });
});

it('checks fields, and names them', () => {
  expect(text({ item: ' soup ' }, 'item', 10)).toBe('soup');
  expect(integer({ quantity: 99 }, 'quantity', 1, 99)).toBe(99);
  for (const item of [undefined, '', '  ', 7, 'x'.repeat(11)]) {
    expect(() => text({ item }, 'item', 10)).toThrow('"item" should be a text of 1 to 10 characters');
  }
  for (const quantity of [undefined, '1', 0, 100, 1.5]) {
    expect(() => integer({ quantity }, 'quantity', 1, 99)).toThrow('"quantity" should be a whole number');
  }
});
