import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { argumentsFor, LEFT_OUT } from './left-out.js';
import { SUITES } from './run-suite.js';

it('a runtime without exceptions runs everything', () => {
  expect(argumentsFor('node', 'client')).toEqual([]);
});

it('files and tests of this package and this runtime are left out, and no others', () => {
  const args = argumentsFor('bun', 'client', [
    { kind: 'bun', package: 'client', file: 'test/a.test.ts', reason: '' },
    { kind: 'bun', package: 'client', tests: ['is 1+1 (really)', 'b'], reason: '' },
    { kind: 'bun', package: 'channel', tests: ['c'], reason: '' },
    { kind: 'deno', package: 'client', tests: ['d'], reason: '' },
  ]);
  expect(args.slice(0, 3)).toEqual(['--exclude', 'test/a.test.ts', '--testNamePattern']);
  const pattern = new RegExp(args[3] ?? '');
  expect(pattern.test('suite is 1+1 (really) so')).toBe(false);
  expect(pattern.test('suite is 11 (really) so')).toBe(true);
  expect(pattern.test('suite c d')).toBe(true);
});

it('every file that is left out exists', () => {
  const root = new URL('../../../', import.meta.url);
  const files = LEFT_OUT.flatMap(({ package: name, file }) =>
    file === undefined ? [] : [`${SUITES[name]}/${file}`],
  );
  expect(files.filter((file) => !existsSync(fileURLToPath(new URL(file, root))))).toEqual([]);
});

it('every test that is left out exists', () => {
  const root = new URL('../../../', import.meta.url);
  const missing = LEFT_OUT.flatMap(({ package: name, tests = [] }) => {
    const folder = fileURLToPath(new URL(SUITES[name], root));
    const sources = ['src', 'test']
      .flatMap((part) =>
        readdirSync(`${folder}/${part}`, { recursive: true, encoding: 'utf8' }).map(
          (file) => `${folder}/${part}/${file}`,
        ),
      )
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(file, 'utf8'));
    return tests.filter((test) => !sources.some((source) => source.includes(test)));
  });
  expect(missing).toEqual([]);
});
