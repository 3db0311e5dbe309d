import { expect, it } from 'vitest';
import type { Runtime } from './runtimes.js';
import { supportTable, writeTable } from './support-table.js';

const node: Runtime = { kind: 'node', name: 'Node 24', version: '24.1.2', binary: 'node', args: [] };
const counts = { passed: 7, failed: 0, skipped: 1 };

it('has a column for each runtime, with what passed or failed', () => {
  const text = supportTable(
    [
      { part: 'suites', runtime: node, column: 'client', counts },
      { part: 'core', runtime: node, column: 'RESP2', counts: { ...counts, failed: 2 } },
    ],
    ['redis 7.0.15'],
    [{ name: 'Bun', reason: 'it is not installed' }],
  );
  expect(text.split('\n')).toEqual([
    '|                                     | Node 24 (24.1.2) |',
    '| ----------------------------------- | ---------------- |',
    '| tests of client                     | 7                |',
    '| core paths, ESM and CommonJS, RESP2 | 2 failed         |',
    '',
    'Servers: redis 7.0.15; over RESP3 and RESP2. Bun was not tried: it is not installed.',
  ]);
});

it('goes between its marks, and nowhere else', () => {
  const [begin, end] = ['<!-- begin: written by "npm run test:runtimes -- --write" -->', '<!-- end -->'];
  expect(writeTable(`a\n${begin}\nold\n${end}\nb`, 'new')).toBe(`a\n${begin}\n\nnew\n\n${end}\nb`);
  expect(() => writeTable('a', 'new')).toThrow(/no marks/);
});
