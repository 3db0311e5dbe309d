import type { Tarball } from './tarball.js';
import { undeclaredImports } from './undeclared-imports.js';

const REQUIRED = ['package.json', 'README.md', 'LICENSE'];
const ALLOWED = /^(?:dist\/.+\.(?:js|cjs|d\.ts|d\.cts)|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
const CODE = /\.(?:js|cjs|ts|cts)$/;
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
const PROTOCOLS = /^(?:workspace|catalog|link|file|portal):/;

/** What is in the tarball and what is not: built files and three documents; nothing that runs or points elsewhere. */
export function checkContents(
  { manifest, files }: Tarball,
  versions: ReadonlyMap<string, string>,
  machinePaths: readonly string[],
): string[] {
  const problems: string[] = [];
  for (const file of REQUIRED) {
    if (!files.has(file)) problems.push(`${file} is missing from the tarball`);
  }
  for (const [file, text] of files) {
    if (!ALLOWED.test(file)) problems.push(`${file} has no business in the tarball`);
    for (const path of machinePaths) {
      if (text.includes(path)) problems.push(`${file} names ${path}, a folder of the machine that built it`);
    }
    if (!CODE.test(file)) continue;
    for (const name of undeclaredImports(manifest, text))
      problems.push(`${file} imports ${name}, which package.json does not declare`);
  }
  for (const [where, file] of targets(manifest.exports)) {
    if (!files.has(file.slice(2))) problems.push(`${where} points to ${file}, which is not in the tarball`);
  }
  for (const script of INSTALL_SCRIPTS) {
    if (manifest.scripts?.[script] !== undefined)
      problems.push(`the script "${script}" would run when a user installs it`);
  }
  if (JSON.stringify(manifest.exports).includes('@redlane/source')) {
    problems.push('exports still has the "@redlane/source" condition: publishConfig.exports was not applied');
  }
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    if (!versions.has(name)) problems.push(`${name} is a runtime dependency, and not one of our packages`);
  }
  const ranges = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies };
  for (const [name, range] of Object.entries(ranges)) {
    const version = versions.get(name);
    if (PROTOCOLS.test(range))
      problems.push(`${name} has the range ${range}, which only this workspace understands`);
    else if (version !== undefined && range !== `^${version}`) {
      problems.push(`${name} has the range ${range}, but the workspace packs ${version}`);
    }
  }
  return problems;
}

/** Every file that an exports map names, with the way to it. */
function targets(value: unknown, where = 'exports'): [where: string, file: string][] {
  if (typeof value === 'string') return [[where, value]];
  return Object.entries(value ?? {}).flatMap(([key, target]) => targets(target, `${where}["${key}"]`));
}
