import { expect, it } from 'vitest';
import { fixturePackage, fixtureTree } from '../test/fixture-tree.js';
import { checkFileSizes } from './file-sizes.js';
import { formatFinding } from './finding.js';

const lines = (count: number): string => 'export {};\n'.repeat(count);

it('advises above 300 lines and fails above 600, unless there is a reason', () => {
  const src = {
    'fits.ts': lines(300),
    'long.ts': lines(301),
    'huge.ts': lines(601),
    'huge.test.ts': lines(900),
  };
  const root = fixtureTree(fixturePackage('client', { src }));
  expect(checkFileSizes(root).map(formatFinding)).toEqual([
    expect.stringMatching(/^packages\/client\/src\/huge\.ts:1 601 lines: split it/),
    expect.stringMatching(/^packages\/client\/src\/long\.ts:1 advice: 301 lines/),
  ]);
  expect(checkFileSizes(root, { 'packages/client/src/huge.ts': 'one state machine' })).not.toContainEqual(
    expect.objectContaining({ severity: 'error' }),
  );
});
