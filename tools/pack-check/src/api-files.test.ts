import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder, write } from '../test/packed.js';
import { checkApis, updateApis } from './api-files.js';

const report = (text: string): { name: string; file: string; text: string } => ({
  name: '@redlane/sample',
  file: 'index.d.ts',
  text,
});

function samplePackage(files: Readonly<Record<string, string>>): {
  name: string;
  version: string;
  folder: string;
} {
  const folder = join(scratchFolder(), 'sample');
  write(folder, files);
  return { name: '@redlane/sample', version: '0.1.0', folder };
}

it('a difference fails, shows what it is and what to run', () => {
  const pkg = samplePackage({ 'api/index.d.ts': 'a\nb\nc\nd\n' });
  expect(checkApis([pkg], [report('a\nb\nc\nd\n')])).toEqual([]);
  expect(checkApis([pkg], [report('a\nb\nC\nd\n')])).toEqual([
    'the API is not the one in packages/sample/api/index.d.ts; if it is meant, run "pnpm build && pnpm api:update" and commit it\n  b\n- c\n+ C',
  ]);
});

it('a report that is missing fails, and one without an entry', () => {
  expect(checkApis([samplePackage({ 'README.md': '' })], [report('a\n')])).toEqual([
    expect.stringContaining('+ a'),
  ]);
  expect(checkApis([samplePackage({ 'api/gone.d.ts': 'a\n' })], [])).toEqual([
    expect.stringMatching(/packages\/sample\/api\/gone\.d\.ts[\s\S]*- a/),
  ]);
});

it('an update writes what is there and removes what is not', () => {
  const pkg = samplePackage({ 'api/gone.d.ts': 'a\n' });
  updateApis([pkg], [report('a\n')]);
  expect(readFileSync(join(pkg.folder, 'api/index.d.ts'), 'utf8')).toBe('a\n');
  expect(existsSync(join(pkg.folder, 'api/gone.d.ts'))).toBe(false);
  expect(checkApis([pkg], [report('a\n')])).toEqual([]);
});
