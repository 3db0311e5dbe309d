import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCounts } from './fault-counts.js';
import { type TroubledProxy, troubleProxy } from './proxy-faults.js';
import { RESERVE, type Schedule } from './schedule.js';
import { type TroubledServer, troubleServer } from './server-faults.js';

const REPORT_EVERY_MS = 15_000;

/** What faults come over. */
export interface Faulty extends TroubledServer {
  readonly stages: readonly (TroubledProxy & { readonly name: string })[];
  readonly plan: Schedule;
  readonly counts: FaultCounts;
}

/** Inflicts what is planned as long as `work` lasts. */
export async function underFaults(faulty: Faulty, work: () => Promise<void>): Promise<void> {
  const { stages, plan, counts } = faulty;
  const over = new AbortController();
  // One for each proxy and more.
  setMaxListeners(0, over.signal);
  await Promise.all([
    ...stages.map((stage) => troubleProxy(stage, plan.proxies[stage.name] ?? [], counts, over.signal)),
    troubleServer(faulty, plan.server, counts, over.signal),
    work().finally(() => over.abort()),
  ]);
}

/** Resolves when the time is over; on a slow machine later, when it has been enough. */
export async function duration(
  { durationMs, isEnough }: { readonly durationMs: number; isEnough(): boolean },
  report: (seconds: number) => void,
): Promise<void> {
  const start = performance.now();
  let reportAt = REPORT_EVERY_MS;
  for (;;) {
    await sleep(100);
    const passed = performance.now() - start;
    if (passed > durationMs && (isEnough() || passed > RESERVE * durationMs)) return;
    if (passed < reportAt) continue;
    reportAt += REPORT_EVERY_MS;
    report(Math.round(passed / 1_000));
  }
}
