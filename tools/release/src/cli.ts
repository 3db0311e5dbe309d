import { fileURLToPath } from 'node:url';
import { versionPackages } from './version-packages.js';
import { publishedPackages } from './workspace.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const before = new Map(publishedPackages(root).map(({ name, version }) => [name, version]));
await versionPackages(root);
const moved = publishedPackages(root).filter(({ name, version }) => before.get(name) !== version);
for (const { name, version } of moved) console.log(`${name} ${before.get(name)} -> ${version}`);
if (moved.length === 0) console.log('there are no changesets');
