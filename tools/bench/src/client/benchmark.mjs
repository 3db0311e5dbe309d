import { measure } from '../measure.mjs';

const LEAD_MS = 100;
const PASS_MS = 600;
const WARM_UP_MS = 1500;
const WARM_UP_IN_FLIGHT = 50;

/**
 * Compiles every contender's code, one after the other, before any of it counts: cold code is several times slower for its
 * first hundred thousand commands, which one in flight would take seconds to reach.
 *
 * @param {import('./runner.mjs').Runner[]} runners
 */
export async function warmUp(runners, { operations, sizes }) {
  for (const runner of runners) {
    for (const op of operations)
      await runner.pass(
        { op, size: sizes[0], inFlight: WARM_UP_IN_FLIGHT },
        { leadMs: 0, ms: WARM_UP_MS / operations.length },
      );
  }
}

/**
 * One scenario: only one contender has something to do at any time.
 *
 * @param {import('./runner.mjs').Runner[]} runners
 * @param {import('./workload.mjs').Scenario} scenario
 */
export async function benchmark(runners, scenario, rounds) {
  const passes = runners.map((runner) => ({
    id: runner.id,
    pass: () => runner.pass(scenario, { leadMs: LEAD_MS, ms: PASS_MS }),
  }));
  return {
    scenario,
    contenders: runners.map(({ contender: { id, kind } }) => ({ id, kind })),
    rounds: await measure(passes, {
      rounds,
      passes: 1,
      settleMs: 0,
      warmUp: { passes: 1, ms: 0, maxMs: 0 },
      costOf: ({ us }) => us,
    }),
  };
}
