import { expect, it } from 'vitest';
import { fixturePackage, fixtureTree } from '../test/fixture-tree.js';
import { formatFinding } from './finding.js';
import { checkLinks } from './links.js';

it('finds links to files and headings that do not exist', () => {
  const root = fixtureTree({
    ...fixturePackage('client', {
      readme:
        '[up](../../README.md#how-to) [no](docs/none.md) [out](../../../else.md) [no](../../README.md#why)\n',
    }),
    'README.md': '# Root\n\n## How to?\n\n## How to?\n\n[a](packages/client) [b](#how-to-1) [c](#how-to-2)\n',
    'tools/docs/recipes/one.md': '[web](https://example.com/none) [here](../../../README.md#root)\n',
  });
  expect(checkLinks(root).map(formatFinding)).toEqual([
    'README.md:7 README.md has no heading #how-to-2',
    'packages/client/README.md:1 docs/none.md leads to packages/client/docs/none.md, which does not exist',
    'packages/client/README.md:1 ../../../else.md leaves the repository',
    'packages/client/README.md:1 README.md has no heading #why',
  ]);
});

it('takes nothing in code for a link', () => {
  const lines = ['`[a](b)`', '```ts', 'x[a](b);', '```', '~~~', '[a](b)', '```', '[a](b)', '~~~', '[c](d)'];
  expect(checkLinks(fixtureTree({ 'README.md': lines.join('\n') })).map(formatFinding)).toEqual([
    'README.md:10 d leads to d, which does not exist',
  ]);
});

it('takes nothing in a block of code for a heading', () => {
  const lines = ['# Root', '```sh', '# install', '```', '[a](#install)', '[b](#root)'];
  expect(checkLinks(fixtureTree({ 'README.md': lines.join('\n') })).map(formatFinding)).toEqual([
    'README.md:5 README.md has no heading #install',
  ]);
});
