import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { killAll, Runner } from '../client/runner.mjs';
import { openTarget } from '../client/target.mjs';
import { measure, medianCost, ratio } from '../measure.mjs';
import { environmentLine, markdownTable, short } from '../report.mjs';
import { UsageError } from '../usage-error.mjs';
import { environment } from '../versions.mjs';
import { contenders } from './contenders.mjs';

const HELP = `usage: bench sse [options]

Broadcast of a 200-byte event to many open connections.

  --connections <counts>  open connections (100,1000,5000)
  --contenders <ids>      of ${contenders.map(({ id }) => id).join(',')} (all)
  --rounds <n>            rounds to take the median of (5)
  --json <file>           write the raw numbers there
  --check                 exit 1 when a floor is missed
  --smoke                 10 connections, one round, no numbers that mean anything

REDIS_URL names a server to use instead of one of our own.`;

/** A pass has about so many. */
const DELIVERIES = 50_000;
const SMOKE_DELIVERIES = 200;
const PEER = 'better-sse';
/** Of ours, against that peer: deliveries in the same time, and CPU for each; and bytes of heap for a connection. */
const FLOORS = { faster: 1.3, dearer: 0.7, heap: 7 * 1024 };

const program = (name) => fileURLToPath(new URL(name, import.meta.url));

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
      jobs.push({ count, ...(await jobOf(options, opened.target, count)) });
    }
    return report(options, setting, jobs);
  } finally {
    await opened.close();
  }
}

/** Servers and clients of all contenders are there at the same time, and take turns. */
async function jobOf({ contenders: chosen, rounds, deliveries, isSmoke }, target, count) {
  const stages = [];
  try {
    for (const contender of chosen) stages.push(await Stage.open(contender, target, count));
    const events = Math.ceil(deliveries / count);
    const passes = stages.map((stage) => ({ id: stage.id, pass: () => stage.pass(events) }));
    const results = await measure(passes, {
      rounds,
      passes: 1,
      settleMs: 0,
      warmUp: isSmoke ? { passes: 1, ms: 0, maxMs: 0 } : { passes: 3, ms: 0, maxMs: 0 },
      costOf: ({ us }) => us,
    });
    for (const stage of stages) await stage.close();
    return { rounds: results, memory: Object.fromEntries(stages.map(({ id, memory }) => [id, memory])) };
  } finally {
    await killAll(stages.flatMap(({ runners }) => runners));
  }
}

/** A contender's server with its audience, each in a process of its own. */
class Stage {
  id;
  memory;
  runners;
  #count;
  #server;
  #audience;

  static async open(contender, target, count) {
    const stage = new Stage();
    stage.id = contender.id;
    stage.#count = count;
    stage.#server = new Runner(contender, program('server-child.mjs'));
    stage.#audience = new Runner({ id: `${contender.id}'s audience` }, program('audience-child.mjs'));
    stage.runners = [stage.#server, stage.#audience];
    try {
      await stage.#server.connect(target);
      await stage.#fill();
    } catch (error) {
      await killAll(stage.runners);
      throw error;
    }
    return stage;
  }

  /** The first connection brings code with it that is there for all, so that it does not count. */
  async #fill() {
    const port = await this.#server.ask('port');
    await this.#audience.ask('open', { port, count: 1 });
    const before = await this.#server.ask('memory');
    await this.#audience.ask('open', { port, count: this.#count });
    const after = await this.#server.ask('memory');
    const each = (name) => (after[name] - before[name]) / (this.#count - 1);
    this.memory = { heap: each('heap'), rss: each('rss') };
  }

  async pass(events) {
    const deliveries = events * this.#count;
    await this.#audience.ask('expect', { deliveries });
    const received = this.#audience.ask('wait');
    await this.#server.ask('burst', { events });
    await received;
    const used = await this.#server.ask('used');
    return {
      us: used.us / deliveries,
      cpuUs: used.cpuUs / deliveries,
      redisUs: used.redisUs / events,
    };
  }

  async close() {
    await this.#audience.close();
    await this.#server.close();
  }
}

function report({ contenders: chosen, json, check, isSmoke }, setting, jobs) {
  const judged = jobs.map((job) => ({ ...job, ...judge(chosen, job) }));
  const columns = [
    'connections',
    'server',
    'deliveries/s',
    '× better-sse',
    'CPU µs',
    '× better-sse',
    'heap KiB',
    'RSS KiB',
    'Redis µs/event',
  ];
  const rows = judged.flatMap(({ count, lines }) => lines.map((line) => [String(count), ...line]));
  console.log('**Broadcast of a 200-byte event** (medians; heap and RSS for each connection)\n');
  console.log(
    markdownTable(
      columns.map((title, i) => [title, i === 1 ? 'left' : 'right']),
      rows,
    ),
  );
  console.log(`\n${setting.server}; ${environmentLine(setting)}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ environment: setting, jobs }, null, 2)}\n`);
  if (isSmoke) return 0;
  const misses = judged.flatMap(({ misses }) => misses);
  for (const miss of misses) console.error(miss);
  return check && misses.length > 0 ? 1 : 0;
}

function judge(chosen, { count, rounds, memory }) {
  const cost = (name) =>
    rounds.map((round) =>
      Object.fromEntries(Object.entries(round).map(([id, result]) => [id, result[name]])),
    );
  const [us, cpuUs, redisUs] = [cost('us'), cost('cpuUs'), cost('redisUs')];
  const hasPeer = chosen.some(({ id }) => id === PEER);
  const misses = [];
  const lines = chosen.map(({ id, title, kind }) => {
    const { heap, rss } = memory[id];
    const faster = hasPeer ? ratio(us, id, PEER).median : undefined;
    const dearer = hasPeer ? 1 / ratio(cpuUs, id, PEER).median : undefined;
    if (kind === 'ours') {
      const miss = (what) => misses.push(`${count} connections, ${title}: ${what}`);
      if (faster < FLOORS.faster)
        miss(`${short(faster)} × better-sse's deliveries, the floor is ${FLOORS.faster}`);
      if (dearer > FLOORS.dearer)
        miss(`${short(dearer)} × better-sse's CPU, the ceiling is ${FLOORS.dearer}`);
      if (heap > FLOORS.heap) miss(`${short(heap / 1024)} KiB of heap, the ceiling is ${FLOORS.heap / 1024}`);
    }
    const redis = medianCost(redisUs, id);
    return [
      title,
      short(1e6 / medianCost(us, id)),
      faster === undefined ? '' : short(faster),
      short(medianCost(cpuUs, id)),
      dearer === undefined ? '' : short(dearer),
      short(heap / 1024),
      short(rss / 1024),
      redis === 0 ? '' : short(redis),
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
        contenders: { type: 'string' },
        rounds: { type: 'string' },
        json: { type: 'string' },
        check: { type: 'boolean', default: false },
        smoke: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const { connections, rounds, smoke: isSmoke } = values;
    const counts = (connections ?? (isSmoke ? '10' : '100,1000,5000')).split(',').map(Number);
    const howOften = Number(rounds ?? (isSmoke ? 1 : 5));
    if (
      !counts.every((count) => Number.isInteger(count) && count > 1) ||
      !(howOften > 0 && Number.isInteger(howOften))
    )
      throw new Error('--connections takes integers from 2 on, and --rounds a positive one');
    const chosen = values.contenders?.split(',') ?? contenders.map(({ id }) => id);
    const unknown = chosen.find((id) => !contenders.some((contender) => contender.id === id));
    if (unknown !== undefined) throw new Error(`there is no contender ${unknown}`);
    return {
      ...values,
      isSmoke,
      counts,
      rounds: howOften,
      deliveries: isSmoke ? SMOKE_DELIVERIES : DELIVERIES,
      contenders: contenders.filter(({ id }) => chosen.includes(id)),
    };
  } catch (error) {
    throw new UsageError(`${error.message}\n\n${HELP}`);
  }
}
