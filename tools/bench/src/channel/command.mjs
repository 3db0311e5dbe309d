import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { killAll, Runner } from '../client/runner.mjs';
import { openTarget } from '../client/target.mjs';
import { measure, medianCost } from '../measure.mjs';
import { environmentLine, markdownTable, short } from '../report.mjs';
import { UsageError } from '../usage-error.mjs';
import { environment } from '../versions.mjs';
import { contenders } from './contenders.mjs';
import { goalsOf, judge } from './goals.mjs';

const HELP = `usage: bench channel [options]

Messages of about 60 bytes from one process to another.

  --jobs <names>       of calls,drain,send (all): round trips, receiving of what waits, sending in bursts
  --contenders <ids>   of ${contenders.map(({ id }) => id).join(',')} (all)
  --rounds <n>         rounds to take the median of (5)
  --json <file>        write the raw numbers there
  --check              exit 1 when a goal is missed
  --smoke              no timing: does every message arrive, once?

REDIS_URL names a server to use instead of one of our own. Ours is the built package.`;

const CHILD = fileURLToPath(new URL('runner-child.mjs', import.meta.url));
const JOBS = ['calls', 'drain', 'send'];
const CALLS = { leadMs: 200, ms: 800 };
const BURST = 1_000;
const SENDS = 10_000;
const SMOKE = 200;

/** \x: returns the exit code. */
export async function run(args) {
  const options = parse(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const opened = await openTarget([]);
  const pairs = [];
  try {
    for (const contender of options.contenders) pairs.push(await Pair.open(contender, opened.target));
    if (options.smoke) return await smoke(pairs);
    const setting = {
      server: await opened.version(),
      ...environment([...new Set(options.contenders.map(({ package: name }) => name).filter(Boolean))]),
    };
    const results = {};
    for (const job of options.jobs) {
      console.error(job);
      results[job] = await roundsOf(job, pairs, options.rounds);
    }
    return report(options, setting, results);
  } finally {
    await killAll(pairs.flatMap(({ near, far }) => [near, far]));
    await opened.close();
  }
}

/** A contender's two processes. */
class Pair {
  static async open(contender, target) {
    const pair = new Pair();
    pair.contender = contender;
    pair.near = new Runner(contender, CHILD);
    pair.far = new Runner(contender, CHILD);
    await pair.near.ask('connect', { id: contender.id, target, side: 'near' });
    await pair.far.ask('connect', { id: contender.id, target, side: 'far' });
    return pair;
  }

  get id() {
    return this.contender.id;
  }

  async calls(times = CALLS) {
    const before = await this.far.ask('echo');
    const { calls, ...result } = await this.near.ask('calls', times);
    const after = await this.far.ask('stopEcho');
    return { ...result, farCpuUs: (after - before) / calls };
  }

  async drain(count = this.contender.drains) {
    await this.near.ask('send', { count, burst: BURST });
    return this.far.ask('drain', { count });
  }

  /** What was sent is received, too, but not counted. */
  async send(count = SENDS) {
    const result = await this.near.ask('send', { count, burst: BURST });
    await this.far.ask('drain', { count });
    return result;
  }

  async close() {
    return [await this.near.close(), await this.far.close()];
  }
}

function roundsOf(job, pairs, rounds) {
  const passes = pairs.map((pair) => ({ id: pair.id, pass: () => pair[job]() }));
  return measure(passes, {
    rounds,
    passes: 1,
    settleMs: 0,
    warmUp: { passes: 2, ms: 0, maxMs: 0 },
    costOf: ({ p50, us }) => p50 ?? us,
  });
}

async function smoke(pairs) {
  for (const pair of pairs) {
    await pair.calls({ leadMs: 0, ms: 60_000, most: SMOKE });
    await pair.drain(SMOKE);
    await pair.send(SMOKE);
    const ended = await pair.close();
    console.log(`${pair.id}: ok${ended.every(Boolean) ? '' : ', but a process had to be killed at the end'}`);
  }
  return 0;
}

function report({ contenders, jobs, json, check }, setting, results) {
  for (const job of jobs) console.log(`${tableOf(job, contenders, results[job])}\n`);
  const goals = goalsOf(contenders).filter(({ job }) => jobs.includes(job));
  const judged = goals.map((goal) => ({ goal, ...judge(goal, results) }));
  const rows = judged.map(({ goal, best, reached, isMet }) => [
    goal.title,
    best,
    `${short(reached.median)} (${short(reached.min)}–${short(reached.max)})`,
    `≥ ${short(goal.least)}`,
    isMet ? 'ok' : '**miss**',
  ]);
  console.log('**Goals**: times as good as the best peer, median of the rounds and their range\n');
  console.log(
    markdownTable(
      ['goal', 'best peer', '× best peer', 'goal', ''].map((title) => [title, 'left']),
      rows,
    ),
  );
  console.log(`\n${setting.server}; ${environmentLine(setting)}`);
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ environment: setting, results }, null, 2)}\n`);
  return check && judged.some(({ isMet }) => !isMet) ? 1 : 0;
}

function tableOf(job, contenders, rounds) {
  const median = (id, field) =>
    medianCost(
      rounds.map((round) => ({ [id]: round[id][field] })),
      id,
    );
  if (job === 'calls') {
    const rows = contenders.map(({ id, title }) => [
      title,
      ...['p50', 'p99', 'cpuUs', 'farCpuUs'].map((field) => short(median(id, field))),
    ]);
    const columns = ['round trip', 'p50 µs', 'p99 µs', 'CPU µs here', 'CPU µs there'];
    return markdownTable(aligned(columns), rows);
  }
  const rows = contenders.map(({ id, title }) => [
    title,
    short(1_000 / median(id, 'us')),
    short(median(id, 'cpuUs')),
  ]);
  const columns = [job === 'drain' ? 'receiving' : 'sending', 'thousand messages/s', 'CPU µs per message'];
  return markdownTable(aligned(columns), rows);
}

function aligned(titles) {
  return titles.map((title, i) => [title, i === 0 ? 'left' : 'right']);
}

function parse(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        jobs: { type: 'string', default: JOBS.join(',') },
        contenders: { type: 'string' },
        rounds: { type: 'string', default: '5' },
        json: { type: 'string' },
        check: { type: 'boolean', default: false },
        smoke: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a positive integer');
    const jobs = values.jobs.split(',');
    for (const job of jobs) if (!JOBS.includes(job)) throw new Error(`there is no job ${job}`);
    const ids = values.contenders?.split(',') ?? contenders.map(({ id }) => id);
    const chosen = contenders.filter(({ id }) => ids.includes(id));
    if (chosen.length !== ids.length) throw new Error(`--contenders takes ${contenders.map(({ id }) => id)}`);
    return { ...values, jobs, rounds, contenders: chosen };
  } catch (error) {
    throw new UsageError(`${error.message}\n\n${HELP}`);
  }
}
