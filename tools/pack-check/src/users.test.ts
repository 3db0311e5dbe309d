import { describe, expect, it } from 'vitest';
import { goodFiles, packed, scratchFolder } from '../test/packed.js';
import { install } from './tarball.js';
import { checkUsers } from './users.js';

function problems(...args: Parameters<typeof packed>): Promise<string[]> {
  const [tarball, folder] = [packed(...args), scratchFolder()];
  install([tarball], folder);
  return checkUsers([tarball], folder);
}

describe('users', () => {
  it('are content with a good package', async () => {
    expect(await problems()).toEqual([]);
  });

  it('find a name that only import has', async () => {
    const files = { 'dist/index.js': `${goodFiles['dist/index.js']}export const more = 1;\n` };
    expect(await problems({ files })).toContainEqual(
      '@redlane/sample exports answer,more to import, but answer to require',
    );
  });

  it('find a name that only the types have, and one that they lack', async () => {
    const types = 'declare const question: string;\nexport { question };\n';
    const found = await problems({ files: { 'dist/index.d.ts': types, 'dist/index.d.cts': types } });
    for (const file of ['nodenext/entry-0.mts', 'nodenext/entry-0.cts', 'bundler/entry-0.ts']) {
      expect(found).toContainEqual(expect.stringMatching(new RegExp(`${file}:2 TS\\d+: .*"question"`)));
      expect(found).toContainEqual(expect.stringMatching(new RegExp(`${file}:4 TS2322: .*"question"`)));
    }
  });

  it('find an error in the declarations themselves', async () => {
    const types = `import type { Gone } from './gone.js';\ndeclare const answer: Gone;\nexport { answer };\n`;
    expect(await problems({ files: { 'dist/index.d.ts': types } })).toContainEqual(
      expect.stringMatching(/^nodenext: .*sample\/dist\/index\.d\.ts:1 TS2307/),
    );
  });

  it('find what fails when it is imported or required', async () => {
    const files = {
      'dist/index.js': "throw new Error('no import');\n",
      'dist/index.cjs': "throw new Error('no require');\n",
    };
    expect(await problems({ files })).toEqual([
      expect.stringMatching(/^esm: importing every entry failed[\s\S]*no import/),
      expect.stringMatching(/^cjs: importing every entry failed[\s\S]*no require/),
    ]);
  });

  it('find a package that is not installed', async () => {
    const files = { 'dist/index.js': `import '@redlane/other';\n${goodFiles['dist/index.js']}` };
    expect(await problems({ files })).toContainEqual(expect.stringMatching(/^esm: [\s\S]*@redlane\/other/));
  });
});
