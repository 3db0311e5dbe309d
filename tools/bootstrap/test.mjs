import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { report } from './src/failure.mjs';
import { plan } from './src/plan.mjs';
import { pnpm } from './src/pnpm.mjs';
import { step } from './src/progress.mjs';
import { add, fromCheck, fromVitest, none, summary } from './src/results.mjs';
import { root } from './src/root.mjs';
import { setUp } from './src/set-up.mjs';

const slow = process.argv.includes('--slow');
const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const results = new URL('.redlane/results/', root);

async function runCheck({ label, args }) {
  return step(label, async (seconds) => {
    const { ok, output } = await pnpm(args);
    if (!ok) console.log(output.trim());
    console.log(`  ${label}: ${ok ? 'ok' : 'FAILED'}, ${seconds()}`);
    return fromCheck(ok);
  });
}

async function runTests({ label, folder, slow }) {
  const file = fileURLToPath(new URL(`${folder.replace('/', '-')}.json`, results));
  return step(`tests of ${label}`, async (seconds) => {
    const { ok, output } = await pnpm(['--dir', folder, 'run', 'test'], {
      env: { NO_COLOR: '1', REDLANE_RESULTS: file, ...(slow ? { REDLANE_SLOW: '1' } : {}) },
    });
    const counts = fromVitest(file, ok);
    if (!ok) console.log(output.trim());
    const { passed, failed, skipped } = counts;
    console.log(`  ${label}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds()}`);
    return counts;
  });
}

let total = none;
try {
  await setUp();
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const isWanted = ({ label }) => only.length === 0 || only.some((word) => label.includes(word));
  for (const { atOnce, steps } of plan({ slow })) {
    const waiting = steps.filter(isWanted);
    const lane = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const counts = await (next.kind === 'check' ? runCheck(next) : runTests(next));
        total = add(total, counts);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
  }
} catch (error) {
  report(error);
  total = add(total, { ...none, failed: 1 });
}
process.exitCode ||= total.failed > 0 || total.passed === 0 ? 1 : 0;
console.log(`\n${summary(total)}`);
