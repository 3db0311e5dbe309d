import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesOf } from '@redlane/presets/tsup';
import { error, type Finding, lineOf } from './finding.js';
import { type Exports, publishedPackages, type WorkspacePackage } from './workspace.js';

const SOURCE = '@redlane/source';

/** The exports map of each package fits what tsup builds from it, and what is published is the same without sources. */
export function checkExportsMaps(root: string): Finding[] {
  return publishedPackages(root).flatMap((pkg) => checkExportsMap(root, pkg));
}

function checkExportsMap(root: string, { folder, manifest, manifestText }: WorkspacePackage): Finding[] {
  const file = `${folder}/package.json`;
  const findings: Finding[] = [];
  const report = (key: string, message: string): void => {
    findings.push(error(file, lineOf(manifestText, key), message));
  };
  const exports = manifest.exports ?? {};
  const built = existsSync(join(root, folder, 'dist'));

  const entries = entriesOf({ exports });
  if (!Object.hasOwn(entries, 'index'))
    report('"exports"', `exports has no "." with a "${SOURCE}" condition`);
  for (const [entry, source] of Object.entries(entries)) {
    const subpath = entry === 'index' ? '.' : `./${entry}`;
    if (!existsSync(join(root, folder, source)))
      report(`"${source}"`, `${source} does not exist, but exports["${subpath}"] names it`);
    const wanted = { [SOURCE]: source, ...conditionsOf(entry) };
    if (!same(exports[subpath], wanted)) {
      report(
        `"${subpath}"`,
        `exports["${subpath}"] must be ${JSON.stringify(wanted)}, in this order, to fit what the build writes`,
      );
    }
    if (!built) continue;
    for (const output of outputsOf(entry)) {
      if (!existsSync(join(root, folder, output)))
        report(`"${subpath}"`, `${output} is not there after the build`);
    }
  }
  for (const [subpath, target] of Object.entries(exports)) {
    if (typeof target === 'string' ? subpath === './package.json' : hasSource(target)) continue;
    report(`"${subpath}"`, `exports["${subpath}"] has no "${SOURCE}" condition, so nothing builds it`);
  }
  if (exports['./package.json'] !== './package.json')
    report('"exports"', 'exports must have "./package.json": "./package.json"');

  if (!same(manifest.publishConfig?.exports, withoutSources(exports))) {
    report(
      '"publishConfig"',
      `publishConfig.exports must be exports without the "${SOURCE}" conditions, in the same order`,
    );
  }
  if (manifest.main !== './dist/index.cjs')
    report('"main"', 'main must be ./dist/index.cjs, the require condition of "."');
  if (manifest.types !== './dist/index.d.cts')
    report('"types"', 'types must be ./dist/index.d.cts, the types that fit main');
  return [...findings, ...checkBuildScript(root, folder)];
}

/** The preset derives the entries from the exports map; a package that names its own would leave the map. */
function checkBuildScript(root: string, folder: string): Finding[] {
  const path = `${folder}/tsup.config.ts`;
  if (!existsSync(join(root, path)))
    return [error(path, 1, `${path} is missing: it must export library() of @redlane/presets/tsup`)];
  const text = readFileSync(join(root, path), 'utf8');
  const own = /\bentry\s*[:,}]/.exec(text);
  return own === null
    ? []
    : [error(path, lineOf(text, own[0]), 'entries come from the exports map: do not name them here')];
}

function conditionsOf(entry: string): Exports {
  return {
    import: { types: `./dist/${entry}.d.ts`, default: `./dist/${entry}.js` },
    require: { types: `./dist/${entry}.d.cts`, default: `./dist/${entry}.cjs` },
  };
}

function outputsOf(entry: string): string[] {
  return ['.js', '.cjs', '.d.ts', '.d.cts'].map((extension) => `dist/${entry}${extension}`);
}

function hasSource(target: unknown): boolean {
  return typeof target === 'object' && target !== null && SOURCE in target;
}

function withoutSources(exports: Exports): Exports {
  return JSON.parse(JSON.stringify(exports, (key, value) => (key === SOURCE ? undefined : value))) as Exports;
}

/** Order counts: the first condition that fits wins. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
