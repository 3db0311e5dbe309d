import { RedisClient } from '@redlane/client';
import { type RedisServer, startServer } from '@redlane/redis-server';
import { type Check, check } from './check.js';
import { ConnectionCount } from './faults/connection-count.js';
import { FaultCounts } from './faults/fault-counts.js';
import { fingerprint, planFaults } from './faults/schedule.js';
import { duration, underFaults } from './faults/under-faults.js';
import { inTime } from './loops.js';
import { belongings, leftovers } from './measure/leftovers.js';
import { Meter } from './measure/meter.js';
import { Rejections } from './measure/rejections.js';
import { checkHandles, checkHeap, checkReconnects, leastReconnects } from './measure/run-checks.js';
import { plant } from './plant.js';
import type { Scenario } from './scenario.js';
import type { SoakOptions } from './soak-options.js';
import { Stage } from './stage.js';

/** Closing sockets takes the loop some turns, and a slow machine some time. */
const CLOSING_MS = 15_000;

/** Runs scenarios at the same time against one server, under faults, and tells what came of it. */
export async function soak(
  scenarios: readonly Scenario[],
  options: SoakOptions,
  log: (line: string) => void,
): Promise<Check[]> {
  const { durationMs, seed, driver, defects } = options;
  const before = await belongings();
  using rejections = new Rejections();
  const server = await startServer({ persistence: 'always' });
  const pids = new Set([server.pid as number]);
  const direct = new RedisClient({ path: server.socketPath, timeoutMs: 120_000, silenceTimeoutMs: 60_000 });
  const plan = planFaults(
    seed,
    durationMs,
    scenarios.map(({ name }) => name),
  );
  log(
    `soak: seed ${seed}, ${durationMs / 1_000} s over ${driver}, node ${process.versions.node}, ` +
      `${server.name} ${server.version}, faults ${fingerprint(plan)}`,
  );
  const stages = await Promise.all(
    scenarios.map((scenario) => Stage.open(scenario, { seed, driver, defects, server, direct })),
  );
  const proxies = stages.map(({ proxy }) => proxy);
  const connections = new ConnectionCount(proxies);
  const counts = new FaultCounts();
  const least = leastReconnects(durationMs, scenarios.length);
  using _planted = plant(defects);
  let checks: Check[];
  let meter: Meter;
  try {
    await Promise.all(stages.map((stage) => stage.start()));
    meter = new Meter(durationMs);
    const isEnough = (): boolean => connections.lost >= least && counts.of('restart') > 0;
    await underFaults({ stages, server, direct, plan, counts, onProcess: (pid) => pids.add(pid) }, () =>
      duration({ durationMs, isEnough }, (seconds) => {
        for (const stage of stages) stage.watch();
        const progress = stages.map(({ name, checked }) => `${name} ${checked}`).join(', ');
        log(`  ${seconds} s: ${connections.lost} connections lost; checked: ${progress}`);
      }),
    ).finally(() => meter[Symbol.dispose]());
    const { lost, made } = connections;
    log('soak: no more faults; everything comes to rest');
    checks = await Promise.all(stages.map((stage) => stage.stop()));
    checks.push(checkReconnects({ lost, made }, least, counts));
  } finally {
    await direct.close();
    await Promise.all(
      proxies.map((proxy) => inTime(proxy.close(), 'the proxy is closed', 5_000).catch(() => undefined)),
    );
    await stopServer(server);
  }
  const left = await leftovers({ before, pids, folder: server.folder, timeoutMs: CLOSING_MS });
  checks.push(
    checkHeap(meter.samples),
    checkHandles(meter.samples),
    check('rejections', `${rejections.texts.length} unhandled`, rejections.texts),
    check('left behind', `${left.length} sockets, timers, processes and folders`, left),
  );
  return checks;
}

/** Also when a fault has left it halted. */
async function stopServer(server: RedisServer): Promise<void> {
  if (server.pid !== undefined) server.resume();
  await server.stop();
}
