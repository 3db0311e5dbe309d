import { describe, expect, it } from 'vitest';
import { packed } from '../test/packed.js';
import { checkTarballs } from './check-packages.js';

const good = { types: './dist/index.d.ts', default: './dist/index.js' };
const goodRequire = { types: './dist/index.d.cts', default: './dist/index.cjs' };

function problems(...args: Parameters<typeof packed>): Promise<string[]> {
  return checkTarballs([packed(...args)], []);
}

function exportsOf(conditions: object): Parameters<typeof packed>[0] {
  return { manifest: { exports: { '.': conditions, './package.json': './package.json' } } };
}

describe('publint and attw', () => {
  it('find nothing wrong with a good package', async () => {
    expect(await problems()).toEqual([]);
  });

  it('find types for require that are those of ESM', async () => {
    const found = await problems(
      exportsOf({ import: good, require: { ...goodRequire, types: './dist/index.d.ts' } }),
    );
    expect(found).toContainEqual(expect.stringMatching(/^@redlane\/sample: publint: .*types/));
    expect(found).toContainEqual(expect.stringMatching(/^@redlane\/sample: attw: FalseESM/));
  });

  it('find types that do not exist', async () => {
    const found = await problems(
      exportsOf({ import: { ...good, types: './dist/gone.d.ts' }, require: goodRequire }),
    );
    expect(found).toContainEqual(expect.stringMatching(/publint: .*gone\.d\.ts.*does not exist/));
    expect(found).toContainEqual(
      expect.stringContaining('points to ./dist/gone.d.ts, which is not in the tarball'),
    );
  });

  it('find an entry without types', async () => {
    const untyped = {
      '.': { import: good, require: goodRequire },
      './x': { import: './dist/x.js', require: './dist/x.cjs' },
    };
    const found = await problems({
      manifest: { exports: untyped },
      files: { 'dist/x.js': 'export {};\n', 'dist/x.cjs': '' },
    });
    expect(found).toContainEqual(expect.stringMatching(/attw: UntypedResolution .*\.\/x/));
  });

  it('find a module in the wrong format', async () => {
    const found = await problems({ files: { 'dist/index.cjs': 'export const answer = 42;\n' } });
    expect(found).toContainEqual(expect.stringMatching(/publint: .*index\.cjs.*ESM/));
  });
});
