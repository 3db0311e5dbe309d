import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createPackageFromTarballData, type Package } from '@arethetypeswrong/core';

export interface PackedManifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A packed package, as it would be uploaded. */
export interface Tarball {
  readonly data: Uint8Array;
  readonly manifest: PackedManifest;
  /** Contents by path from the root of the package. Everything that we publish is text. */
  readonly files: ReadonlyMap<string, string>;
  /** The same for attw. */
  readonly package: Package;
}

export function readTarball(data: Uint8Array): Tarball {
  const pack = createPackageFromTarballData(data);
  const prefix = `/node_modules/${pack.packageName}/`;
  const files = new Map(pack.listFiles().map((path) => [path.slice(prefix.length), pack.readFile(path)]));
  const manifest = JSON.parse(files.get('package.json') ?? '{}') as PackedManifest;
  return { data, manifest, files, package: pack };
}

/** What users can import. */
export interface Entry {
  /** The package. */
  readonly name: string;
  /** `@redlane/client/codec` */
  readonly specifier: string;
  /** Paths in the package of what `import` gives. */
  readonly module: string;
  readonly types: string;
}

export function entriesOf({ name, exports }: PackedManifest): Entry[] {
  return Object.entries(exports)
    .filter(([subpath]) => !subpath.endsWith('.json'))
    .map(([subpath, conditions]) => {
      const { types = '', default: module = '' } =
        (conditions as { import?: { types?: string; default?: string } }).import ?? {};
      return { name, specifier: name + subpath.slice(1), module, types };
    });
}

/** Puts packages where npm would put them: `<folder>/node_modules/<name>`. No links, nothing from the workspace. */
export function install(tarballs: readonly Tarball[], folder: string): void {
  for (const { manifest, files } of tarballs) {
    for (const [path, text] of files) {
      const target = join(folder, 'node_modules', manifest.name, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
  }
}
