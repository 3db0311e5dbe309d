import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { environmentLine, short } from '../report.mjs';
import { UsageError } from '../usage-error.mjs';
import { contenders } from './contenders.mjs';
import { HOW } from './how-it-measures.mjs';
import { runScenarios } from './scenario-rounds.mjs';
import { judge, verdictTable } from './verdict.mjs';

const HELP = `usage: bench pubsub [options]

Messages of 64 bytes to one callback of a bare client: how fast a subscriber works off what the server has for it.

${HOW}

  --channels <counts>  subscribed channels (1,100)
  --contenders <ids>   of ${contenders.map(({ id }) => id).join(',')} (all)
  --rounds <n>         rounds to take the median of (5)
  --json <file>        write the raw numbers there
  --check              exit 1 when a floor is missed

REDIS_URL names a server to use instead of one of our own.`;

const PASS_MS = 400;
const WARM_UPS = 3;
const BURST = 40_000;
const FLOOR = 1.5;

/** Returns the exit code. */
export async function run(args) {
  const options = parse(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const { setting, jobs } = await runScenarios({
    scenarios: options.counts.map((channels) => ({ channels, listeners: 1, idle: 0, burst: BURST })),
    contenders: options.contenders,
    program: fileURLToPath(new URL('runner-child.mjs', import.meta.url)),
    rounds: options.rounds,
    ms: PASS_MS,
    warmUps: WARM_UPS,
    titleOf,
  });
  return report(options, setting, jobs);
}

function report({ contenders: chosen, json, check }, setting, jobs) {
  const judged = jobs.map((job) => ({ ...job, ...judge(job, chosen) }));
  console.log('**Thousand messages/s / µs of subscriber CPU per message** (medians)\n');
  console.log(verdictTable(judged, chosen, titleOf));
  console.log(`\n${setting.server}; ${environmentLine(setting)}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ environment: setting, jobs }, null, 2)}\n`);
  const isCompared = judged[0].best !== undefined;
  const misses = judged.filter(({ reached }) => reached < FLOOR);
  for (const job of misses)
    console.error(`${titleOf(job)}: ${short(job.reached)} × ${job.best}, the floor is ${FLOOR}`);
  return check && (misses.length > 0 || !isCompared) ? 1 : 0;
}

function titleOf({ channels }) {
  return `${channels} channel${channels === 1 ? '' : 's'}`;
}

function parse(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        channels: { type: 'string', default: '1,100' },
        contenders: { type: 'string' },
        rounds: { type: 'string', default: '5' },
        json: { type: 'string' },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const counts = values.channels.split(',').map(Number);
    const rounds = Number(values.rounds);
    if (![...counts, rounds].every((number) => Number.isInteger(number) && number > 0))
      throw new Error('--channels and --rounds take positive integers');
    const chosen = values.contenders?.split(',') ?? contenders.map(({ id }) => id);
    return { ...values, counts, rounds, contenders: contenders.filter(({ id }) => chosen.includes(id)) };
  } catch (error) {
    throw new UsageError(`${error.message}\n\n${HELP}`);
  }
}
