/** Sub-buckets of each power of two: a value is known to an eighth. */
const SUB_BITS = 3;
const SUB_BUCKETS = 1 << SUB_BITS;
/** About 134 s; what is longer counts as this. */
const MAX_US = 2 ** 27 - 1;
const BUCKETS = bucketOf(MAX_US) + 1;

/** What a histogram knows, in ms; `undefined` when nothing was recorded. */
export interface LatencySnapshot {
  readonly count: number;
  readonly meanMs: number | undefined;
  readonly p50Ms: number | undefined;
  readonly p90Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly p999Ms: number | undefined;
  readonly maxMs: number | undefined;
}

/**
 * Counts durations in 200 buckets whose width grows with the value: 1 µs up to 16 µs, then an eighth of the power of two
 * below. Memory is fixed, and `record` is a few operations.
 */
export class LatencyHistogram {
  readonly #counts: Float64Array = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #max = 0;

  /** Values recorded. */
  get count(): number {
    return this.#count;
  }

  /** Records a duration in µs; fractions are dropped. */
  record(us: number): void {
    const value = us > 0 ? (us < MAX_US ? us | 0 : MAX_US) : 0;
    this.#counts[bucketOf(value)]! += 1;
    this.#count += 1;
    this.#sum += value;
    if (value > this.#max) this.#max = value;
  }

  /**
   * The duration in µs that `p` percent of the recorded ones do not exceed: the upper end of its bucket, so at most an
   * eighth too long. `undefined` when nothing was recorded.
   */
  percentile(p: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil((p / 100) * this.#count));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= rank) return Math.min(upperEnd(bucket), this.#max);
    }
    return this.#max;
  }

  snapshot(): LatencySnapshot {
    const some = this.#count > 0;
    return {
      count: this.#count,
      meanMs: some ? this.#sum / this.#count / 1000 : undefined,
      p50Ms: toMs(this.percentile(50)),
      p90Ms: toMs(this.percentile(90)),
      p99Ms: toMs(this.percentile(99)),
      p999Ms: toMs(this.percentile(99.9)),
      maxMs: some ? this.#max / 1000 : undefined,
    };
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

function toMs(us: number | undefined): number | undefined {
  return us === undefined ? undefined : us / 1000;
}
