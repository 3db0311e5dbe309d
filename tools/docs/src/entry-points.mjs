import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const packages = new URL('../../../packages/', import.meta.url);

/** Everything that the packages export: the name by which users import it, its package, and its source file. */
export function entryPoints() {
  return readdirSync(packages)
    .sort()
    .flatMap((folder) => {
      const home = new URL(`${folder}/`, packages);
      const manifest = JSON.parse(readFileSync(new URL('package.json', home), 'utf8'));
      return Object.entries(manifest.exports)
        .filter(([, conditions]) => conditions['@redlane/source'] !== undefined)
        .map(([subpath, conditions]) => ({
          name: `${manifest.name}${subpath.slice(1)}`,
          package: manifest.name,
          file: fileURLToPath(new URL(conditions['@redlane/source'], home)),
        }));
    });
}
