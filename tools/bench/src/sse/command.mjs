import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { killAll } from '../client/runner.mjs';
import { openTarget } from '../client/target.mjs';
import { measure, medianCost, ratio } from '../measure.mjs';
import { environmentLine, markdownTable, short } from '../report.mjs';
import { UsageError } from '../usage-error.mjs';
import { environment } from '../versions.mjs';
import { contenders } from './contenders.mjs';
import { measureRedis, reportRedis } from './redis-cost.mjs';
import { Stage } from './stage.mjs';

const HELP = `usage: bench sse [options]

Broadcast of a 200-byte event to many open connections, and what it costs the Redis server.

  --connections <counts>  open connections (100,1000,5000)
  --together <counts>     events that are broadcast at a time, in one turn of the event loop (1,10)
  --listeners <counts>    for the cost in Redis (1,100,1000); 0: without it
  --contenders <ids>      of ${contenders.map(({ id }) => id).join(',')} (all)
  --rounds <n>            rounds to take the median of (5)
  --json <file>           write the raw numbers there
  --check                 exit 1 when a floor is missed
  --smoke                 10 connections, one round, no numbers that mean anything

REDIS_URL names a server to use instead of one of our own.`;

/** A pass has about so many. */
const DELIVERIES = 50_000;
const SMOKE_DELIVERIES = 200;
/** Broadcasts of a pass that shows what they cost in Redis. */
const REDIS_EVENTS = 100;
const SMOKE_REDIS_EVENTS = 20;
const PEER = 'better-sse';
/** Of ours, against that peer: deliveries in the same time, and CPU for each; and bytes of heap for a connection. */
const FLOORS = { faster: 1.3, dearer: 0.7, heap: 7 * 1024 };

/** Returns the exit code. */
export async function run(args) {
  const options = parse(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const opened = await openTarget([]);
  try {
    const setting = { server: await opened.version(), ...environment(['better-sse']) };
    const jobs = [];
    for (const count of options.counts) {
      console.error(`${count} connections`);
      jobs.push(...(await jobsOf(options, opened.target, count)));
    }
    const redis = options.redis && (await measureRedis(opened.target, options.redis));
    return report(options, setting, jobs, redis);
  } finally {
    await opened.close();
  }
}

/** Servers and clients of all contenders are there at the same time, and take turns. */
async function jobsOf({ contenders: chosen, rounds, deliveries, togethers, isSmoke }, target, count) {
  const stages = [];
  try {
    for (const contender of chosen) stages.push(await Stage.open(contender, target, count));
    const memory = Object.fromEntries(stages.map((stage) => [stage.id, stage.memory]));
    const jobs = [];
    for (const together of togethers) {
      const events = Math.ceil(deliveries / count / together) * together;
      const passes = stages.map((stage) => ({ id: stage.id, pass: () => stage.pass({ events, together }) }));
      const results = await measure(passes, {
        rounds,
        passes: 1,
        settleMs: 0,
        warmUp: { passes: isSmoke ? 1 : 3, ms: 0, maxMs: 0 },
        costOf: ({ us }) => us,
      });
      jobs.push({ count, together, rounds: results, memory });
    }
    for (const stage of stages) await stage.close();
    return jobs;
  } finally {
    await killAll(stages.flatMap(({ runners }) => runners));
  }
}

function report({ contenders: chosen, json, check, isSmoke }, setting, jobs, redis) {
  const judged = jobs.map((job) => ({ ...job, ...judge(chosen, job) }));
  const columns = [
    'connections',
    'at a time',
    'server',
    'deliveries/s',
    '× better-sse',
    'CPU µs',
    '× better-sse',
    'heap KiB',
    'RSS KiB',
  ];
  const rows = judged.flatMap(({ count, together, lines }) =>
    lines.map((line) => [String(count), String(together), ...line]),
  );
  console.log('**Broadcast of a 200-byte event** (medians; heap and RSS for each connection)\n');
  console.log(
    markdownTable(
      columns.map((title, i) => [title, i === 2 ? 'left' : 'right']),
      rows,
    ),
  );
  const misses = judged.flatMap(({ misses }) => misses);
  if (redis !== undefined) {
    const { table, misses: more } = reportRedis(redis);
    console.log(`\n**What a broadcast costs the Redis server** (medians)\n\n${table}`);
    misses.push(...more);
  }
  console.log(`\n${setting.server}; ${environmentLine(setting)}`);
  if (json !== undefined) {
    writeFileSync(json, `${JSON.stringify({ environment: setting, jobs, redis }, null, 2)}\n`);
  }
  if (isSmoke) return 0;
  for (const miss of misses) console.error(miss);
  return check && misses.length > 0 ? 1 : 0;
}

function judge(chosen, { count, together, rounds, memory }) {
  const cost = (name) =>
    rounds.map((round) =>
      Object.fromEntries(Object.entries(round).map(([id, result]) => [id, result[name]])),
    );
  const [us, cpuUs] = [cost('us'), cost('cpuUs')];
  const hasPeer = chosen.some(({ id }) => id === PEER);
  const misses = [];
  const lines = chosen.map(({ id, title, kind }) => {
    const { heap, rss } = memory[id];
    const faster = hasPeer ? ratio(us, id, PEER).median : undefined;
    const dearer = hasPeer ? 1 / ratio(cpuUs, id, PEER).median : undefined;
    if (kind === 'ours') {
      const miss = (what) => misses.push(`${count} connections, ${together} at a time, ${title}: ${what}`);
      if (faster < FLOORS.faster)
        miss(`${short(faster)} × better-sse's deliveries, the floor is ${FLOORS.faster}`);
      if (dearer > FLOORS.dearer)
        miss(`${short(dearer)} × better-sse's CPU, the ceiling is ${FLOORS.dearer}`);
      if (heap > FLOORS.heap) miss(`${short(heap / 1024)} KiB of heap, the ceiling is ${FLOORS.heap / 1024}`);
    }
    return [
      title,
      short(1e6 / medianCost(us, id)),
      faster === undefined ? '' : short(faster),
      short(medianCost(cpuUs, id)),
      dearer === undefined ? '' : short(dearer),
      short(heap / 1024),
      short(rss / 1024),
    ];
  });
  return { lines, misses };
}

function parse(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        connections: { type: 'string' },
        together: { type: 'string', default: '1,10' },
        listeners: { type: 'string' },
        contenders: { type: 'string' },
        rounds: { type: 'string' },
        json: { type: 'string' },
        check: { type: 'boolean', default: false },
        smoke: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const { smoke: isSmoke } = values;
    const counts = integers('connections', values.connections ?? (isSmoke ? '10' : '100,1000,5000'), 2);
    const togethers = integers('together', values.together, 1);
    const listeners = integers('listeners', values.listeners ?? (isSmoke ? '1,10' : '1,100,1000'), 0);
    const [rounds] = integers('rounds', values.rounds ?? (isSmoke ? '1' : '5'), 1);
    const chosen = values.contenders?.split(',') ?? contenders.map(({ id }) => id);
    const unknown = chosen.find((id) => !contenders.some((contender) => contender.id === id));
    if (unknown !== undefined) throw new Error(`there is no contender ${unknown}`);
    return {
      ...values,
      isSmoke,
      counts,
      togethers,
      rounds,
      redis: listeners.includes(0)
        ? undefined
        : { listeners, rounds, events: isSmoke ? SMOKE_REDIS_EVENTS : REDIS_EVENTS },
      deliveries: isSmoke ? SMOKE_DELIVERIES : DELIVERIES,
      contenders: contenders.filter(({ id }) => chosen.includes(id)),
    };
  } catch (error) {
    throw new UsageError(`${error.message}\n\n${HELP}`);
  }
}

function integers(option, text, least) {
  const values = text.split(',').map(Number);
  if (values.every((value) => Number.isInteger(value) && value >= least)) return values;
  throw new Error(`--${option} takes integers from ${least} on, not ${text}`);
}
