import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { report } from './src/failure.mjs';
import { none, summary } from './src/results.mjs';
import { root } from './src/root.mjs';
import { run } from './src/run.mjs';
import { setUp } from './src/set-up.mjs';

const results = new URL('.redlane/results/runtimes.json', root);

/** What the matrix has counted; a run that ends without saying so is a failure. */
function counted() {
  return existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : { ...none, failed: 1 };
}

let total = { ...none, failed: 1 };
try {
  await setUp();
  rmSync(results, { force: true });
  mkdirSync(new URL('.', results), { recursive: true });
  // Not by a script of that package: the Nodes that it depends on would stand in front of the one that runs this.
  await run(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...process.argv.slice(2)], {
    cwd: fileURLToPath(new URL('tools/runtimes/', root)),
    env: { REDLANE_RESULTS: fileURLToPath(results) },
    show: 'all',
  });
  total = counted();
} catch (error) {
  report(error);
}
process.exitCode ||= total.failed > 0 || total.passed === 0 ? 1 : 0;
console.log(`\n${summary(total)}`);
