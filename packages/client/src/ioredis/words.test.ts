import { type CommandArgument, encodeCommand } from '@redlane/resp3-core';
import { expect, it } from 'vitest';
import { wordsOf } from './words.js';

it('has the name in upper case, whatever it was', () => {
  expect(wordsOf(['hgetall', 'k'])).toEqual({ name: 'HGETALL', args: ['k'] });
  expect(wordsOf([Buffer.from('get'), 'k'])).toEqual({ name: 'GET', args: ['k'] });
});

it.each<CommandArgument>([
  'text',
  'ü',
  '',
  7,
  -1.5,
  -0,
  1e21,
  1e-7,
  Number.MAX_VALUE,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2n ** 64n,
  new Uint8Array([0xff, 0x00]),
])('gives %s the bytes that resp3-core gives it', (argument) => {
  const [word = ''] = wordsOf(['X', argument]).args;
  const bytes = Buffer.from(word as string);
  const encoded = Buffer.concat([
    Buffer.from(`*2\r\n$1\r\nX\r\n$${bytes.length}\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
  expect(Buffer.from(encodeCommand(['X', argument]))).toEqual(encoded);
});

it('hands over only the part of a buffer that is meant', () => {
  const memory = new Uint8Array([1, 2, 3, 4]);
  expect(wordsOf(['X', memory.subarray(1, 3)]).args).toEqual([Buffer.from([2, 3])]);
});
