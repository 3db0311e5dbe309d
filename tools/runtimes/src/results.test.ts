import { expect, it } from 'vitest';
import { type Cell, formatResults, mergeResults, parseResults } from './results.js';

const cell = (over: Partial<Cell> = {}): Cell => ({
  runtime: 'Node 24',
  version: '24.1.2',
  server: 'redis 7.0.15',
  part: 'install',
  column: 'npm, nested',
  passed: 7,
  failed: 1,
  skipped: 2,
  ...over,
});

it('is read as it was written', () => {
  const cells = [cell(), cell({ part: 'core', column: 'RESP2' })];
  expect(parseResults(formatResults(cells))).toEqual(cells);
  expect(parseResults('')).toEqual([]);
});

it('a run replaces what it has run, in the order of the steps', () => {
  const core = cell({ part: 'core', column: 'RESP3' });
  const other = cell({ part: 'core', column: 'RESP3', server: 'valkey 8.0.1' });
  const merged = mergeResults([cell(), core, other], [{ ...core, passed: 8, failed: 0 }], [core, cell()]);
  expect(merged).toEqual([other, { ...core, passed: 8, failed: 0 }, cell()]);
});

it('what was found on another version, or by a step that is gone, is forgotten', () => {
  const gone = cell({ column: 'bower' });
  const now = cell({ version: '24.2.0' });
  expect(mergeResults([cell(), gone], [now], [now])).toEqual([now]);
});
