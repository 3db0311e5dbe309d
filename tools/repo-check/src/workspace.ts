import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Exports = Readonly<Record<string, unknown>>;

/** The fields of a package.json that the checks look at. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly main?: string;
  readonly types?: string;
  readonly exports?: Exports;
  readonly publishConfig?: { readonly exports?: Exports };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export interface WorkspacePackage {
  /** `packages/client` */
  readonly folder: string;
  readonly manifest: Manifest;
  /** The text of package.json, to find lines in. */
  readonly manifestText: string;
}

/** The packages that are published: everything in `packages/` that is not private, in the order of their names. */
export function publishedPackages(root: string): WorkspacePackage[] {
  const parent = join(root, 'packages');
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .sort()
    .map((name) => `packages/${name}`)
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => {
      const manifestText = readFileSync(join(root, folder, 'package.json'), 'utf8');
      return { folder, manifest: JSON.parse(manifestText) as Manifest, manifestText };
    })
    .filter(({ manifest }) => manifest.private !== true);
}
