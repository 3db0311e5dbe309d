import { expect, it } from 'vitest';
import { packed, scratchFolder } from '../test/packed.js';
import { checkBudgets, measureEntries } from './size-budgets.js';
import { install } from './tarball.js';

it('measures what an entry brings with it, minified but not compressed', async () => {
  const folder = scratchFolder();
  const text = 'x'.repeat(5000);
  const tarball = packed({
    files: {
      'dist/index.js': `// A comment.\nimport { text } from './chunk.js';\nexport const answer = text;\n`,
      'dist/chunk.js': `import 'node:net';\nexport const text = '${text}';\n`,
    },
  });
  install([tarball], folder);
  const [size] = await measureEntries([tarball], folder);
  expect(size!.entry).toBe('@redlane/sample');
  expect(size!.minified).toBeGreaterThan(5000);
  expect(size!.minified).toBeLessThan(5200);
  expect(size!.gzip).toBeLessThan(300);
});

it('fails over budget, without a budget, and for a budget of nothing', () => {
  const sizes = [
    { entry: 'a', minified: 2000, gzip: 1 },
    { entry: 'b', minified: 2001, gzip: 1 },
    { entry: 'c', minified: 1, gzip: 1 },
  ];
  expect(checkBudgets(sizes, { a: 2, b: 2, gone: 1 })).toEqual([
    'b has 2001 bytes minified, over its budget of 2 kB',
    expect.stringContaining('c has no size budget'),
    'gone has a size budget, but there is no such entry',
  ]);
});
