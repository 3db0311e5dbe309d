import { markdownTable, short } from '../report.mjs';
import { contenderOf } from './contenders.mjs';
import { SUBJECT } from './verdict.mjs';
import { scenarioTitle } from './workload.mjs';

const METRICS = { ops: 'ops/s', cpu: 'CPU' };

/** Thousand operations per second and µs of CPU per operation, by contender. */
export function costTable(judged) {
  const ids = judged[0].job.contenders.map(({ id }) => id);
  const columns = [['', 'left'], ...ids.map((id) => [contenderOf(id).title, 'right'])];
  const rows = judged.map(({ job, verdict: { costs } }) => [
    scenarioTitle(job.scenario),
    ...ids.map((id) => `${short(1000 / costs.ops[id])} / ${short(costs.cpu[id])}`),
  ]);
  return `**Thousand ops/s / µs of client CPU per op** (medians)\n\n${markdownTable(columns, rows)}`;
}

/** How many times better ours is than everybody else. */
export function ratioTable(judged) {
  const others = judged[0].job.contenders.filter(({ id }) => id !== SUBJECT);
  const columns = [
    ['', 'left'],
    ['best peer', 'right'],
    ...others.map(({ id }) => [contenderOf(id).title, 'right']),
  ];
  const rows = judged.map(({ job, verdict: { ratios, best } }) => {
    const pair = (opsId, cpuId) =>
      opsId === undefined ? '–' : `${short(ratios.ops[opsId].median)} / ${short(ratios.cpu[cpuId].median)}`;
    return [scenarioTitle(job.scenario), pair(best.ops, best.cpu), ...others.map(({ id }) => pair(id, id))];
  });
  return `**redlane: times their ops/s / times less CPU per op** (medians of the rounds' ratios)\n\n${markdownTable(columns, rows)}`;
}

/** One row per goal, with what was reached. */
export function goalTable(judged) {
  const columns = [
    ['', 'left'],
    ['goal', 'left'],
    ['wanted', 'right'],
    ['reached', 'right'],
    ['', 'left'],
  ];
  const rows = judged.flatMap(({ job, verdict: { goals } }) =>
    goals.map((goal) => [
      scenarioTitle(job.scenario),
      `${goal.level}: ${goalTitle(goal)}`,
      wanted(goal),
      short(goal.reached),
      goal.ok ? 'ok' : goal.level === 'floor' ? '**miss**' : 'not yet',
    ]),
  );
  return `**Goals**\n\n${markdownTable(columns, rows)}`;
}

export function missText({ job, goal }) {
  return `${scenarioTitle(job.scenario)}: ${goalTitle(goal)} is ${short(goal.reached)}, the floor is ${wanted(goal)}`;
}

function goalTitle({ metric, against, peer, atMostUs, subject = SUBJECT }) {
  const of = subject === SUBJECT ? '' : `${contenderOf(subject).title}: `;
  if (atMostUs !== undefined) return `${of}${METRICS[metric]}, µs per op`;
  const name = contenderOf(peer).title;
  return `${of}${METRICS[metric]} against ${against === 'best' ? `the best peer (${name})` : name}`;
}

const wanted = ({ ratio, atMostUs }) =>
  atMostUs === undefined ? `≥ ${short(ratio)}` : `≤ ${short(atMostUs)}`;
