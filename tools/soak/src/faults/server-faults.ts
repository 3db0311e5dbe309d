import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '@redlane/client';
import type { RedisServer } from '@redlane/redis-server';
import type { FaultCounts } from './fault-counts.js';
import type { Planned, ServerFault } from './schedule.js';

/** The server behind all proxies. */
export interface TroubledServer {
  readonly server: RedisServer;
  /** A connection to it that is not killed. */
  readonly direct: RedisClient;
  /** Told of each process that the server has run in. */
  onProcess(pid: number): void;
}

/** Does to the server what is planned for it, as long as `signal` allows. In the end it runs. */
export async function troubleServer(
  troubled: TroubledServer,
  plan: readonly Planned<ServerFault>[],
  counts: FaultCounts,
  signal: AbortSignal,
): Promise<void> {
  const start = performance.now();
  for (const fault of plan) {
    await pause(start + fault.atMs - performance.now(), signal);
    if (signal.aborted) return;
    counts.count(fault.kind);
    await inflict(troubled, fault, signal);
  }
}

async function inflict(
  { server, direct, onProcess }: TroubledServer,
  fault: Planned<ServerFault>,
  signal: AbortSignal,
): Promise<void> {
  if (fault.kind === 'client-kill') {
    await killClients(direct, fault.share, fault.from);
  } else if (fault.kind === 'pause') {
    server.pause();
    await pause(fault.forMs, signal);
    server.resume();
  } else {
    await server.restart(fault.signal);
    if (server.pid !== undefined) onProcess(server.pid);
  }
}

/** Those that came through a proxy; the oracles' own connections come over the unix socket. */
async function killClients(direct: RedisClient, share: number, from: number): Promise<void> {
  const list = await direct.call<string>('CLIENT', 'LIST');
  const ids = [...list.matchAll(/^id=(\d+) addr=127/gm)].map(([, id = '']) => id);
  const first = Math.floor(from * ids.length);
  const chosen = [...ids, ...ids].slice(first, first + Math.round(share * ids.length));
  // One or the other may have gone by itself.
  await Promise.allSettled(chosen.map((id) => direct.call('CLIENT', 'KILL', 'ID', id)));
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, ms), undefined, { signal }).catch(() => undefined);
}
