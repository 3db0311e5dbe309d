import type { RedisClient } from '@redlane/client';
import type { FaultProxy } from '@redlane/redis-server';
import type { Tamper } from './defects.js';
import type { Way } from './way.js';

/** What a scenario works with. */
export interface SoakContext {
  /** Of this scenario alone. */
  readonly random: () => number;
  /** The way to the server that is troubled. */
  readonly proxy: FaultProxy;
  /** Goes past the proxy, over the server's own socket: only a restart or a pause of the server disturbs it. */
  readonly direct: RedisClient;
  /** What comes from a package passes here, so that tests can spoil it. */
  readonly tamper: Tamper;
  /** How long to wait for what has to come in the end, in ms; slow machines are slow. */
  readonly patienceMs: number;
  /** A connection through the proxy, over the driver of this run. */
  open(): Way;
  /** Something is not as promised. */
  problem(text: string): void;
  /** An error that faults explain is counted, and any other is a problem. */
  failed(error: unknown, ...alsoExpected: readonly string[]): void;
}

/** What a scenario has seen, by name. */
export type Findings = Readonly<Record<string, number>>;

/** A scenario that is under way. */
export interface RunningScenario {
  /** How much has been checked so far; it must grow. */
  progress(): number;
  /** Called when there are no faults any more: waits until all has come to rest, looks at it as a whole, and closes all. */
  stop(): Promise<Findings>;
}

/** One package at work, with an oracle that keeps no more than it needs: the run's heap is measured. */
export interface Scenario {
  readonly name: string;
  start(context: SoakContext): Promise<RunningScenario>;
}
