import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { goodFiles, goodManifest, scratchFolder, write } from './packed.js';

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const ownRoot = fileURLToPath(new URL('../../../package.json', import.meta.url));
const { packageManager } = JSON.parse(readFileSync(ownRoot, 'utf8')) as { packageManager: string };

/** Runs the command of `npm test` on another workspace. */
function check(root: string, ...flags: string[]): { status: number | null; lines: string[] } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), cli, root, ...flags],
    {
      encoding: 'utf8',
    },
  );
  if (stdout === '') throw new Error(stderr);
  return { status, lines: stdout.trimEnd().split('\n') };
}

/** A workspace of two packages, of which one depends on the other; their sources are named until they are packed. */
function workspace(change: (published: Record<string, unknown>) => void = () => {}): string {
  const root = scratchFolder();
  const manifests = ['one', 'two'].map((name) => {
    const published = structuredClone(goodManifest.exports);
    if (name === 'two') change(published);
    return {
      ...goodManifest,
      name: `@redlane/${name}`,
      exports: { '.': { '@redlane/source': './src/index.ts' } },
      publishConfig: { exports: published },
      dependencies: name === 'two' ? { '@redlane/one': 'workspace:^' } : {},
    };
  });
  write(root, {
    'package.json': JSON.stringify({ name: 'scratch', private: true, packageManager }),
    'pnpm-workspace.yaml': 'packages: [packages/*]\n',
    ...Object.fromEntries(
      manifests.flatMap((manifest) =>
        Object.entries({ ...goodFiles, 'package.json': JSON.stringify(manifest), 'src/index.ts': '' }).map(
          ([file, text]) => [`packages/${manifest.name.split('/')[1]}/${file}`, text],
        ),
      ),
    ),
  });
  // What `pnpm install` would do: packing reads the version from there.
  mkdirSync(join(root, 'packages/two/node_modules/@redlane'), { recursive: true });
  symlinkSync(join(root, 'packages/one'), join(root, 'packages/two/node_modules/@redlane/one'), 'junction');
  return root;
}

/** The budgets and typed programs of the real packages have nothing to do with these. */
function withoutBudgets(lines: readonly string[]): string[] {
  return lines.filter(
    (line) => !/ has (?:a|no) size budget|has no typed program|bytes minified|^pack-check: /.test(line),
  );
}

describe('pack-check', () => {
  it('finds nothing wrong with good packages, and writes their API', () => {
    const root = workspace();
    expect(withoutBudgets(check(root, '--update-api').lines)).toEqual([]);
    expect(readFileSync(join(root, 'packages/two/api/index.d.ts'), 'utf8')).toContain(
      'declare const answer: number;',
    );
  });

  it('ends with status 1 for a wrong type export and an API that is not committed', () => {
    const { status, lines } = check(
      workspace((published) => {
        published['.'] = {
          import: { types: './dist/index.d.ts', default: './dist/index.js' },
          require: { types: './dist/index.d.ts', default: './dist/index.cjs' },
        };
      }),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^@redlane\/two: attw: FalseESM/));
    expect(lines).toContainEqual(
      expect.stringContaining('the API is not the one in packages/one/api/index.d.ts'),
    );
    expect(lines).toContain('+ declare const answer: number;');
    expect(lines.at(-1)).toMatch(/^pack-check: 2 packages, 2 entries, [1-9]\d* problems$/);
    expect(status).toBe(1);
  });
});
