import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { killAll, Runner, startRunners } from '../client/runner.mjs';
import { openTarget } from '../client/target.mjs';
import { measure, medianCost, ratio } from '../measure.mjs';
import { channelsOf } from '../pubsub/publisher.mjs';
import { environmentLine, markdownTable, short } from '../report.mjs';
import { UsageError } from '../usage-error.mjs';
import { environment } from '../versions.mjs';
import { contenders } from './contenders.mjs';

const HELP = `usage: bench dispatch [options]

Messages/s of 64 bytes that reach 1 and 100 listeners on 1 and 1,000 channels, while a publisher keeps the server busy; and
with 1,000 more channels that nothing is published to, which should cost nothing.

  --contenders <ids>   of ${contenders.map(({ id }) => id).join(',')} (all)
  --rounds <n>         rounds to take the median of (5)
  --json <file>        write the raw numbers there
  --smoke              one short round: does every listener get every message?
  --check              exit 1 when a floor is missed

Needs the built packages. REDIS_URL names a server to use instead of one of our own.`;

const JOBS = [
  { channels: 1, listeners: 1, idle: 0 },
  { channels: 1, listeners: 100, idle: 0 },
  { channels: 1_000, listeners: 1, idle: 0 },
  { channels: 1_000, listeners: 100, idle: 0 },
  { channels: 1, listeners: 1, idle: 1_000 },
];
const SMOKE = [
  { channels: 1, listeners: 1, idle: 0 },
  { channels: 10, listeners: 5, idle: 10 },
];
const TIMES = { leadMs: 200, ms: 1_000 };
const SMOKE_TIMES = { leadMs: 50, ms: 100 };
/** × the better peer, with one listener. */
const FLOOR = 2;
/** Channels that nothing is published to may cost so much of the throughput at most. */
const IDLE_FLOOR = 0.8;

const program = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Returns the exit code. */
export async function run(args) {
  const options = parse(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const opened = await openTarget([]);
  const publisher = new Runner({ id: 'publisher' }, program('../pubsub/publisher-child.mjs'));
  let runners = [];
  try {
    await opened.letSubscribersLag();
    await publisher.ask('connect', { target: opened.target });
    ({ runners } = await startRunners(options.contenders, opened.target, program('runner-child.mjs')));
    const setting = {
      server: await opened.version(),
      ...environment(contenders.filter(({ kind }) => kind === 'peer').map((contender) => contender.package)),
    };
    const jobs = [];
    for (const job of options.smoke ? SMOKE : JOBS) {
      console.error(titleOf(job));
      jobs.push({
        ...job,
        rounds: await roundsOf(runners, publisher, scenarioOf(opened.target, job), options),
      });
    }
    if (options.smoke) {
      console.log(
        `${jobs.length} scenarios of ${runners.length} contenders: every listener got every message`,
      );
      return 0;
    }
    return report(options, setting, jobs);
  } finally {
    await killAll([publisher, ...runners]);
    await opened.close();
  }
}

function scenarioOf(target, { channels, listeners, idle }) {
  const names = channelsOf(target, channels + idle);
  return { channels: names.slice(0, channels), idle: names.slice(channels), listeners };
}

function roundsOf(runners, publisher, scenario, { rounds, smoke }) {
  const passes = runners.map((runner) => ({
    id: runner.id,
    async pass() {
      await publisher.ask('start', { channels: scenario.channels });
      const result = await runner.pass(scenario, smoke ? SMOKE_TIMES : TIMES);
      await publisher.ask('stop');
      return result;
    },
  }));
  return measure(passes, {
    rounds: smoke ? 1 : rounds,
    passes: 1,
    settleMs: 0,
    warmUp: { passes: smoke ? 1 : 2, ms: 0, maxMs: 0 },
    costOf: ({ us }) => us,
  });
}

function report({ contenders: chosen, json, check }, setting, jobs) {
  const hasAll = chosen.some(({ kind }) => kind === 'ours') && chosen.some(({ kind }) => kind === 'peer');
  const judged = jobs.map((job) => ({ ...job, ...judge(chosen, job.rounds, hasAll) }));
  const columns = ['scenario', ...chosen.map(({ title }) => title), ...(hasAll ? ['× best peer'] : [])];
  const rows = judged.map((job) => [
    titleOf(job),
    ...job.cells,
    ...(hasAll ? [`${short(job.reached)} (${job.best})`] : []),
  ]);
  console.log('**Thousand messages/s / µs of subscriber CPU per message** (medians)\n');
  console.log(
    markdownTable(
      columns.map((title, i) => [title, i === 0 ? 'left' : 'right']),
      rows,
    ),
  );
  console.log(`\n${setting.server}; ${environmentLine(setting)}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ environment: setting, jobs }, null, 2)}\n`);
  const misses = hasAll ? missesOf(judged) : ['nothing to compare with'];
  for (const miss of misses) console.error(miss);
  return check && misses.length > 0 ? 1 : 0;
}

function missesOf(judged) {
  const misses = judged
    .filter(({ listeners, reached }) => listeners === 1 && reached < FLOOR)
    .map((job) => `${titleOf(job)}: ${short(job.reached)} × ${job.best}, the floor is ${FLOOR}`);
  const costOf = (idle) =>
    medianCost(
      field(
        judged.find((job) => job.channels === 1 && job.listeners === 1 && job.idle === idle).rounds,
        'us',
      ),
      'redlane',
    );
  const kept = costOf(0) / costOf(1_000);
  if (kept < IDLE_FLOOR)
    misses.push(`with idle channels ${short(kept)} of the throughput is left, the floor is ${IDLE_FLOOR}`);
  return misses;
}

function judge(chosen, rounds, hasAll) {
  const delivered = field(rounds, 'us');
  const cpu = field(rounds, 'cpuUs');
  const cells = chosen.map(
    ({ id }) => `${short(1000 / medianCost(delivered, id))} / ${short(medianCost(cpu, id))}`,
  );
  if (!hasAll) return { cells };
  const peers = chosen.filter(({ kind }) => kind === 'peer');
  const best = peers.reduce((a, b) => (medianCost(delivered, b.id) < medianCost(delivered, a.id) ? b : a));
  return { cells, best: best.title, reached: ratio(delivered, 'redlane', best.id).median };
}

function field(rounds, name) {
  return rounds.map((round) =>
    Object.fromEntries(Object.entries(round).map(([id, result]) => [id, result[name]])),
  );
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
