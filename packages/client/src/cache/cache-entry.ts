import type { RespValue } from '@redlane/resp3-core';
import type { Flight } from './flight.js';

/** One reply: under way while it has a flight, then kept. It is alive as long as its store finds it. */
export class CacheEntry {
  /** The Redis key. */
  readonly key: string;
  /** What else tells it from the other replies about this key. */
  readonly variant: string;
  flight: Flight | undefined;
  value: RespValue = null;
  /** What it takes up, in bytes; 0 while it is under way. */
  cost = 0;
  /** In ms of `performance.now()`; `Infinity` for never. */
  expiresAt: number = Number.POSITIVE_INFINITY;
  /** Used before it, and after it. */
  older: CacheEntry | undefined;
  newer: CacheEntry | undefined;

  constructor(key: string, variant: string) {
    this.key = key;
    this.variant = variant;
    this.flight = undefined;
    this.older = undefined;
    this.newer = undefined;
  }
}
