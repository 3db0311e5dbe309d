import { describe, expect, it } from 'vitest';
import { fixturePackage, fixtureTree, type Tree } from '../test/fixture-tree.js';
import { checkExportsMaps } from './exports-map.js';

type Target = { types?: string; default?: string };
type Conditions = { '@redlane/source'?: string; import: Target; require?: Target };
type Map = { '.': Conditions; './codec'?: Conditions };
type Draft = { main: string; types: string; exports: Map; publishConfig: { exports: Map } };

/** Findings about a package whose manifest the test changes first. */
function messages(change: (manifest: Draft) => void, more: Tree = {}): string[] {
  const tree = { ...fixturePackage('client') };
  change(tree['packages/client/package.json'] as unknown as Draft);
  return checkExportsMaps(fixtureTree({ ...tree, ...more })).map(({ message }) => message);
}

describe('exports maps', () => {
  it('pass when they say what the build writes', () => {
    expect(messages(() => {})).toEqual([]);
  });

  it('find a source that does not exist', () => {
    expect(
      messages((manifest) => {
        manifest.exports['.']['@redlane/source'] = './src/main.ts';
      }),
    ).toEqual([expect.stringContaining('./src/main.ts does not exist')]);
  });

  it('find missing, wrong and misplaced conditions', () => {
    const wrong = /exports\["\."\] must be .*"import":\{"types":"\.\/dist\/index\.d\.ts"/;
    const changes: ((manifest: Draft) => void)[] = [
      ({ exports }) => {
        delete exports['.'].import.types;
      },
      ({ exports }) => {
        exports['.'].require!.types = './dist/index.d.ts';
      },
      ({ exports }) => {
        const { types, default: code } = exports['.'].import;
        exports['.'].import = { default: code!, types: types! };
      },
    ];
    for (const change of changes) {
      const both = (manifest: Draft): void => {
        change(manifest);
        change({ ...manifest, exports: manifest.publishConfig.exports });
      };
      expect(messages(both)).toEqual([expect.stringMatching(wrong)]);
    }
  });

  it('find a subpath that nothing builds', () => {
    const codec = { import: { default: './dist/codec.js' } };
    expect(
      messages(({ exports, publishConfig }) => {
        exports['./codec'] = codec;
        publishConfig.exports['./codec'] = codec;
      }),
    ).toEqual(['exports["./codec"] has no "@redlane/source" condition, so nothing builds it']);
  });

  it('find a published map that differs', () => {
    expect(
      messages(({ publishConfig }) => {
        delete publishConfig.exports['.'].require;
      }),
    ).toEqual([
      'publishConfig.exports must be exports without the "@redlane/source" conditions, in the same order',
    ]);
  });

  it('find main and types that do not fit each other', () => {
    expect(
      messages((manifest) => {
        manifest.main = './dist/index.js';
        manifest.types = './dist/index.d.ts';
      }),
    ).toEqual([expect.stringContaining('main must be'), expect.stringContaining('types must be')]);
  });

  it('find a file that the build should have written', () => {
    const dist = Object.fromEntries(
      ['index.js', 'index.cjs', 'index.d.ts'].map((file) => [`packages/client/dist/${file}`, '']),
    );
    expect(messages(() => {}, dist)).toEqual(['dist/index.d.cts is not there after the build']);
    expect(messages(() => {}, { ...dist, 'packages/client/dist/index.d.cts': '' })).toEqual([]);
  });

  it('find a build script with entries of its own', () => {
    const script = "export default library({\n  entry: ['src/other.ts'],\n});\n";
    expect(messages(() => {}, { 'packages/client/tsup.config.ts': script })).toEqual([
      'entries come from the exports map: do not name them here',
    ]);
  });
});
