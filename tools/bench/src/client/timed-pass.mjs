import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs a load and looks at the counters twice while it is in full flow: neither the start nor the end counts.
 *
 * @param {import('./closed-loop.mjs').Load} load
 * @param {{ leadMs: number, ms: number }} options
 * @returns {Promise<{ ops: number, us: number, cpuUs: number }>} `us` and `cpuUs` per operation, `cpuUs` of all threads of
 *   this process
 */
export async function timedPass(load, { leadMs, ms }) {
  const end = load.run();
  let from;
  let to;
  try {
    await Promise.race([delay(leadMs), end]);
    from = snapshot(load);
    await Promise.race([delay(ms), end]);
    to = snapshot(load);
  } finally {
    load.stop();
  }
  await end;
  const ops = to.done - from.done;
  if (ops === 0) throw new Error(`not one reply in ${ms} ms`);
  return { ops, us: (to.us - from.us) / ops, cpuUs: (to.cpuUs - from.cpuUs) / ops };
}

function snapshot({ done }) {
  const { user, system } = process.cpuUsage();
  return { done, us: performance.now() * 1000, cpuUs: user + system };
}
