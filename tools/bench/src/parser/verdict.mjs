import { medianCost, ratio } from '../measure.mjs';
import { floorsFor } from './floors.mjs';

/**
 * What the rounds of one job say about one of our contenders.
 *
 * @returns {{ ours?: string, form?: string, costs: Record<string, number>, ratios: Record<string, { median: number, min: number, max: number }>,
 *   best?: string, floors: { against: string, peer: string, ratio: number, reached: number, ok: boolean }[] }[]}
 *   one entry per form of ours; one without ratios when ours did not run
 */
export function judge({ corpus, mode, chunks, contenders, rounds }) {
  const costs = Object.fromEntries(contenders.map(({ id }) => [id, medianCost(rounds, id)]));
  const peers = contenders.filter(({ ours }) => !ours).map(({ id }) => id);
  const own = contenders.filter(({ ours }) => ours);
  if (own.length === 0) return [{ costs, ratios: {}, floors: [] }];
  return own.map(({ id, form }) => {
    const ratios = Object.fromEntries(peers.map((peer) => [peer, ratio(rounds, id, peer)]));
    const best = peers.reduce((a, b) => (ratios[b].median < ratios[a].median ? b : a));
    const floors = floorsFor(corpus, mode, chunks)
      .map((floor) => ({ ...floor, peer: floor.against === 'best' ? best : floor.against }))
      // A peer that cannot decode the corpus sets no floor on it.
      .filter(({ peer }) => peers.includes(peer))
      .map((floor) => ({
        ...floor,
        reached: ratios[floor.peer].median,
        ok: ratios[floor.peer].median >= floor.ratio,
      }));
    return { ours: id, form, costs, ratios, best, floors };
  });
}
