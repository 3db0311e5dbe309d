import type { CommandArgument } from '@redlane/resp3-core';
import type { DriverScanOptions } from '../driver.js';
import { AbortError, ConnectionLostError, TimeoutError } from '../errors.js';
import { unlessAborted } from '../unless-aborted.js';
import { within } from '../within.js';
import { Call, type CallSpec } from './call.js';
import { replyOf } from './outcomes.js';
import type { Router, ScanTarget } from './router.js';

const COUNT = 500;
const READING = { bytes: false, resp3: false };

/** How long one step may take. */
type Limits = Pick<CallSpec, 'signal' | 'timeoutMs' | 'diagnose'>;

/** The keys of all masters, each once. */
export async function* scanMasters(
  router: Router,
  options: DriverScanOptions,
  limits: Limits,
): AsyncGenerator<string, void, undefined> {
  const seen = new Set<string>();
  const done = new Set<string>();
  // Nodes may come meanwhile, with slots of others.
  const unscanned = async (): Promise<ScanTarget | undefined> => {
    const targets = await targetsOf(router, limits);
    return targets.find(({ key }) => !done.has(key));
  };
  for (let next = await unscanned(); next !== undefined; next = await unscanned()) {
    done.add(next.key);
    for await (const keys of pages(router, next, options, limits)) {
      for (const key of keys) {
        if (seen.has(key)) continue;
        seen.add(key);
        yield key;
      }
    }
  }
}

/** Which servers there are, as soon as that is known. @throws AbortError, TimeoutError */
async function targetsOf(router: Router, { signal, timeoutMs }: Limits): Promise<readonly ScanTarget[]> {
  const targets = router.scanTargets();
  const delivery = { maybeExecuted: false, phase: 'connecting' } as const;
  try {
    const known = within(targets, timeoutMs);
    if (await (signal === undefined ? known : unlessAborted(known, signal))) return await targets;
  } catch (error) {
    throw signal?.aborted ? new AbortError('SCAN', { ...delivery, cause: signal.reason }) : error;
  }
  throw new TimeoutError('SCAN', { ...delivery, timeoutMs, cause: router.problem });
}

/**
 * The keys of one server. A cursor means nothing to another one: when the connection was replaced, and with it perhaps the
 * server, all begins anew.
 */
async function* pages(
  router: Router,
  { key, node }: ScanTarget,
  { match, type, count = COUNT }: DriverScanOptions,
  limits: Limits,
): AsyncGenerator<readonly string[], void, undefined> {
  const filter: CommandArgument[] = ['COUNT', count];
  if (match !== undefined) filter.push('MATCH', match);
  if (type !== undefined) filter.push('TYPE', type);
  let cursor = '0';
  let server: object | undefined;
  for (;;) {
    const command: readonly CommandArgument[] = ['SCAN', cursor, ...filter];
    const spec: CallSpec = { kind: 'single', commands: [command], node, ...limits };
    let raw: unknown;
    let asked: Call | undefined;
    try {
      [raw] = await Call.exchange(spec, (call) => {
        asked = call;
        router.submit(call);
      });
    } catch (error) {
      // Others have its slots now.
      if (error instanceof ConnectionLostError && !router.isCurrent(key)) return;
      throw error;
    }
    const servedBy = asked?.servedBy;
    if (cursor !== '0' && servedBy !== server) {
      cursor = '0';
      continue;
    }
    server = servedBy;
    const [after, keys] = replyOf(command, raw, READING) as [string, string[]];
    yield keys;
    if (after === '0') return;
    cursor = after;
  }
}
