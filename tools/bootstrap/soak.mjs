import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Failure, report } from './src/failure.mjs';
import { pnpm } from './src/pnpm.mjs';
import { none, summary } from './src/results.mjs';
import { root } from './src/root.mjs';
import { setUp } from './src/set-up.mjs';

const results = fileURLToPath(new URL('.redlane/results/soak.json', root));

/** What the run has written at its end; one that did not come so far is one failure. */
function counts(ok) {
  const { failed, ...rest } = JSON.parse(readFileSync(results, 'utf8'));
  return { ...rest, failed: ok ? failed : Math.max(1, failed) };
}

let total = { ...none, failed: 1 };
try {
  await setUp();
  mkdirSync(new URL('.redlane/results/', root), { recursive: true });
  rmSync(results, { force: true });
  const args = [
    '--silent',
    '--filter',
    '@redlane/soak',
    'soak',
    ...process.argv.slice(2),
    '--results',
    results,
  ];
  const { ok, status } = await pnpm(args, { show: 'all' });
  if (status === 2) throw new Failure('the options make no sense.', 'See above.');
  total = counts(ok);
} catch (error) {
  report(error);
}
process.exitCode ||= total.failed > 0 || total.passed === 0 ? 1 : 0;
console.log(`\n${summary(total)}`);
