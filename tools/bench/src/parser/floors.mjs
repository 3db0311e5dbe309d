/**
 * What our decoder must reach: times as fast as a peer, medians of ratios, in chunks of 64 KiB. `best` is the fastest peer
 * of the same run.
 */
const STRINGS = {
  a: 5,
  b: 1,
  c: 2.5,
  c40: 1.2,
  c200: 1,
  c1k: 1,
  d: 1,
  e: 1.6,
  f: 3,
  g: 1.5,
  h: 3,
  i: 1.3,
  i2: 1,
  j: 0.9,
  k: 1.1,
};
const BYTES_BEST = { f: 1.8, h: 2.8 };
const BYTES = [
  { against: 'redis-parser', ratio: 1 },
  { against: '@redis/client', ratio: 1.2 },
];

/** @returns {{ against: string, ratio: number }[]} */
export function floorsFor(corpus, mode, chunks) {
  if (chunks !== '64k') return [];
  const best = (mode === 'strings' ? STRINGS : BYTES_BEST)[corpus];
  if (best !== undefined) return [{ against: 'best', ratio: best }];
  return mode === 'bytes' ? BYTES : [];
}
