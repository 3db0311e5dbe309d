import type { CliOptions } from './cli-options.js';
import { buildPage } from './page/build-page.js';
import { Desk } from './supervisor/desk.js';

/** Slow enough to watch: an order takes three such steps. */
const STEP_MS = [600, 1_800] as const;

/** Opens the desk for browsers, until `signal` is aborted. */
export async function serve(
  { port, driver, redisUrl, losesOne }: CliOptions,
  signal: AbortSignal,
): Promise<void> {
  console.log('\nopening the order desk …');
  const page = await buildPage();
  await using desk = await Desk.open(
    {
      port,
      driver,
      redisUrl,
      stepMs: STEP_MS,
      losesOne,
      page,
      say: (line) => console.log(`  ${clock()}  ${line}`),
    },
    signal,
  );
  console.log(banner(desk, driver));
  await desk.runUntil(signal);
  console.log('\nclosing the order desk …');
}

function banner({ url, redis, roster }: Desk, driver: string): string {
  const { nodes, workers } = roster;
  const ids = (list: readonly { id: string }[]): string => list.map(({ id }) => id).join(', ');
  return `
  The order desk is open:  ${url}

    Redis      ${redis.description}
    web nodes  ${ids(nodes)}, behind this one address
    workers    ${ids(workers)}
    driver     ${driver === 'ioredis' ? 'ioredis, and @redlane/client for cache and lock' : '@redlane/client'}

  Place orders, open it in several tabs, break things by the buttons. Ctrl-C stops and removes everything.
`;
}

function clock(): string {
  return new Date().toTimeString().slice(0, 8);
}
