import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.js';
import type { ChannelLimits } from './channel-ends.js';

export interface InspectorOptions extends ChannelLimits {
  readonly url: string;
  readonly json: boolean;
  /** Seconds between two looks; `undefined`: one look is enough. */
  readonly everySeconds: number | undefined;
}

export const usage = `Shows what redlane's packages have in a Redis server: channels, SSE channels, subscriptions, receivers.
It changes nothing.

  pnpm inspect [options]

  --url <url>        redis:// or rediss:// (default: REDIS_URL, or redis://127.0.0.1:6379)
  --prefix <prefix>  only channels below it, as /orders/ (default: /)
  --messages <n>     pending messages to show of each receiver, 0 to 100 (default: 3)
  --watch            look again and again; Ctrl-C ends
  --every <seconds>  how often to look with --watch (default: 2)
  --json             JSON, with --watch one line a look; for a pipe: pnpm --silent inspect --json
  --help

A user of the server that has these rights is enough:
  +@read +@connection +time +eval +evalsha +pubsub ~* resetchannels
`;

const HIGHEST = { messages: 100, every: 3_600 } as const;

/** @returns `help` when that is asked for. @throws UsageError */
export function readOptions(
  args: readonly string[],
  { REDIS_URL }: NodeJS.ProcessEnv,
): InspectorOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  if (values.every !== undefined && !values.watch) throw new UsageError('--every needs --watch');
  return {
    url: checkUrl(values.url ?? (REDIS_URL || 'redis://127.0.0.1:6379')),
    prefix: checkPrefix(values.prefix ?? '/'),
    messages: number('--messages', values.messages ?? '3', { least: 0, most: HIGHEST.messages, whole: true }),
    json: values.json ?? false,
    everySeconds: values.watch
      ? number('--every', values.every ?? '2', { least: 0.1, most: HIGHEST.every, whole: false })
      : undefined,
  };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      // pnpm passes on the -- that npm needs.
      args: args[0] === '--' ? args.slice(1) : [...args],
      options: {
        url: { type: 'string' },
        prefix: { type: 'string' },
        messages: { type: 'string' },
        watch: { type: 'boolean' },
        every: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function checkUrl(url: string): string {
  if (URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol)) return url;
  throw new UsageError('the address of the server must look like redis://127.0.0.1:6379');
}

function checkPrefix(prefix: string): string {
  if (prefix.startsWith('/') && prefix.endsWith('/')) return prefix;
  throw new UsageError('--prefix must begin and end with "/", as in /orders/');
}

function number(
  option: string,
  text: string,
  { least, most, whole }: { least: number; most: number; whole: boolean },
): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  throw new UsageError(`${option} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
}
