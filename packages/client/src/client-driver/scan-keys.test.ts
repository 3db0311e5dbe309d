import { expect, it } from 'vitest';
import { type SendScan, scanKeys } from './scan-keys.js';

it('gives the keys of all servers, each once, and asks with the filter', async () => {
  const asked: unknown[] = [];
  const server =
    (...pages: [string, string[]][]): SendScan =>
    (args) => {
      asked.push(args);
      return Promise.resolve(pages.shift() ?? ['0', []]);
    };
  const servers = [server(['7', ['a', 'b']], ['0', ['b', 'c']]), server(['0', ['c', 'd']])];
  const keys: string[] = [];
  for await (const key of scanKeys(servers, { match: 'x*', type: 'list' })) keys.push(key);
  expect(keys).toEqual(['a', 'b', 'c', 'd']);
  const filter = ['COUNT', 500, 'MATCH', 'x*', 'TYPE', 'list'];
  expect(asked).toEqual([
    ['SCAN', '0', ...filter],
    ['SCAN', '7', ...filter],
    ['SCAN', '0', ...filter],
  ]);
});
