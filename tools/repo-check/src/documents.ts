import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedPackages } from './workspace.js';

export interface Document {
  /** Path from the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** What users read: the README of the root and of each package with its chapters, how to contribute, the recipes. */
export function documents(root: string): Document[] {
  return [
    '',
    '.github/',
    ...publishedPackages(root).flatMap(({ folder }) => [`${folder}/`, `${folder}/docs/`]),
    'tools/docs/',
    'tools/docs/recipes/',
  ].flatMap((folder) => documentsIn(root, folder));
}

function documentsIn(root: string, folder: string): Document[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md')
    .sort()
    .map((name) => ({ path: folder + name, text: readFileSync(join(root, folder, name), 'utf8') }));
}
