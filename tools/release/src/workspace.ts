import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PublishedPackage {
  readonly name: string;
  readonly version: string;
  /** The own packages that it depends on. */
  readonly dependencies: ReadonlySet<string>;
  /** The own packages whose types its API names. */
  readonly apiNames: ReadonlySet<string>;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const OWN_IMPORT = /from ['"](@redlane\/[^/'"]+)/g;

/** What is published, and what it stands on. What its API names is read from the API reports. */
export function publishedPackages(root: string): PublishedPackage[] {
  const parent = join(root, 'packages');
  return readdirSync(parent).flatMap((folder) => {
    const manifest = readManifest(join(parent, folder));
    if (manifest.private === true) return [];
    const { name, version, dependencies = {} } = manifest;
    const own = Object.keys(dependencies).filter((dependency) => dependency.startsWith('@redlane/'));
    return [{ name, version, dependencies: new Set(own), apiNames: namesIn(join(parent, folder, 'api')) }];
  });
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function namesIn(api: string): ReadonlySet<string> {
  const reports = readdirSync(api).map((file) => readFileSync(join(api, file), 'utf8'));
  return new Set(reports.flatMap((text) => Array.from(text.matchAll(OWN_IMPORT), ([, name]) => name!)));
}
