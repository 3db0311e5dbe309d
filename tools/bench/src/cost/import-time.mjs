import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { measure, median } from '../measure.mjs';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const NOTHING = 'nothing';

/**
 * What an import adds to the life of a fresh process, in ms: the median over the rounds of its time less that of a process
 * which imports nothing.
 *
 * @param {import('./subjects.mjs').Subject[]} subjects
 * @returns {Promise<Record<string, number>>}
 */
export async function importTimes(subjects, rounds) {
  const contenders = [{ id: NOTHING, modules: [] }, ...subjects].map(({ id, modules }) => ({
    id,
    pass: () => importOnce(modules),
  }));
  // One pass beforehand brings the files into memory.
  const results = await measure(contenders, {
    rounds,
    passes: 1,
    settleMs: 0,
    warmUp: { passes: 1, ms: 0, maxMs: 0 },
  });
  return Object.fromEntries(
    subjects.map(({ id }) => [id, median(results.map((round) => round[id] - round[NOTHING]))]),
  );
}

function importOnce(modules) {
  const imports = modules.map((name) => `await import(${JSON.stringify(name)});`).join('');
  const start = performance.now();
  execFileSync(process.execPath, ['--input-type=module', '-e', `${imports}process.exit()`], { cwd: FOLDER });
  return performance.now() - start;
}
