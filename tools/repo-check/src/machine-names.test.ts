import { expect, it } from 'vitest';
import { fixtureTree } from '../test/fixture-tree.js';
import { formatFinding } from './finding.js';
import { checkMachineNames } from './machine-names.js';

// Joined here, so that this file does not fail the check that it tests.
const path = (...parts: string[]): string => ['', ...parts].join('/');
const url = (host: string, rest: string): string => `https:${path('', host)}${rest}`;

it.each([
  ['notes.md', `see ${path('home', 'ann', 'redlane')}`],
  ['a.ts', `const file = '${path('Users', 'ann')}';`],
  ['a.ts', `const file = "${path('root', '.cache')}";`],
  ['a.ts', `const file = \`${path('work', 'redlane')}\`;`],
  ['a.ts', `import 'file://${path('home', 'ann', 'x.js')}';`],
  ['a.json', `"${['C:', 'Users', 'ann'].join('\\\\')}"`],
  ['a.md', url('registry.example.com', '/left-pad')],
  ['.npmrc', 'registry=http://localhost:4873'],
  ['packages/x/.npmrc', '//example.com/:_authToken=x'],
  ['pnpm-lock.yaml', `    resolution: {tarball: ${url('example.com', '/a.tgz')}}`],
])('finds the machine in %s: %s', (file, text) => {
  expect(checkMachineNames(fixtureTree({ [file]: `fine\n${text}\n` })).map(formatFinding)).toEqual([
    expect.stringMatching(new RegExp(`^${file}:2 `)),
  ]);
});

it('lets names pass that are the same everywhere', () => {
  const text = [
    url('example.com', path('home', 'ann')),
    `./src${path('work', 'x')}`,
    url('www.npmjs.com', '/package/redlane'),
    `packages${path('root', 'x')}`,
    '/tmp/x /dev/null',
  ].join('\n');
  expect(checkMachineNames(fixtureTree({ 'README.md': text }))).toEqual([]);
});

it('looks only at text that git would track', () => {
  const home = path('home', 'ann');
  const tree = { '.gitignore': 'dist/\n', 'dist/a.js': home, 'image.png': `\0${home}` };
  expect(checkMachineNames(fixtureTree(tree))).toEqual([]);
});
