import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { error, type Finding, lineOf } from './finding.js';
import { type ModuleReference, moduleReferences } from './module-references.js';
import { type SourceFile, sourceFiles } from './source-files.js';
import { publishedPackages, type WorkspacePackage } from './workspace.js';

interface Layer {
  /** The own packages that this one may import. */
  readonly imports: readonly string[];
  /** Whether it may import Node's built-in modules; or which it may only ask for, with something else in their place. */
  readonly builtins: boolean | readonly string[];
}

const client = '@redlane/client';
const core = '@redlane/resp3-core';
const onClient: Layer = { imports: [client], builtins: true };

/** The layers. An import points down only, never sideways. */
const LAYERS: Readonly<Record<string, Layer>> = {
  // Asks for `isAscii`, the one thing that no global has, by `process.getBuiltinModule?.()`.
  [core]: { imports: [], builtins: ['node:buffer'] },
  [client]: { imports: [core], builtins: true },
  '@redlane/channel': onClient,
  '@redlane/pubsub-manager': onClient,
  '@redlane/sse-persistence': onClient,
  '@redlane/vlcp-compat': onClient,
};

/** Imports and dependencies point down only; a dependency from outside has its reason in the README. */
export function checkLayers(root: string): Finding[] {
  return publishedPackages(root).flatMap((pkg) => {
    const layer = LAYERS[pkg.manifest.name];
    if (layer === undefined) {
      return [
        error(
          `${pkg.folder}/package.json`,
          1,
          `${pkg.manifest.name} has no layer: give it one in repo-check's layers.ts`,
        ),
      ];
    }
    return [
      ...checkDependencies(root, pkg, layer),
      ...sourceFiles(root, pkg.folder).flatMap((file) => checkImports(pkg, layer, file)),
    ];
  });
}

function checkDependencies(
  root: string,
  { folder, manifest, manifestText }: WorkspacePackage,
  layer: Layer,
): Finding[] {
  const file = `${folder}/package.json`;
  const at = (name: string, message: string): Finding =>
    error(file, lineOf(manifestText, `"${name}"`), message);
  const readme = join(root, folder, 'README.md');
  const reasons = existsSync(readme) ? readFileSync(readme, 'utf8') : '';

  const runtime = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }).flatMap(
    (name) => {
      if (layer.imports.includes(name)) return [];
      if (isOwn(name)) return [at(name, `${manifest.name} must not depend on ${name}: ${allowed(layer)}`)];
      if (hasReason(reasons, name)) return [];
      return [
        at(
          name,
          `${name} is a new runtime dependency: give the reason in README.md under "Runtime dependency: ${name}"`,
        ),
      ];
    },
  );
  const peers = Object.keys(manifest.peerDependencies ?? {}).flatMap((name) => {
    if (isOwn(name))
      return [
        at(name, `${name} must be a dependency, not a peer: a peer's new version would be a breaking change`),
      ];
    if (manifest.peerDependenciesMeta?.[name]?.optional === true) return [];
    return [at(name, `the peer ${name} must be optional: nobody has to install it to use ${manifest.name}`)];
  });
  return [...runtime, ...peers];
}

function checkImports({ folder, manifest }: WorkspacePackage, layer: Layer, file: SourceFile): Finding[] {
  return moduleReferences(file).flatMap((reference) => {
    const problem = importProblem(reference, { folder, manifest, layer, file });
    return problem === undefined ? [] : [error(file.path, reference.line, problem)];
  });
}

function importProblem(
  { specifier, optional }: ModuleReference,
  {
    folder,
    manifest,
    layer,
    file,
  }: Pick<WorkspacePackage, 'folder' | 'manifest'> & { layer: Layer; file: SourceFile },
): string | undefined {
  if (specifier === undefined)
    return 'the module is computed, so its layer cannot be checked: name it by a literal';
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file.path), specifier);
    if (target.startsWith(`${folder}/src/`)) return undefined;
    return `${specifier} leaves ${folder}/src, which is all that is built`;
  }
  if (isBuiltin(specifier) || specifier === 'node') {
    return mayLoad(layer, specifier, optional)
      ? undefined
      : `${manifest.name} must not import ${specifier}: it runs in any JavaScript runtime`;
  }
  const name = packageOf(specifier);
  if (layer.imports.includes(name)) {
    return manifest.dependencies?.[name] === undefined
      ? `${name} is not among the dependencies of ${manifest.name}`
      : undefined;
  }
  if (isOwn(name)) return `${manifest.name} must not import ${name}: ${allowed(layer)}`;
  if (manifest.peerDependencies?.[name] !== undefined)
    return `${name} is an optional peer: type it structurally, only users import it`;
  if (manifest.dependencies?.[name] !== undefined) return undefined;
  return `${name} is not among the dependencies of ${manifest.name}`;
}

function mayLoad({ builtins }: Layer, specifier: string, optional: boolean): boolean {
  return typeof builtins === 'boolean' ? builtins : optional && builtins.includes(specifier);
}

function allowed({ imports }: Layer): string {
  return imports.length === 0 ? 'it imports nothing' : `it imports only ${imports.join(' and ')}`;
}

function isOwn(name: string): boolean {
  return name.startsWith('@redlane/');
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function hasReason(readme: string, name: string): boolean {
  return readme.split('\n').some((line) => line.replaceAll('`', '').includes(`Runtime dependency: ${name}`));
}
