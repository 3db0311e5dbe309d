/** A listener's figures at one moment. */
export interface ListenerStats {
  /** Messages that came for it. */
  readonly received: number;
  /** Calls that began. */
  readonly delivered: number;
  /** Messages that could not be decoded, and calls that threw or rejected. */
  readonly failed: number;
  /** Messages thrown away since it did not keep up. */
  readonly dropped: number;
  /** Messages that wait now. */
  readonly waiting: number;
  /** Calls whose promises have not settled. */
  readonly running: number;
}
