import { setTimeout as delay } from 'node:timers/promises';
import type { Desk } from '../supervisor/desk.js';
import { faultKinds, notOurs } from '../supervisor/faults.js';
import type { FaultResult } from './report.js';
import type { Watcher } from './watcher.js';

const LOOK_EVERY_MS = 20;
const OFFLINE_MS = 1_000;

interface Planned {
  readonly kind: string;
  inflict(): Promise<string>;
}

export interface PlanOptions {
  readonly orders: number;
  /** Who goes offline. */
  readonly offline: Watcher;
  readonly signal: AbortSignal;
  /** Called when only one fault is left. */
  readonly beforeLast: () => void;
}

/** Each kind of fault, one after the other, spread over the run: each when a further part of the orders is finished. */
export async function* inflictAll(
  desk: Desk,
  { orders, offline, signal, beforeLast }: PlanOptions,
): AsyncGenerator<FaultResult> {
  const plan = planFor(desk, offline);
  for (const [i, { kind, inflict }] of plan.entries()) {
    const from = Math.floor((orders * (i + 0.5)) / (plan.length + 0.5));
    if (i === plan.length - 1) beforeLast();
    let inFlight = 0;
    for (;;) {
      const { placed, finished } = await desk.totals();
      inFlight = placed - finished;
      if (finished >= from && inFlight > 0) break;
      if (finished >= orders) break;
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
    yield { kind, text: await inflict(), inFlight };
  }
  if (desk.redis.restart === undefined) {
    yield { kind: 'restart-redis', text: notOurs, inFlight: undefined };
  }
}

function planFor(desk: Desk, offline: Watcher): Planned[] {
  const faults = faultKinds
    .filter((kind) => kind !== 'restart-redis' || desk.redis.restart !== undefined)
    .map((kind) => ({ kind, inflict: async () => (await desk.inflict(kind)).text }));
  const goOffline = {
    kind: 'go-offline',
    inflict: async () => {
      offline.goOffline(OFFLINE_MS);
      return `a listener was away for ${OFFLINE_MS} ms`;
    },
  };
  return [...faults.slice(0, 2), goOffline, ...faults.slice(2)];
}
