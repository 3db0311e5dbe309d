import { parseArgs } from 'node:util';
import type { DriverName } from './desk-config.js';
import { UsageError } from './usage-error.js';

export interface CliOptions {
  readonly mode: 'serve' | 'check' | 'help';
  readonly port: number;
  readonly driver: DriverName;
  readonly redisUrl: string | undefined;
  /** Of the check. */
  readonly orders: number;
  readonly losesOne: boolean;
}

/** Variables that the desk heeds; a variable that is empty counts as unset. */
export interface Environment {
  readonly PORT?: string | undefined;
  readonly REDIS_URL?: string | undefined;
  /** 1: a worker acks a job without doing it, which the check has to notice. */
  readonly REDLANE_DEMO_LOSE?: string | undefined;
}

export const help = `The order desk: web nodes and workers on one Redis, and buttons that break things.

  npm start                      opens it on http://127.0.0.1:4000
  npm start -- --check           does the same without a browser: orders, faults, a report; exits 0 when nothing was
                                 lost or duplicated

  --orders <number>              how many orders the check places; default 500
  --driver redlane|ioredis       what carries channels, announcements and events; default redlane
  --help                         this text

  PORT=4001 npm start            another port; default 4000, for the check a free one
  REDIS_URL=redis://… npm start  your server instead of one of its own; what is written there is removed at the end
`;

const DEFAULT_PORT = 4_000;
const DEFAULT_ORDERS = 500;

/** @throws UsageError */
export function parseCli(
  args: readonly string[],
  { PORT, REDIS_URL, REDLANE_DEMO_LOSE }: Environment,
): CliOptions {
  const { check, driver, orders, help: wantsHelp } = parse(args);
  const mode = wantsHelp ? 'help' : check ? 'check' : 'serve';
  if (orders !== undefined && mode === 'serve')
    throw new UsageError('--orders is for the check: --check --orders 60');
  const defaultPort = mode === 'check' ? 0 : DEFAULT_PORT;
  return {
    mode,
    port: isUnset(PORT) ? defaultPort : wholeNumber(PORT, 'PORT', 0, 65_535),
    driver: driverName(driver),
    redisUrl: isUnset(REDIS_URL) ? undefined : redisUrl(REDIS_URL),
    orders: orders === undefined ? DEFAULT_ORDERS : wholeNumber(orders, '--orders', 20, 10_000),
    losesOne: REDLANE_DEMO_LOSE === '1',
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        check: { type: 'boolean', default: false },
        driver: { type: 'string', default: 'redlane' },
        orders: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ');
    throw new UsageError(`${sentence}; see --help`, { cause: error });
  }
}

function driverName(text: string): DriverName {
  if (text === 'redlane' || text === 'ioredis') return text;
  throw new UsageError(`--driver should be redlane or ioredis, not "${text}"`);
}

function isUnset(value: string | undefined): value is undefined | '' {
  return value === undefined || value === '';
}

function wholeNumber(text: string, name: string, from: number, to: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new UsageError(`${name} should be a whole number from ${from} to ${to}, not "${text}"`);
}

function redisUrl(text: string): string {
  if (/^rediss?:\/\//.test(text) && URL.canParse(text)) return text;
  // It may have a password in it: the text itself is not shown.
  throw new UsageError(
    'REDIS_URL should look like redis://127.0.0.1:6379 or rediss://user:password@host:6380',
  );
}
