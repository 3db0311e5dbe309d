import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { HOW } from '../pubsub/how-it-measures.mjs';
import { runScenarios } from '../pubsub/scenario-rounds.mjs';
import { judge, verdictTable } from '../pubsub/verdict.mjs';
import { environmentLine, short } from '../report.mjs';
import { UsageError } from '../usage-error.mjs';
import { contenders } from './contenders.mjs';

const HELP = `usage: bench dispatch [options]

Messages/s of 64 bytes that reach 1 and 100 listeners on 1 and 1,000 channels; and with 1,000 more channels that nothing is
published to, which should cost nothing.

${HOW}

  --contenders <ids>   of ${contenders.map(({ id }) => id).join(',')} (all)
  --rounds <n>         rounds to take the median of (5)
  --json <file>        write the raw numbers there
  --smoke              one short round: does every listener get every message?
  --check              exit 1 when a floor is missed

Needs the built packages. REDIS_URL names a server to use instead of one of our own.`;

const JOBS = [
  { channels: 1, listeners: 1, idle: 0, burst: 40_000 },
  { channels: 1, listeners: 1, idle: 1_000, burst: 40_000 },
  { channels: 1_000, listeners: 1, idle: 0, burst: 40_000 },
  { channels: 1, listeners: 100, idle: 0, burst: 5_000 },
  { channels: 1_000, listeners: 100, idle: 0, burst: 5_000 },
];
const SMOKE = [
  { channels: 1, listeners: 1, idle: 0, burst: 1_000 },
  { channels: 10, listeners: 5, idle: 10, burst: 1_000 },
];
const PASS_MS = 400;
const WARM_UPS = 3;
/** × the better peer, with one listener. */
const FLOOR = 2;
/** Channels that nothing is published to may cost so much of the throughput at most. */
const IDLE_FLOOR = 0.8;

/** Returns the exit code. */
export async function run(args) {
  const options = parse(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const { smoke, rounds } = options;
  const { setting, jobs } = await runScenarios({
    scenarios: smoke ? SMOKE : JOBS,
    contenders: options.contenders,
    program: fileURLToPath(new URL('runner-child.mjs', import.meta.url)),
    rounds: smoke ? 1 : rounds,
    ms: smoke ? 1 : PASS_MS,
    warmUps: smoke ? 0 : WARM_UPS,
    titleOf,
  });
  if (smoke) {
    const count = options.contenders.length;
    console.log(`${jobs.length} scenarios of ${count} contenders: every listener got every message`);
    return 0;
  }
  return report(options, setting, jobs);
}

function report({ contenders: chosen, json, check }, setting, jobs) {
  const judged = jobs.map((job) => ({ ...job, ...judge(job, chosen) }));
  console.log(
    '**Thousand messages/s / µs of subscriber CPU per message / per call of a listener** (medians)\n',
  );
  console.log(verdictTable(judged, chosen, titleOf));
  console.log(`\n${setting.server}; ${environmentLine(setting)}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ environment: setting, jobs }, null, 2)}\n`);
  const misses = judged[0].best === undefined ? ['nothing to compare with'] : missesOf(judged);
  for (const miss of misses) console.error(miss);
  return check && misses.length > 0 ? 1 : 0;
}

function missesOf(judged) {
  const misses = judged
    .filter(({ listeners, reached }) => listeners === 1 && reached < FLOOR)
    .map((job) => `${titleOf(job)}: ${short(job.reached)} × ${job.best}, the floor is ${FLOOR}`);
  const costOf = (idle) =>
    judged.find((job) => job.channels === 1 && job.listeners === 1 && job.idle === idle).cpuUs;
  const kept = costOf(0) / costOf(1_000);
  if (kept < IDLE_FLOOR)
    misses.push(`with idle channels ${short(kept)} of the throughput is left, the floor is ${IDLE_FLOOR}`);
  return misses;
}

function titleOf({ channels, listeners, idle }) {
  const beside = idle === 0 ? '' : `, ${idle} idle channels`;
  return `${channels} channel${channels === 1 ? '' : 's'}, ${listeners} listener${listeners === 1 ? '' : 's'}${beside}`;
}

function parse(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        contenders: { type: 'string' },
        rounds: { type: 'string', default: '5' },
        json: { type: 'string' },
        smoke: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a positive integer');
    const ids = values.contenders?.split(',') ?? contenders.map(({ id }) => id);
    const unknown = ids.find((id) => !contenders.some((contender) => contender.id === id));
    if (unknown !== undefined) throw new Error(`there is no contender ${JSON.stringify(unknown)}`);
    return { ...values, rounds, contenders: contenders.filter(({ id }) => ids.includes(id)) };
  } catch (error) {
    throw new UsageError(`${error.message}\n\n${HELP}`);
  }
}
