import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultProxy, ProxiedConnection } from '@redlane/redis-server';
import type { FaultCounts } from './fault-counts.js';
import type { Choice, Planned, ProxyFault } from './schedule.js';

/** However slow the machine is, a fault waits no longer for something to be checked since the last one. */
const MOST_PATIENCE_MS = 5_000;

/** A proxy, and how much its users have done. */
export interface TroubledProxy {
  readonly proxy: FaultProxy;
  readonly checked: number;
}

/** Does to a proxy what is planned for it, as long as `signal` allows. In the end it is as if nothing had been. */
export async function troubleProxy(
  troubled: TroubledProxy,
  plan: readonly Planned<ProxyFault>[],
  counts: FaultCounts,
  signal: AbortSignal,
): Promise<void> {
  const { proxy } = troubled;
  let restMs = 0;
  for (const fault of plan) {
    await pause(fault.atMs - restMs, signal);
    restMs = fault.atMs + fault.forMs;
    await proceeds(troubled, signal);
    if (signal.aborted) break;
    counts.count(fault.kind);
    await inflict(proxy, fault, signal);
  }
  await proxy.restore();
}

async function inflict(proxy: FaultProxy, fault: Planned<ProxyFault>, signal: AbortSignal): Promise<void> {
  switch (fault.kind) {
    case 'cut':
      for (const connection of chosen(proxy, fault.of)) connection.cut(fault.by);
      return;
    case 'cut-after':
      for (const connection of chosen(proxy, fault.of)) connection.set({ cutAfter: fault }, fault.direction);
      return;
    case 'half-open': {
      const connections = chosen(proxy, fault.of);
      for (const connection of connections) connection.set({ stalled: true }, fault.direction);
      await pause(fault.forMs, signal);
      // Most have been given up by now.
      for (const connection of connections) connection.cut('RST');
      return;
    }
    case 'refuse':
      await proxy.refuse(fault.by);
      await pause(fault.forMs, signal);
      await proxy.accept();
      return;
    default:
      proxy.set(fault.faults);
      await pause(fault.forMs, signal);
      proxy.set({});
  }
}

function chosen({ connections }: FaultProxy, { share, from }: Choice): ProxiedConnection[] {
  const count = Math.min(connections.length, Math.max(1, Math.round(share * connections.length)));
  const first = Math.floor(from * connections.length);
  return Array.from(
    { length: count },
    (_, i) => connections[(first + i) % connections.length] as ProxiedConnection,
  );
}

/** Where nothing gets done between two faults, they would show nothing. */
async function proceeds(troubled: TroubledProxy, signal: AbortSignal): Promise<void> {
  const before = troubled.checked;
  const patience = performance.now() + MOST_PATIENCE_MS;
  while (troubled.checked === before && performance.now() < patience && !signal.aborted)
    await pause(20, signal);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, ms), undefined, { signal }).catch(() => undefined);
}
