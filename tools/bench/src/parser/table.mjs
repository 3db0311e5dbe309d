import { markdownTable, milliseconds } from '../report.mjs';
import { corpora } from './corpora.mjs';

const FORM_TITLES = { object: ', as objects', map: ', as `Map`s' };
const MODE_TITLES = { strings: 'Strings', bytes: 'Bytes' };
const CHUNK_TITLES = { '64k': 'chunks of 64 KiB', odd: 'chunks of odd sizes, 1–16 KiB' };

/** One table for the judged jobs of one mode and chunking. */
export function parserTable(mode, chunks, judged, peerIds) {
  const columns = [
    ['corpus', 'left'],
    ['MB', 'right'],
    ...peerIds.map((id) => [id, 'right']),
    ['redlane', 'right'],
    ['× best peer', 'right'],
    ['floor', 'left'],
    ['', 'left'],
  ];
  const rows = judged.flatMap(({ job, verdicts }) => verdicts.map((verdict) => row(job, verdict, peerIds)));
  return `**${MODE_TITLES[mode]}, ${CHUNK_TITLES[chunks]}** (median ms)\n\n${markdownTable(columns, rows)}`;
}

function row(job, { ours, form, costs, ratios, best, floors }, peerIds) {
  const cost = (id) => (costs[id] === undefined ? '–' : milliseconds(costs[id]));
  return [
    `${job.corpus}: ${corpora[job.corpus].title}${FORM_TITLES[form] ?? ''}`,
    (job.bytes / 1e6).toFixed(1),
    ...peerIds.map(cost),
    cost(ours),
    best === undefined ? '–' : `${ratios[best].median.toFixed(2)}`,
    floors.map(floorText).join(', ') || '–',
    floors.length === 0 ? '' : floors.every(({ ok }) => ok) ? 'ok' : '**miss**',
  ];
}

/** A floor against a named peer says what was reached against that one, which need not be the best. */
function floorText({ against, ratio, reached }) {
  return against === 'best' ? `≥ ${ratio}` : `≥ ${ratio} × ${against} (${reached.toFixed(2)})`;
}
