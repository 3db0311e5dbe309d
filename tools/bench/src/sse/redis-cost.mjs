import { createClient } from '@redis/client';
import { killAll } from '../client/runner.mjs';
import { median } from '../measure.mjs';
import { markdownTable, short } from '../report.mjs';
import { contenderOf } from './contenders.mjs';
import { Stage } from './stage.mjs';

/** Commands for each broadcast may not differ by more, nor its CPU from that with the fewest listeners. */
const FLOORS = { commands: 1.02, cpu: 1.5 };
/** The same pace for all: what a server does at its leisure, and finds its caches cold for, must not depend on the listeners. */
const EVERY_MS = 25;

/**
 * What a broadcast costs the Redis server with so many listeners in one process.
 *
 * @returns {Promise<{ listeners: number, commands: number, scriptUs: number, cpuUs: number }[]>} for each broadcast
 */
export async function measureRedis(target, { listeners, rounds, events }) {
  const { host, port, username, password, db } = target;
  const client = createClient({ socket: { host, port }, username, password, database: db });
  await client.connect();
  const stages = [];
  try {
    for (const count of listeners) {
      console.error(`${count} listeners in Redis`);
      const own = { ...target, prefix: `${target.prefix}:${count}` };
      const stage = await Stage.open(contenderOf('redlane-redis'), own, count);
      stages.push({ count, stage, costs: [] });
      await stage.pass({ events, everyMs: EVERY_MS });
    }
    for (let round = 0; round < rounds; round++) {
      for (const { stage, costs } of stages) {
        const before = await counters(client);
        await stage.pass({ events, everyMs: EVERY_MS });
        const after = await counters(client);
        costs.push(
          Object.fromEntries(Object.keys(after).map((name) => [name, (after[name] - before[name]) / events])),
        );
      }
    }
    for (const { stage } of stages) await stage.close();
    const of = (costs, name) => median(costs.map((cost) => cost[name]));
    return stages.map(({ count, costs }) => ({
      listeners: count,
      commands: of(costs, 'commands'),
      scriptUs: of(costs, 'scriptUs'),
      cpuUs: of(costs, 'cpuUs'),
    }));
  } finally {
    await killAll(stages.flatMap(({ stage }) => stage.runners));
    client.destroy();
  }
}

/** The table, and the floors that were missed. */
export function reportRedis(costs) {
  const [least] = costs;
  const misses = costs.flatMap(({ listeners, commands, cpuUs }) => {
    const miss = (what) => `Redis, ${listeners} listeners: ${what} than with ${least.listeners}`;
    return [
      ...(commands > least.commands * FLOORS.commands
        ? [miss(`${short(commands)} commands a broadcast, ${short(commands / least.commands)} × more`)]
        : []),
      ...(cpuUs > least.cpuUs * FLOORS.cpu
        ? [miss(`${short(cpuUs / least.cpuUs)} × more CPU a broadcast`)]
        : []),
    ];
  });
  const titles = ['listeners', 'commands', 'script µs', 'CPU µs', `CPU × ${least.listeners}`];
  const rows = costs.map(({ listeners, commands, scriptUs, cpuUs }) => [
    String(listeners),
    short(commands),
    short(scriptUs),
    short(cpuUs),
    short(cpuUs / least.cpuUs),
  ]);
  const table = markdownTable(
    titles.map((title) => [title, 'right']),
    rows,
  );
  return { table, misses };
}

/** Commands that scripts call count, too; their time is in that of the script. */
async function counters(client) {
  const info = await client.sendCommand(['INFO', 'everything']);
  const sum = (pattern) => [...info.matchAll(pattern)].reduce((total, [, value]) => total + Number(value), 0);
  return {
    commands: sum(/^cmdstat_(?!info:)\S+:calls=(\d+)/gm),
    scriptUs: sum(/^cmdstat_eval(?:sha)?:calls=\d+,usec=(\d+)/gm),
    cpuUs: sum(/^used_cpu_(?:user|sys):(\S+)/gm) * 1e6,
  };
}
