/** Sub-buckets of each power of two: a value is known to an eighth. */
const SUB_BITS = 3;
const SUB_BUCKETS = 1 << SUB_BITS;
/** About 134 s; what is longer counts as this. */
const MAX_US = 2 ** 27 - 1;
const BUCKETS = bucketOf(MAX_US) + 1;
/** Percentiles are those of the current window and the one before: of the last 10 to 20 s. */
const WINDOW_MS = 10_000;

/**
 * Counts durations of the recent past in 200 buckets whose width grows with the value: 1 µs up to 16 µs, then an eighth of
 * the power of two below. Memory is fixed, and `record` is a few operations.
 */
export class LatencyHistogram {
  #counts: Float64Array = new Float64Array(BUCKETS);
  #before: Float64Array = new Float64Array(BUCKETS);
  #windowEnd: number = performance.now() + WINDOW_MS;
  #count = 0;

  /** Values recorded since the beginning. */
  get count(): number {
    return this.#count;
  }

  /** Records a duration in µs; fractions are dropped. */
  record(us: number): void {
    const value = us > 0 ? (us < MAX_US ? us | 0 : MAX_US) : 0;
    this.#counts[bucketOf(value)]! += 1;
    this.#count += 1;
  }

  /** What is recorded from now on is of this time, in ms of `performance.now()`. */
  turn(now: number): void {
    if (now < this.#windowEnd) return;
    const spare = this.#before;
    this.#before = this.#counts;
    this.#counts = spare.fill(0);
    if (now >= this.#windowEnd + WINDOW_MS) this.#before.fill(0);
    this.#windowEnd = now + WINDOW_MS;
  }

  /**
   * The duration in ms that `p` percent of the recent ones do not exceed: the upper end of its bucket, so at most an eighth
   * too long. `undefined` when there were none.
   */
  percentileMs(p: number, now: number = performance.now()): number | undefined {
    this.turn(now);
    let total = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) total += this.#at(bucket);
    if (total === 0) return undefined;
    const rank = Math.max(1, Math.ceil((p / 100) * total));
    let bucket = 0;
    for (let seen = this.#at(0); seen < rank; seen += this.#at(bucket)) bucket++;
    return upperEnd(bucket) / 1000;
  }

  #at(bucket: number): number {
    return this.#counts[bucket]! + this.#before[bucket]!;
  }
}

function bucketOf(us: number): number {
  if (us < SUB_BUCKETS) return us;
  const shift = 31 - Math.clz32(us) - SUB_BITS;
  return (shift << SUB_BITS) + (us >>> shift);
}

/** The longest duration that falls into a bucket. */
function upperEnd(bucket: number): number {
  if (bucket < 2 * SUB_BUCKETS) return bucket;
  const shift = (bucket >>> SUB_BITS) - 1;
  return (((bucket & (SUB_BUCKETS - 1)) + SUB_BUCKETS + 1) << shift) - 1;
}
