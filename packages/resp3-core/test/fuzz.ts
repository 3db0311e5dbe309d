import { parseArgs } from 'node:util';
import { runInThisContext } from 'node:vm';
import { BYTE_BY_BYTE, decode, type Outcome, WHOLE } from './decode.js';
import { type FuzzInput, fuzzInput } from './fuzz-input.js';

// Decodes random frames, most of them damaged, whole and in random chunks, and fails when that makes any difference, when
// anything but a ProtocolError is thrown, when it takes too long or takes too much memory.

const BATCH = 200;
/** Longer inputs are not decoded byte by byte. */
const LONG_BYTES = 1000;
const HANG_MS = 20_000;
const MOST_GROWTH_BYTES = 512 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    count: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const most = values.count === undefined ? Number.POSITIVE_INFINITY : Number(values.count);
if (!(seconds > 0) || !Number.isSafeInteger(seed) || !(most > 0)) {
  console.error('usage: fuzz [--seconds N] [--seed N] [--count N]');
  process.exit(2);
}

function problemOf({ bytes, cuts, options, sound }: FuzzInput, whole: Outcome): string | undefined {
  if (sound && whole.end !== 'done') return `sound input ends in ${whole.end}`;
  for (const [name, sizes] of [
    ['cut', cuts],
    ['byte by byte', BYTE_BY_BYTE],
  ] as const) {
    if (sizes === BYTE_BY_BYTE && bytes.length > LONG_BYTES) continue;
    const other: Outcome = decode(bytes, options, sizes);
    if (other.end !== whole.end) return `${name} it ends in "${other.end}", whole in "${whole.end}"`;
    const at = whole.events.findIndex((event, i) => event !== other.events[i]);
    if (at !== -1) return `${name} it gives ${other.events[at]}, whole ${whole.events[at]}`;
    if (other.events.length !== whole.events.length) return `${name} it gives more than whole`;
  }
  return undefined;
}

let current = seed;
const ends = new Map<string, number>();

function fail(problem: string): never {
  const input = fuzzInput(current);
  console.error(`FAILED: ${problem}`);
  console.error(`reproduce: --seed ${current} --count 1`);
  console.error(`hex: ${Buffer.from(input.bytes).toString('hex')}`);
  console.error(`cuts: ${input.cuts.join(' ')}`);
  console.error(`options: ${JSON.stringify(input.options)}`);
  process.exit(1);
}

function batch(): void {
  const last = Math.min(current + BATCH, seed + most);
  for (; current < last; current++) {
    const input = fuzzInput(current);
    let problem: string | undefined;
    try {
      const whole = decode(input.bytes, input.options, WHOLE);
      problem = problemOf(input, whole);
      const [kind = ''] = whole.end.split(' ');
      ends.set(kind, (ends.get(kind) ?? 0) + 1);
    } catch (error) {
      problem = `it throws ${error instanceof Error ? error.stack : String(error)}`;
    }
    if (problem !== undefined) fail(problem);
  }
}

// A synchronous loop without end can be stopped by `vm` alone.
Object.assign(globalThis, { fuzzBatch: batch });
console.log(`seed ${seed}, ${seconds} s`);
const memory = process.memoryUsage().rss;
const until = performance.now() + seconds * 1000;
let told = performance.now();
while (performance.now() < until && current < seed + most) {
  try {
    runInThisContext('fuzzBatch()', { timeout: HANG_MS });
  } catch (error) {
    fail(
      (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? 'it hangs' : String(error),
    );
  }
  const growth = process.memoryUsage().rss - memory;
  if (growth > MOST_GROWTH_BYTES) fail(`memory grew by ${Math.round(growth / 1024 / 1024)} MiB`);
  if (performance.now() - told < 30_000) continue;
  told = performance.now();
  console.log(`${current - seed} inputs`);
}
console.log(`${current - seed} inputs from seed ${seed}, nothing found`);
console.log(
  [...ends]
    .sort()
    .map(([end, count]) => `${end} ${count}`)
    .join(', '),
);
