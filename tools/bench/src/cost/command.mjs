import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { environmentLine, markdownTable } from '../report.mjs';
import { UsageError } from '../usage-error.mjs';
import { environment } from '../versions.mjs';
import { bundleSize } from './bundle.mjs';
import { importTimes } from './import-time.mjs';
import { installedSize } from './installed-size.mjs';
import { isThere, limits, OURS, subjects } from './subjects.mjs';

const HELP = `usage: bench cost [options]

  --rounds <n>   imports to take the median of (11)
  --json <file>  write the numbers there
  --check        exit 1 when ours is over a limit`;

const UNITS = {
  importMs: 'import, ms',
  minifiedKb: 'minified, KB',
  gzipKb: 'gzip, KB',
  installedMb: 'installed, MB',
  packages: 'packages',
};
const DIGITS = { importMs: 1, minifiedKb: 1, gzipKb: 1, installedMb: 2, packages: 0 };

/** `bench cost`: returns the exit code. */
export async function run(args) {
  const options = parseOptions(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const there = [];
  for (const subject of subjects) if (await isThere(subject)) there.push(subject);
  const hasOwn = there.some(({ id }) => id === OURS);
  if (!hasOwn) console.error(`${OURS} is left out: build it first, it has no RedisClient`);

  const times = await importTimes(there, options.rounds);
  const costs = {};
  for (const subject of there)
    costs[subject.id] = { importMs: times[subject.id], ...(await sizesOf(subject)) };
  const setting = environment(there.flatMap((subject) => subject.package ?? []));
  console.log(`${costTable(costs)}\n\n${environmentLine(setting)}`);
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify({ environment: setting, costs }, null, 2)}\n`);

  const excesses = hasOwn ? Object.entries(limits).filter(([what, limit]) => costs[OURS][what] > limit) : [];
  for (const [what, limit] of excesses)
    console.error(`${OURS}: ${UNITS[what]}: ${cell(what, costs[OURS][what])}, the limit is ${limit}`);
  return options.check && (excesses.length > 0 || !hasOwn) ? 1 : 0;
}

async function sizesOf({ package: name, isNative }) {
  if (name === undefined) return {};
  return { ...installedSize(name), ...(isNative ? {} : await bundleSize(name)) };
}

function costTable(costs) {
  const columns = [['', 'left'], ...Object.values(UNITS).map((title) => [title, 'right'])];
  const row = (id, values) => [id, ...Object.keys(UNITS).map((what) => cell(what, values[what]))];
  return markdownTable(columns, [
    ...Object.entries(costs).map(([id, values]) => row(id, values)),
    row('limit for ours', limits),
  ]);
}

const cell = (what, value) => value?.toFixed(DIGITS[what]) ?? '–';

/** @throws {UsageError} */
function parseOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        rounds: { type: 'string', default: '11' },
        json: { type: 'string' },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1)
      throw new Error(`--rounds must be a positive integer, got "${values.rounds}"`);
    return { ...values, rounds };
  } catch (error) {
    throw new UsageError(`${error.message}\n\n${HELP}`);
  }
}
