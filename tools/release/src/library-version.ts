import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from './workspace.js';

const CLIENT = 'packages/client';
const CONSTANT = /(LIBRARY_VERSION = ')[^']*(')/;

/** The client tells servers its version, which it has in a constant: it runs where no package.json can be read. */
export function updateLibraryVersion(root: string): void {
  const { version } = readManifest(join(root, CLIENT));
  const file = join(root, CLIENT, 'src/library-version.ts');
  const text = readFileSync(file, 'utf8');
  if (!CONSTANT.test(text)) throw new Error(`${file} has no LIBRARY_VERSION`);
  writeFileSync(file, text.replace(CONSTANT, `$1${version}$2`));
}
