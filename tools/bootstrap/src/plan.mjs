import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { root } from './root.mjs';

const check = (label, ...args) => ({ kind: 'check', label, args });

/** Tools whose tests take longest begin first, so that none of them is left alone at the end. */
const LONG = ['tools/soak', 'tools/driver-conformance', 'tools/demo'];

/**
 * Every check and test of `npm test`, in groups that follow one another; of a group so many steps run at the same time. The
 * tests of packages have the machine to themselves: some measure how they treat time.
 */
export function plan({ slow = false } = {}) {
  return [
    {
      atOnce: 2,
      steps: [
        check('types', 'exec', 'turbo', 'run', 'typecheck', '--output-logs=errors-only'),
        check('floating promises', 'exec', 'eslint', '.', '--max-warnings', '0'),
        check('format and lint', 'exec', 'biome', 'ci', '.'),
        check('packed packages', '--silent', '--filter', '@redlane/pack-check', 'check'),
        check('layers, exports, snippets', '--silent', '--filter', '@redlane/repo-check', 'check'),
        check('reference', '--silent', '--filter', '@redlane/docs', 'check'),
        check('unused files, exports and dependencies', 'exec', 'knip', '--no-progress'),
      ],
    },
    { atOnce: 1, steps: testsIn('packages', slow) },
    { atOnce: 2, steps: testsIn('tools', slow).sort((one, other) => rank(one) - rank(other)) },
  ];
}

function rank({ folder }) {
  return LONG.includes(folder) ? LONG.indexOf(folder) : LONG.length;
}

function testsIn(parent, slow) {
  return readdirSync(new URL(`${parent}/`, root))
    .map((name) => `${parent}/${name}`)
    .filter(hasTests)
    .map((folder) => ({ kind: 'tests', label: folder, folder, slow }));
}

function hasTests(folder) {
  const manifest = new URL(`${folder}/package.json`, root);
  if (!existsSync(manifest) || !existsSync(new URL(`${folder}/node_modules`, root))) return false;
  return JSON.parse(readFileSync(manifest, 'utf8')).scripts?.test !== undefined;
}
