import type { RedisDriver } from '@redlane/client';
import type { Bed, Topology } from './bed.js';
import type { MadeDriver, Wishes } from './driver-maker.js';
import type { FeatureName } from './support.js';

/** What the tests of one driver share. */
export interface Context {
  readonly topology: Topology;
  /** Groups the tests of a feature; they run where the support table says that they do. */
  readonly feature: (name: FeatureName, tests: () => void) => void;
  /** The servers, from `beforeAll` on. */
  readonly bed: () => Bed;
  /** The driver of tests that do it no harm. */
  readonly driver: () => RedisDriver;
  /** A driver for this test alone; it is closed afterwards. */
  readonly fresh: (wishes?: Partial<Wishes>) => Promise<RedisDriver>;
  /** The same, with what was passed in. */
  readonly make: (wishes?: Partial<Wishes>) => Promise<MadeDriver>;
}

/** Keys of one slot, and channels. */
export function key(name: string): string {
  return `{conformance}:${name}`;
}
