import { checkSnippets } from './check-snippets.js';
import { checkConsoleCalls } from './console-calls.js';
import { checkExportsMaps } from './exports-map.js';
import { checkFileSizes } from './file-sizes.js';
import type { Finding } from './finding.js';
import { checkLayers } from './layers.js';
import { checkLinks } from './links.js';
import { checkMachineNames } from './machine-names.js';
import { checkOtherSnippets } from './other-snippets.js';

/** Everything that repo-check looks at. `npm test` runs it through `cli.ts`. */
export async function checkRepository(root: string): Promise<Finding[]> {
  return [
    ...checkLayers(root),
    ...checkExportsMaps(root),
    ...checkConsoleCalls(root),
    ...checkFileSizes(root),
    ...checkMachineNames(root),
    ...checkLinks(root),
    ...checkOtherSnippets(root),
    ...(await checkSnippets(root)),
  ];
}
