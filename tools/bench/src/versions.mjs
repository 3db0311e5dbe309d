import { arch, cpus, platform } from 'node:os';
import { findPackage, manifestOf } from './packages.mjs';

/** The version of an installed package. */
export function versionOf(name) {
  return manifestOf(findPackage(name)).version;
}

/** What a reader needs to know to reproduce a table. */
export function environment(packages) {
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    os: `${platform()} ${arch()}`,
    cpu: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    packages: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  };
}
