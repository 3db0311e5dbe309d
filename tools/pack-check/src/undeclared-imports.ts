import { isBuiltin } from 'node:module';
import ts from 'typescript';
import type { PackedManifest } from './tarball.js';

/**
 * What a file imports or requires from packages that its manifest does not declare. Most installations find those all the same,
 * as long as something else depends on them.
 */
export function undeclaredImports(manifest: PackedManifest, text: string): string[] {
  const { name, dependencies, optionalDependencies, peerDependencies } = manifest;
  const declared = { [name]: '', ...dependencies, ...optionalDependencies, ...peerDependencies };
  const { importedFiles } = ts.preProcessFile(text, true, true);
  const packages = importedFiles
    .map(({ fileName }) => fileName)
    .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
    .map((specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'));
  return [...new Set(packages)].filter((each) => !(each in declared));
}
