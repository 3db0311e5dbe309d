import { parseArgs } from 'node:util';
import { DEFECTS, type Defect } from './defects.js';
import { DRIVERS, type DriverName } from './way.js';

/** How long, with which faults, and what. */
export interface SoakOptions {
  readonly durationMs: number;
  readonly seed: number;
  readonly driver: DriverName;
  /** Names of scenarios; all when there are none. */
  readonly only: readonly string[];
  readonly defects: ReadonlySet<Defect>;
}

/** A command line that makes no sense. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
  readonly code = 'USAGE';
}

export const USAGE = `npm run test:soak -- [options]
  --minutes N, --seconds N   how long; 3 minutes by default
  --seed S                   the faults of an earlier run again
  --driver ${DRIVERS.join('|')}    what packages stand on; redlane by default
  --only SCENARIO            may be repeated`;

const DEFAULT_MS = 180_000;

/** @throws UsageError (`USAGE`) */
export function parseSoakOptions(
  args: readonly string[],
  scenarios: readonly string[],
): SoakOptions & { readonly results: string | undefined } {
  const given = read(args);
  const durationMs =
    number('seconds', given.seconds, 1_000) ?? number('minutes', given.minutes, 60_000) ?? DEFAULT_MS;
  if (durationMs < 1_000) throw new UsageError('a run takes a second at least');
  const seed = number('seed', given.seed, 1) ?? Math.floor(Math.random() * 2 ** 32);
  const { driver = 'redlane', only = [], defect = [], results } = given;
  const defects = defect.flatMap((words) => words.split(','));
  return {
    durationMs,
    seed,
    driver: oneOf('driver', driver, DRIVERS),
    only: only.map((name) => oneOf('only', name, scenarios)),
    defects: new Set(defects.map((name) => oneOf('defect', name, DEFECTS))),
    results,
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string' },
        seconds: { type: 'string' },
        seed: { type: 'string' },
        driver: { type: 'string' },
        only: { type: 'string', multiple: true },
        // For the tests of the soak itself: what is to be broken, and a file for the counts.
        defect: { type: 'string', multiple: true },
        results: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function number(name: string, text: string | undefined, unit: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value * unit;
  throw new UsageError(`--${name} must be a number, not ${JSON.stringify(text)}`);
}

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  if ((choices as readonly string[]).includes(value)) return value as T;
  throw new UsageError(`--${name} must be one of ${choices.join(', ')}, not ${JSON.stringify(value)}`);
}
