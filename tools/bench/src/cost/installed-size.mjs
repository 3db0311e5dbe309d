import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findPackage, manifestOf } from '../packages.mjs';

/** What npm packs whatever `files` says. */
const ALWAYS_PACKED = /^(package\.json|readme.*|licen[cs]e.*)$/i;

/**
 * A package with all its dependencies, as far as they are for this platform.
 *
 * @returns {{ installedMb: number, packages: number }} MB of a million bytes
 */
export function installedSize(name) {
  const folders = closure(findPackage(name));
  let bytes = 0;
  for (const folder of folders) bytes += packedSize(folder);
  return { installedMb: bytes / 1e6, packages: folders.size };
}

function closure(folder, seen = new Set()) {
  if (seen.has(folder)) return seen;
  seen.add(folder);
  const { dependencies = {}, optionalDependencies = {} } = manifestOf(folder);
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const found = findPackage(name, folder);
    if (found !== undefined) closure(found, seen);
    else if (!(name in optionalDependencies)) throw new Error(`${folder} misses its dependency ${name}`);
  }
  return seen;
}

/** What came out of the registry is all there is; a package of the workspace also has its sources lying about. */
function packedSize(folder) {
  if (folder.includes('node_modules')) return sizeOf(folder);
  const { files } = manifestOf(folder);
  return readdirSync(folder)
    .filter((entry) => files.includes(entry) || ALWAYS_PACKED.test(entry))
    .reduce((sum, entry) => sum + sizeOf(join(folder, entry)), 0);
}

function sizeOf(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path)
    .filter((entry) => entry !== 'node_modules')
    .reduce((sum, entry) => sum + sizeOf(join(path, entry)), 0);
}
