import { medianCost, ratio } from '../measure.mjs';
import { markdownTable, short } from '../report.mjs';

/** What a job's rounds say: a cell for each contender, and how ours stands to the best of the others. */
export function judge({ rounds, listeners = 1 }, contenders) {
  const taken = field(rounds, 'us');
  const cpu = field(rounds, 'cpuUs');
  const cells = contenders.map(({ id }) => {
    const perMessage = medianCost(cpu, id);
    const perCall = listeners === 1 ? '' : ` / ${short(perMessage / listeners)}`;
    return `${short(1000 / medianCost(taken, id))} / ${short(perMessage)}${perCall}`;
  });
  const peers = contenders.filter(({ kind }) => kind === 'peer');
  if (peers.length === 0 || peers.length === contenders.length) return { cells };
  const bestBy = (costs) =>
    peers.reduce((a, b) => (medianCost(costs, b.id) < medianCost(costs, a.id) ? b : a));
  const best = bestBy(taken);
  const thriftiest = bestBy(cpu);
  return {
    cells,
    best: best.title,
    reached: ratio(taken, 'redlane', best.id).median,
    thriftiest: thriftiest.title,
    saved: ratio(cpu, 'redlane', thriftiest.id).median,
    cpuUs: medianCost(cpu, 'redlane'),
  };
}

/** `judged` are jobs with their verdicts. */
export function verdictTable(judged, contenders, titleOf) {
  const isCompared = judged[0].best !== undefined;
  const columns = [
    'scenario',
    ...contenders.map(({ title }) => title),
    ...(isCompared ? ['× best rate', '× best CPU'] : []),
  ];
  return markdownTable(
    columns.map((title, i) => [title, i === 0 ? 'left' : 'right']),
    judged.map((job) => [
      titleOf(job),
      ...job.cells,
      ...(isCompared
        ? [`${short(job.reached)} (${job.best})`, `${short(job.saved)} (${job.thriftiest})`]
        : []),
    ]),
  );
}

function field(rounds, name) {
  return rounds.map((round) =>
    Object.fromEntries(Object.entries(round).map(([id, result]) => [id, result[name]])),
  );
}
