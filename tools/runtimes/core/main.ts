import { Bed, type Check, type Checks, type CoreServers } from './bed.js';
import { channel } from './channel.js';
import { commands } from './commands.js';
import { connections } from './connections.js';
import { driver } from './driver.js';
import { protocol } from './protocol.js';
import { pubsub } from './pubsub.js';
import { sse } from './sse.js';
import { vlcp } from './vlcp.js';

const AREAS: Readonly<Record<string, Checks>> = {
  'resp3-core': protocol,
  'client: commands': commands,
  'client: connections': connections,
  'client: driver': driver,
  channel,
  'pubsub-manager': pubsub,
  'sse-persistence': sse,
  'vlcp-compat': vlcp,
};
const DEADLINE_MS = 20_000;

/** One line of JSON for each check, then the process must end by itself. */
async function main(): Promise<void> {
  const { REDLANE_CORE: given = '{}' } = process.env;
  const servers = JSON.parse(given) as CoreServers;
  for (const [area, checks] of Object.entries(AREAS)) {
    for (const [name, check] of Object.entries(checks)) {
      console.log(JSON.stringify({ area, name, ...(await outcomeOf(check, new Bed(servers))) }));
    }
  }
}

async function outcomeOf(check: Check, bed: Bed): Promise<{ skipped?: string; error?: string }> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  try {
    const skipped = await Promise.race([check(bed), late]);
    return typeof skipped === 'string' ? { skipped } : {};
  } catch (error) {
    return { error: error instanceof Error ? `${error.stack ?? error.message}` : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
