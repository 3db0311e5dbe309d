import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Paths and contents; what is not a text is written as JSON. */
export type Tree = Readonly<Record<string, unknown>>;

/** Writes a small repository to a folder of its own, which goes when the test ends. */
export function fixtureTree(tree: Tree): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'redlane-tree-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
  return root;
}

export interface PackageShape {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly readme?: string;
  /** Files in `src/`; `index.ts` is empty unless it is given. */
  readonly src?: Readonly<Record<string, string>>;
  /** Goes over the manifest. */
  readonly manifest?: Readonly<Record<string, unknown>>;
}

/** A package with nothing wrong, but for what the shape changes. */
export function fixturePackage(
  name: string,
  { dependencies = {}, readme = '', src = {}, manifest = {} }: PackageShape = {},
): Tree {
  const folder = `packages/${name}`;
  const conditions = {
    import: { types: './dist/index.d.ts', default: './dist/index.js' },
    require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
  };
  return {
    [`${folder}/package.json`]: {
      name: `@redlane/${name}`,
      version: '0.1.0',
      type: 'module',
      main: './dist/index.cjs',
      types: './dist/index.d.cts',
      exports: {
        '.': { '@redlane/source': './src/index.ts', ...conditions },
        './package.json': './package.json',
      },
      publishConfig: { exports: { '.': conditions, './package.json': './package.json' } },
      dependencies,
      ...manifest,
    },
    [`${folder}/README.md`]: readme,
    [`${folder}/tsup.config.ts`]: 'export default library();\n',
    ...Object.fromEntries(
      Object.entries({ 'index.ts': 'export {};\n', ...src }).map(([file, text]) => [
        `${folder}/src/${file}`,
        text,
      ]),
    ),
  };
}
