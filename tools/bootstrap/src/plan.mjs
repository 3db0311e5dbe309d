import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { root } from './root.mjs';

const check = (label, ...args) => ({ kind: 'check', label, args });

/** Every check and test of `npm test`, in the order in which they run. */
export function plan({ slow = false } = {}) {
  return [
    check('format and lint', 'exec', 'biome', 'ci', '.'),
    check('types', 'exec', 'turbo', 'run', 'typecheck', '--output-logs=errors-only'),
    check('floating promises', 'exec', 'eslint', '.', '--max-warnings', '0'),
    check('unused files, exports and dependencies', 'exec', 'knip', '--no-progress'),
    check('layers, exports, snippets', '--silent', '--filter', '@redlane/repo-check', 'check'),
    check('reference', '--silent', '--filter', '@redlane/docs', 'check'),
    check('packed packages', '--silent', '--filter', '@redlane/pack-check', 'check'),
    ...testedPackages(slow),
  ];
}

/** Packages first, each alone: two test runs at once would only take each other's processor. */
function testedPackages(slow) {
  return ['packages', 'tools'].flatMap((parent) =>
    readdirSync(new URL(`${parent}/`, root))
      .map((folder) => `${parent}/${folder}`)
      .filter((folder) => hasTests(folder))
      .map((folder) => ({ kind: 'tests', label: folder, folder, slow })),
  );
}

function hasTests(folder) {
  const manifest = new URL(`${folder}/package.json`, root);
  if (!existsSync(manifest) || !existsSync(new URL(`${folder}/node_modules`, root))) return false;
  return JSON.parse(readFileSync(manifest, 'utf8')).scripts?.test !== undefined;
}
