import { InvalidOptionError } from './errors.js';
import { type Check, callable, deadline, duration, integer, record } from './option-checks.js';
import { resolve, type Schema } from './schema.js';

/** A connection that was not given back for `leakReportMs`. */
export interface LeakReport {
  /** How long it has been out, in ms. */
  readonly heldMs: number;
  /** Where it was taken. */
  readonly stack: string;
}

/** How a pool deals with its connections. Its durations are in ms. */
export interface PoolSettings {
  /** Connections at most, those being opened or reset included. @default 50 */
  readonly maxConnections: number;
  /** Connections that are kept open when nobody uses them, opened from the start. @default 0 */
  readonly minConnections: number;
  /** How long a caller waits for a connection; 0 or `Infinity`: for ever. @default 5_000 */
  readonly acquireTimeoutMs: number;
  /** Idle connections above `minConnections` are closed after this time; 0 or `Infinity`: never. @default 30_000 */
  readonly idleTimeoutMs: number;
  /**
   * Oldest a connection may get, less up to 10 % at random so that they do not all go at once; one that is in use is closed
   * when it comes back. 0 or `Infinity`: no limit. @default 1_800_000 (30 min)
   */
  readonly maxLifetimeMs: number;
  /** One that has been idle for this long is checked by PING before it is lent; `Infinity`: never. @default 1_000 */
  readonly checkIdleAfterMs: number;
  /** How long a check or a reset may take before the connection is given up; 0 or `Infinity`: for ever. @default 1_000 */
  readonly healthTimeoutMs: number;
  /** Report connections that are held for longer; 0 or `Infinity`: off. Takes a stack at every checkout. @default 0 */
  readonly leakReportMs: number;
  /** Gets the reports, one for each checkout. @default a process warning named `PoolLeakWarning` */
  readonly onLeak: ((report: LeakReport) => void) | undefined;
  /** Source of jitter, from 0 up to 1. @default Math.random */
  readonly random: () => number;
}

const schema: Schema<PoolSettings> = {
  maxConnections: [50, integer(1)],
  minConnections: [0, integer(0)],
  acquireTimeoutMs: [5_000, deadline],
  idleTimeoutMs: [30_000, deadline],
  maxLifetimeMs: [1_800_000, deadline],
  checkIdleAfterMs: [1_000, duration],
  healthTimeoutMs: [1_000, deadline],
  leakReportMs: [Number.POSITIVE_INFINITY, deadline],
  onLeak: [undefined, callable],
  random: [Math.random, callable],
};

/** Every setting with its value; durations that mean "none" become `Infinity`. @throws InvalidOptionError */
export function resolvePoolSettings(given: object, prefix = ''): PoolSettings {
  const settings = resolve(schema, given, prefix);
  if (settings.minConnections > settings.maxConnections) {
    throw new InvalidOptionError(`${prefix}minConnections`, `must not exceed ${prefix}maxConnections`);
  }
  return settings;
}

/** The settings as one option of something else. */
export const poolSettings: Check = (value, option) =>
  resolvePoolSettings(record(value, option) as object, `${option}.`);
