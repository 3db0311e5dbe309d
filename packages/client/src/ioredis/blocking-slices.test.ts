import { expect, it } from 'vitest';
import { slicesOf } from './blocking-slices.js';

const slice = (line: string, timeoutMs: number): string | undefined =>
  slicesOf(line.split(' '))?.(timeoutMs).join(' ');

it.each([
  ['BLPOP a b 0', 'BLPOP a b 1.5'],
  ['blmove a b LEFT RIGHT 100', 'blmove a b LEFT RIGHT 1.5'],
  ['BLMPOP 0 1 a LEFT', 'BLMPOP 1.5 1 a LEFT'],
  ['BZMPOP 10 1 a MIN', 'BZMPOP 1.5 1 a MIN'],
  ['XREAD BLOCK 0 STREAMS s 0', 'XREAD BLOCK 1500 STREAMS s 0'],
  [
    'XREADGROUP GROUP g c COUNT 1 BLOCK 9000 STREAMS s >',
    'XREADGROUP GROUP g c COUNT 1 BLOCK 1500 STREAMS s >',
  ],
  ['XREAD BLOCK 0 STREAMS $ 0', 'XREAD BLOCK 1500 STREAMS $ 0'],
])('%s becomes %s', (line, expected) => {
  expect(slice(line, 1_499.5)).toBe(expected);
});

it.each(['BLPOP a never', 'WAIT 1 0', 'XREAD BLOCK 0 STREAMS s $', 'XREAD STREAMS s 0', 'GET a'])(
  'leaves %s alone',
  (line) => {
    expect(slicesOf(line.split(' '))).toBeUndefined();
  },
);

it('never waits for ever', () => {
  expect(slice('BLPOP a 0', 0)).toBe('BLPOP a 0.001');
  expect(slice('XREAD BLOCK 0 STREAMS s 0', -5)).toBe('XREAD BLOCK 1 STREAMS s 0');
});

it('reads timeouts that are numbers and bytes', () => {
  expect(slicesOf(['BLPOP', 'a', 0])?.(2_000)).toEqual(['BLPOP', 'a', 2]);
  expect(slicesOf(['BLPOP', 'a', Buffer.from('0')])?.(2_000)).toEqual(['BLPOP', 'a', 2]);
});
