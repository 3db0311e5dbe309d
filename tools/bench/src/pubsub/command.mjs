import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { killAll, Runner, startRunners } from '../client/runner.mjs';
import { openTarget } from '../client/target.mjs';
import { measure, medianCost, ratio } from '../measure.mjs';
import { environmentLine, markdownTable, short } from '../report.mjs';
import { UsageError } from '../usage-error.mjs';
import { environment } from '../versions.mjs';
import { contenders } from './contenders.mjs';
import { channelsOf } from './publisher.mjs';

const HELP = `usage: bench pubsub [options]

Delivery of 64-byte messages to one subscriber while a publisher keeps the server busy.

  --channels <counts>  subscribed channels (1,100)
  --contenders <ids>   of ${contenders.map(({ id }) => id).join(',')} (all)
  --rounds <n>         rounds to take the median of (5)
  --json <file>        write the raw numbers there
  --check              exit 1 when a floor is missed

REDIS_URL names a server to use instead of one of our own.`;

const LEAD_MS = 200;
const PASS_MS = 1_000;
const FLOOR = 1.5;

const program = (name) => fileURLToPath(new URL(name, import.meta.url));

/** \x: returns the exit code. */
export async function run(args) {
  const options = parse(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const opened = await openTarget([]);
  const publisher = new Runner({ id: 'publisher' }, program('publisher-child.mjs'));
  let runners = [];
  try {
    await opened.letSubscribersLag();
    await publisher.ask('connect', { target: opened.target });
    ({ runners } = await startRunners(options.contenders, opened.target, program('runner-child.mjs')));
    const setting = {
      server: await opened.version(),
      ...environment([...new Set(contenders.map((contender) => contender.package))]),
    };
    const jobs = [];
    for (const count of options.counts) {
      const channels = channelsOf(opened.target, count);
      console.error(`${count} channels`);
      jobs.push({ count, rounds: await roundsOf(runners, publisher, channels, options.rounds) });
    }
    return report(options, setting, jobs);
  } finally {
    await killAll([publisher, ...runners]);
    await opened.close();
  }
}

function roundsOf(runners, publisher, channels, rounds) {
  const passes = runners.map((runner) => ({
    id: runner.id,
    async pass() {
      await publisher.ask('start', { channels });
      const result = await runner.pass({ channels }, { leadMs: LEAD_MS, ms: PASS_MS });
      await publisher.ask('stop');
      return result;
    },
  }));
  return measure(passes, {
    rounds,
    passes: 1,
    settleMs: 0,
    warmUp: { passes: 2, ms: 0, maxMs: 0 },
    costOf: ({ us }) => us,
  });
}

function report({ contenders, json, check }, setting, jobs) {
  const hasOwn = contenders.some(({ kind }) => kind === 'ours');
  const judged = jobs.map((job) => ({ ...job, ...judge(contenders, job.rounds) }));
  const columns = ['channels', ...contenders.map(({ title }) => title), ...(hasOwn ? ['× best peer'] : [])];
  const rows = judged.map(({ count, cells, best, reached }) => [
    String(count),
    ...cells,
    ...(hasOwn ? [`${short(reached)} (${best})`] : []),
  ]);
  console.log('**Thousand messages/s / µs of subscriber CPU per message** (medians)\n');
  console.log(
    markdownTable(
      columns.map((title) => [title, 'right']),
      rows,
    ),
  );
  console.log(`\n${setting.server}; ${environmentLine(setting)}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ environment: setting, jobs }, null, 2)}\n`);
  const misses = hasOwn ? judged.filter(({ reached }) => reached < FLOOR) : [];
  for (const { count, best, reached } of misses)
    console.error(`${count} channels: ${short(reached)} × ${best}, the floor is ${FLOOR}`);
  return check && (misses.length > 0 || !hasOwn) ? 1 : 0;
}

function judge(contenders, rounds) {
  const delivered = field(rounds, 'us');
  const cpu = field(rounds, 'cpuUs');
  const peers = contenders.filter(({ kind }) => kind === 'peer');
  const best = peers.reduce((a, b) => (medianCost(delivered, b.id) < medianCost(delivered, a.id) ? b : a));
  return {
    cells: contenders.map(
      ({ id }) => `${short(1000 / medianCost(delivered, id))} / ${short(medianCost(cpu, id))}`,
    ),
    best: best.title,
    reached: ratio(delivered, 'redlane', best.id).median,
  };
}

function field(rounds, name) {
  return rounds.map((round) =>
    Object.fromEntries(Object.entries(round).map(([id, result]) => [id, result[name]])),
  );
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
