import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Desk } from '../supervisor/desk.js';
import { Customers } from './customers.js';
import { inflictAll } from './fault-plan.js';
import type { CheckResult, FaultResult } from './report.js';
import { settled } from './settled.js';
import { Watcher } from './watcher.js';

const WATCHERS = 4;
const ANNOUNCEMENTS = 10;
/** Longer than it takes until what a killed worker held is given to others. */
const QUIET_MS = 10_000;
const LATE_MS = 500;
const SAY_EVERY_MS = 2_000;

export interface CheckOptions {
  readonly orders: number;
  readonly signal: AbortSignal;
  /** Told of what happens on the way. */
  readonly say: (line: string) => void;
}

/** Orders, listeners and faults at the same time; then waits until nothing changes any more. */
export async function runCheck(desk: Desk, options: CheckOptions): Promise<CheckResult> {
  const finishedAt = new Map<string, number>();
  const watchers = Array.from(
    { length: WATCHERS },
    (_, i) => new Watcher(desk.url, `check-${i + 1}`, (id) => finishedAt.set(id, performance.now())),
  );
  try {
    await Promise.race([Promise.all(watchers.map(({ opened }) => opened)), aborted(options.signal)]);
    return await withWatchers(desk, watchers, finishedAt, options);
  } finally {
    for (const watcher of watchers) watcher.stop();
  }
}

/** Rejects with the signal's reason. */
async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

async function withWatchers(
  desk: Desk,
  watchers: readonly Watcher[],
  finishedAt: ReadonlyMap<string, number>,
  { orders, signal, say }: CheckOptions,
): Promise<CheckResult> {
  const startedAt = performance.now();
  const customers = new Customers(desk.url, orders, signal);
  const ids = (): string[] => customers.placed.map(({ id }) => id);
  const texts = Array.from({ length: ANNOUNCEMENTS }, (_, i) => `announcement ${i + 1}`);
  const missing = (): number => watchers.reduce((sum, { tally }) => sum + tally.missing(ids()), 0);
  const misheard = ({ announcements }: Watcher): number =>
    texts.filter((text) => announcements.get(text) !== 1).length;

  const faults: FaultResult[] = [];
  const inflicting = async (): Promise<void> => {
    const offline = watchers[1] as Watcher;
    const beforeLast = () => customers.release();
    for await (const fault of inflictAll(desk, { orders, offline, signal, beforeLast })) faults.push(fault);
  };
  const announcing = async (): Promise<void> => {
    for (const [i, text] of texts.entries()) {
      while (customers.placed.length < (orders * i) / texts.length) await delay(20, undefined, { signal });
      await customers.ask('/api/announcements', { topic: 'kitchen', text });
    }
  };
  const telling = setInterval(() => {
    say(`${customers.placed.length} of ${orders} placed, ${finishedAt.size} seen finished`);
  }, SAY_EVERY_MS);
  try {
    await Promise.all([customers.placeAll(), announcing(), inflicting()]);
    await settled(
      async () => {
        const totals = await desk.totals();
        const left = totals.lost + missing() + watchers.reduce((sum, watcher) => sum + misheard(watcher), 0);
        return { isDone: left === 0, state: `${JSON.stringify(totals)} ${left}` };
      },
      { quietMs: QUIET_MS, signal },
    );
    // Who was killed has to come back, also when the others could do without.
    await desk.fleet.up(signal);
    // What comes twice may come late.
    await delay(LATE_MS, undefined, { signal });
  } finally {
    clearInterval(telling);
  }
  return {
    wanted: orders,
    placed: customers.placed,
    retries: customers.retries,
    totals: await desk.totals(),
    announcements: texts.length,
    watchers: watchers.map((watcher) => ({
      missing: watcher.tally.missing(ids()),
      repeated: watcher.tally.repeated,
      returns: watcher.returns,
      resets: watcher.resets,
      misheard: misheard(watcher),
    })),
    faults,
    durationMs: Math.max(startedAt, ...finishedAt.values()) - startedAt,
    finishedAfterMs: customers.placed.flatMap(({ id, askedAt }) => {
      const at = finishedAt.get(id);
      return at === undefined ? [] : [at - askedAt];
    }),
  };
}
