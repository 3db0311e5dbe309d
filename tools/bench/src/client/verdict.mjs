import { medianCost, ratio } from '../measure.mjs';
import { goalsFor } from './goals.mjs';

const COSTS = { ops: 'us', cpu: 'cpuUs' };
export const SUBJECT = 'redlane';

/**
 * What the rounds of one scenario say.
 *
 * @returns {{ costs: Record<'ops' | 'cpu', Record<string, number>>,
 *   ratios?: Record<'ops' | 'cpu', Record<string, { median: number, min: number, max: number }>>,
 *   best?: Record<'ops' | 'cpu', string | undefined>, goals: JudgedGoal[] }} costs in µs per operation, medians; ratios of ours to
 *   the others, higher is better; none when ours did not run
 *
 * @typedef {import('./goals.mjs').Goal & { peer?: string, reached: number, ok: boolean }} JudgedGoal
 */
export function judge({ scenario, contenders, rounds }) {
  const ids = contenders.map(({ id }) => id);
  const metrics = { ops: costsOf(rounds, COSTS.ops), cpu: costsOf(rounds, COSTS.cpu) };
  const eachMetric = (map) => ({ ops: map(metrics.ops, 'ops'), cpu: map(metrics.cpu, 'cpu') });

  const costs = eachMetric((of) => Object.fromEntries(ids.map((id) => [id, medianCost(of, id)])));
  if (!ids.includes(SUBJECT)) return { costs, goals: [] };

  const others = ids.filter((id) => id !== SUBJECT);
  const ratios = eachMetric((of) => Object.fromEntries(others.map((id) => [id, ratio(of, SUBJECT, id)])));
  const peers = contenders.filter(({ kind }) => kind === 'peer').map(({ id }) => id);
  const best = eachMetric((_, metric) => lowest(peers, (id) => ratios[metric][id].median));

  const goals = goalsFor(scenario)
    .map((goal) => ({ ...goal, peer: goal.against === 'best' ? best[goal.metric] : goal.against }))
    // One who did not run sets no goal.
    .filter(
      ({ peer, subject = SUBJECT, atMostUs }) =>
        ids.includes(subject) && (atMostUs !== undefined || ids.includes(peer)),
    )
    .map((goal) => ({ ...goal, ...reach(goal, metrics, costs) }));
  return { costs, ratios, best, goals };
}

/** The rounds with one number each, as `ratio` and `medianCost` want them. */
function costsOf(rounds, field) {
  return rounds.map((round) =>
    Object.fromEntries(Object.entries(round).map(([id, result]) => [id, result[field]])),
  );
}

function lowest(ids, scoreOf) {
  return ids.length === 0 ? undefined : ids.reduce((a, b) => (scoreOf(b) < scoreOf(a) ? b : a));
}

function reach({ metric, peer, ratio: wanted, atMostUs, subject = SUBJECT }, metrics, costs) {
  if (atMostUs !== undefined) {
    const reached = costs[metric][subject];
    return { reached, ok: reached <= atMostUs };
  }
  const reached = ratio(metrics[metric], subject, peer).median;
  return { reached, ok: reached >= wanted };
}
