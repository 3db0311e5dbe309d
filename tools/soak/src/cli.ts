import { writeFileSync } from 'node:fs';
import { describeCheck } from './check.js';
import { scenarios } from './scenarios/index.js';
import { soak } from './soak.js';
import { parseSoakOptions, USAGE, UsageError } from './soak-options.js';

try {
  const options = parseSoakOptions(
    process.argv.slice(2),
    scenarios.map(({ name }) => name),
  );
  const { only, results, seed, driver } = options;
  const chosen = scenarios.filter(({ name }) => only.length === 0 || only.includes(name));
  const checks = await soak(chosen, options, console.log);
  const failed = checks.filter(({ problemCount }) => problemCount > 0).length;
  const counts = {
    passed: checks.length - failed,
    failed,
    skipped: scenarios.length - chosen.length,
  };
  console.log(checks.map(describeCheck).join('\n'));
  if (failed > 0) console.log(`soak: the same faults again: --seed ${seed} --driver ${driver}`);
  if (results !== undefined) writeFileSync(results, JSON.stringify(counts));
  process.exitCode = failed > 0 ? 1 : 0;
  // What was left behind must not keep this process from ending.
  setTimeout(() => process.exit(), 2_000).unref();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
