import { expect, it } from 'vitest';
import type { Cell } from './results.js';
import { supportSummary, supportTables, writeTable } from './support-table.js';

const cell = (over: Partial<Cell>): Cell => ({
  runtime: 'Node 24',
  version: '24.1.2',
  server: 'redis 7.0.15',
  part: 'suites',
  column: 'client',
  passed: 7,
  failed: 0,
  skipped: 1,
  ...over,
});
const client = cell({});
const onValkey = cell({ server: 'valkey 8.0.1', passed: 5 });
const resp3 = cell({ part: 'core', column: 'RESP3', passed: 40 });
const resp2 = cell({ part: 'core', column: 'RESP2', passed: 2, failed: 2 });

it('has a row for each step, with what passed or failed, and one for each server', () => {
  const text = supportTables([client, onValkey, resp3, resp2], [client, resp3, resp2]);
  expect(text.split('\n')).toEqual([
    '|                                     | Node 24 (24.1.2) |',
    '| ----------------------------------- | ---------------- |',
    '| tests of client                     | 7                |',
    '| core paths, ESM and CommonJS, RESP3 | 40               |',
    '| core paths, ESM and CommonJS, RESP2 | 2 failed         |',
    '',
    '| server       | tests | core paths | installed |',
    '| ------------ | ----- | ---------- | --------- |',
    '| redis 7.0.15 | 7     | 2 failed   |           |',
    '| valkey 8.0.1 | 5     |            |           |',
  ]);
});

it('names what is left out in a runtime, with the reason', () => {
  const bun = cell({ runtime: 'Bun 1', version: '1.4.5' });
  const text = supportTables([bun], [bun]);
  expect(text).toContain('| tests of client | 7 ¹           |');
  expect(text).toMatch(/^- Bun 1, client: .*`src\/codec\/with-schema\.test\.ts`: \w.*\.$/m);
  expect(text).not.toContain('Deno');
});

it('sums up the parts, and shows no number while a step is missing', () => {
  const summed = supportSummary([client, resp3], [client, resp3]).split('\n');
  expect(summed[2]).toMatch(/^\| unit and integration tests +\| 7 +\|$/);
  expect(summed[3]).toMatch(/^\| core paths: .*\| 40 +\|$/);
  expect(supportSummary([client, resp3], [client, resp3, resp2]).split('\n')[3]).toMatch(/\| +\|$/);
});

it('goes between its marks, and nowhere else', () => {
  const [begin, end] = ['<!-- begin: written by "npm run test:runtimes -- --write" -->', '<!-- end -->'];
  expect(writeTable(`a\n${begin}\nold\n${end}\nb`, 'new')).toBe(`a\n${begin}\n\nnew\n\n${end}\nb`);
  expect(() => writeTable('a', 'new')).toThrow(/no marks/);
});
