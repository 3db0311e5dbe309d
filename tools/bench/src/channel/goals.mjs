import { medianCost, ratio } from '../measure.mjs';

/**
 * What we ask of ourselves: `ours` must be `least` times as good as the best of `peers`.
 *
 * @typedef {{ title: string, job: 'calls' | 'drain' | 'send', cost: string, ours: string, peers: string[], least: number }} Goal
 */

/** @param {import('./contenders.mjs').Contender[]} contenders @returns {Goal[]} */
export function goalsOf(contenders) {
  const of = (...kinds) => contenders.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
  const lists = of('list');
  const peers = of('list', 'jobs');
  const jobs = contenders.filter(({ id }) => id === 'bullmq-50').map(({ id }) => id);
  const goals = [
    { title: 'round trip, p50', job: 'calls', cost: 'p50', ours: 'redlane', peers, least: 1 / 0.85 },
    { title: '`brecvMsg` loop', job: 'drain', cost: 'us', ours: 'redlane', peers: lists, least: 0.9 },
    { title: '`prefetch`', job: 'drain', cost: 'us', ours: 'redlane-prefetch', peers: lists, least: 8 },
    { title: 'reliable', job: 'drain', cost: 'us', ours: 'redlane-reliable', peers: jobs, least: 5 },
    { title: 'sending', job: 'send', cost: 'us', ours: 'redlane', peers, least: 3 },
  ];
  const present = new Set(contenders.map(({ id }) => id));
  return goals.filter((goal) => present.has(goal.ours) && goal.peers.length > 0);
}

/** @param {Goal} goal @param {Record<string, Record<string, any>[]>} results rounds by job */
export function judge(goal, results) {
  const rounds = results[goal.job].map((round) =>
    Object.fromEntries(Object.entries(round).map(([id, result]) => [id, result[goal.cost]])),
  );
  const best = goal.peers.reduce((a, b) => (medianCost(rounds, b) < medianCost(rounds, a) ? b : a));
  const reached = ratio(rounds, goal.ours, best);
  return { best, reached, isMet: reached.median >= goal.least };
}
