/**
 * Interleaved measurement. On a noisy machine only contenders that ran side by side can be compared, so a round runs all of
 * them, and what counts is the ratio within a round, not the time.
 *
 * @typedef {object} Contender
 * @property {string} id
 * @property {() => unknown} pass one run of the workload; returns what it cost, lower is better, or resolves to that
 */

/**
 * @param {Contender[]} contenders
 * @param {object} [options]
 * @param {number} [options.rounds]
 * @param {number} [options.passes] per contender and round; the cheapest counts
 * @param {number} [options.settleMs] uncounted passes before those, for at least so long: `between` may have cost a contender
 *   its optimised code, which in life happens far less often than here
 * @param {{ passes?: number, ms?: number, maxMs?: number }} [options.warmUp] per contender: at least `passes` and `ms`, then
 *   until it no longer gets faster, at most `maxMs`
 * @param {() => void} [options.between] runs before every contender's turn (a garbage collection, say)
 * @param {(result: any) => number} [options.costOf] when a pass returns more than its cost: which part of it that is
 * @returns {Promise<Record<string, any>[]>} one record a round: by contender, what the cheapest pass returned
 */
export async function measure(
  contenders,
  { rounds = 7, passes = 5, settleMs = 100, warmUp = {}, between = () => {}, costOf = (cost) => cost } = {},
) {
  await warm(contenders, warmUp, between, costOf);
  const results = [];
  for (let round = 0; round < rounds; round++) {
    const best = {};
    for (const { id, pass } of rotate(contenders, round)) {
      between();
      await settle(pass, settleMs);
      for (let i = 0; i < passes; i++) {
        const result = await pass();
        if (best[id] === undefined || costOf(result) < costOf(best[id])) best[id] = result;
      }
    }
    results.push(best);
  }
  return results;
}

async function settle(pass, ms) {
  const end = performance.now() + ms;
  while (performance.now() < end) await pass();
}

/** Warms all contenders in turns, as they will run later: shared code then sees everybody's types from the start. */
async function warm(contenders, { passes = 5, ms = 1000, maxMs = 4000 }, between, costOf) {
  const states = contenders.map((contender) => ({ contender, costs: [], spentMs: 0 }));
  const isWarm = ({ costs, spentMs }) =>
    costs.length >= passes && spentMs >= ms && (spentMs >= maxMs || !isGettingFaster(costs));
  while (!states.every(isWarm)) {
    for (const state of states) {
      between();
      const start = performance.now();
      state.costs.push(costOf(await state.contender.pass()));
      state.spentMs += performance.now() - start;
    }
  }
}

function isGettingFaster(costs) {
  const latest = Math.min(...costs.slice(-3));
  const before = Math.min(...costs.slice(0, -3));
  return latest < before * 0.97;
}

function rotate(values, by) {
  const offset = by % values.length;
  return [...values.slice(offset), ...values.slice(0, offset)];
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median cost of one contender. */
export function medianCost(rounds, id) {
  return median(rounds.map((round) => round[id]));
}

/** How many times cheaper `subject` is than `peer`: the median of the rounds' ratios, and their range. */
export function ratio(rounds, subject, peer) {
  const values = rounds.map((round) => round[peer] / round[subject]);
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}
