import { describe, expect, it } from 'vitest';
import { goodManifest, packed } from '../test/packed.js';
import { checkContents } from './tarball-contents.js';

const versions = new Map([
  ['@redlane/sample', '0.1.0'],
  ['@redlane/client', '0.2.0'],
]);
// Not written out, so that no source names such a path.
const machine = ['', 'home', 'ann', 'redlane'].join('/');

function problems(...args: Parameters<typeof packed>): string[] {
  return checkContents(packed(...args), versions, [machine]);
}

describe('the contents of a tarball', () => {
  it('pass when there is nothing but what users need', () => {
    expect(
      problems({ files: { 'CHANGELOG.md': '', 'dist/chunk-A.js': '', 'dist/http/node.d.cts': '' } }),
    ).toEqual([]);
  });

  it.each(['README.md', 'LICENSE'])('miss %s', (file) => {
    expect(problems({ files: { [file]: undefined } })).toEqual([`${file} is missing from the tarball`]);
  });

  it.each(['dist/index.cjs', 'dist/index.d.ts'])('miss %s, which exports names', (file) => {
    expect(problems({ files: { [file]: undefined } })).toEqual([
      expect.stringMatching(
        new RegExp(`^exports\\["\\."\\]\\["\\w+"\\]\\["\\w+"\\] points to \\./${file}, which is not`),
      ),
    ]);
  });

  it.each(['src/index.ts', 'dist/index.test.ts', 'test/a.test.js', 'tsconfig.json', 'dist/index.js.map'])(
    'hold %s, which has no business there',
    (file) => {
      expect(problems({ files: { [file]: '' } })).toEqual([`${file} has no business in the tarball`]);
    },
  );

  it('import a package that is not declared', () => {
    const files = {
      'dist/a.js': "import { x } from '@redlane/client/codec'; // from 'a-comment'",
      'dist/b.cjs': "require('node:fs'); require('./a.cjs'); require('left-pad/x');",
      'dist/c.d.ts': "export type { Y } from '@redlane/sample'; import('types-only');",
    };
    expect(problems({ files, manifest: { dependencies: { '@redlane/client': '^0.2.0' } } })).toEqual([
      'dist/b.cjs imports left-pad, which package.json does not declare',
      'dist/c.d.ts imports types-only, which package.json does not declare',
    ]);
  });

  it('name a folder of the machine that built it', () => {
    expect(problems({ files: { 'dist/a.js': `// ${machine}/src/a.ts` } })).toEqual([
      `dist/a.js names ${machine}, a folder of the machine that built it`,
    ]);
  });

  it('run a script at installation', () => {
    expect(problems({ manifest: { scripts: { postinstall: 'node x.js', test: 'vitest' } } })).toEqual([
      'the script "postinstall" would run when a user installs it',
    ]);
  });

  it('have ranges that only the workspace understands, or that leave out the version beside them', () => {
    const dependencies = { '@redlane/client': 'workspace:^' };
    expect(problems({ manifest: { dependencies } })).toEqual([
      expect.stringContaining('the range workspace:^'),
    ]);
    expect(problems({ manifest: { dependencies: { '@redlane/client': '^0.1.0' } } })).toEqual([
      '@redlane/client has the range ^0.1.0, but the workspace packs 0.2.0',
    ]);
    expect(problems({ manifest: { dependencies: { '@redlane/client': '^0.2.0' } } })).toEqual([]);
  });

  it('depend on somebody else', () => {
    const peers = { peerDependencies: { ioredis: '>=5.4 <7' } };
    expect(problems({ manifest: { ...peers, dependencies: { 'left-pad': '^1.0.0' } } })).toEqual([
      'left-pad is a runtime dependency, and not one of our packages',
    ]);
  });

  it('still name the sources', () => {
    const exports = { ...goodManifest.exports, './x': { '@redlane/source': './dist/index.js' } };
    expect(problems({ manifest: { exports } })).toEqual([
      expect.stringContaining('publishConfig.exports was not applied'),
    ]);
  });
});
