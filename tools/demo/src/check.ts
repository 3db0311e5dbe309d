import { setMaxListeners } from 'node:events';
import { problems, reportLines } from './check/report.js';
import { runCheck } from './check/run-check.js';
import type { CliOptions } from './cli-options.js';
import { buildPage } from './page/build-page.js';
import { Desk } from './supervisor/desk.js';

/** Quick, and long enough for orders to be in flight when something breaks. */
const STEP_MS = [20, 80] as const;
/** Whatever happens: a check that has not ended by then never will. */
const MOST_MS = 180_000;

/** The desk without a browser. Tells whether nothing was lost or duplicated. */
export async function check(
  { port, driver, redisUrl, orders, losesOne }: CliOptions,
  interrupt: AbortSignal,
): Promise<boolean> {
  const startedAt = performance.now();
  const say = (line: string): void => {
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    console.log(`  ${seconds.padStart(5)} s  ${line}`);
  };
  console.log(`\nchecking the order desk: ${orders} orders over ${driver}, with faults`);
  const signal = AbortSignal.any([interrupt, AbortSignal.timeout(MOST_MS)]);
  const page = await buildPage();
  await using desk = await Desk.open(
    { port, driver, redisUrl, stepMs: STEP_MS, losesOne, page, say },
    signal,
  );
  say(`open: ${desk.redis.description}`);
  const failing = new AbortController();
  void desk.runUntil(signal).catch((error) => failing.abort(error));
  const ending = AbortSignal.any([signal, failing.signal]);
  // Each customer's request listens to it.
  setMaxListeners(0, ending);
  const result = await runCheck(desk, { orders, signal: ending, say });
  const wrong = problems(result);
  console.log(`\n${reportLines(result).join('\n')}`);
  console.log(
    wrong.length === 0 ? '\nok: nothing was lost, nothing was duplicated' : `\nFAILED: ${wrong.join('; ')}`,
  );
  return wrong.length === 0;
}
