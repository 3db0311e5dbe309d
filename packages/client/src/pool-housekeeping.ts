import type { PoolMembers } from './pool-members.js';
import type { PooledConnection, ResolvedPoolOptions } from './pool-options.js';
import type { PoolSlot } from './pool-slot.js';

/** What has to be done now, and when to look again. */
export interface Chores<C extends PooledConnection> {
  /** Idle ones that are too old, or idle for too long and more than `minConnections`. */
  readonly evict: readonly PoolSlot<C>[];
  /** Held for `leakReportMs`, and not reported yet. */
  readonly leaked: readonly PoolSlot<C>[];
  /** By `performance.now()`; Infinity when nothing will ever be due as things are. */
  readonly due: number;
}

export function chores<C extends PooledConnection>(
  members: PoolMembers<C>,
  { minConnections, idleTimeoutMs, leakReportMs }: ResolvedPoolOptions<C>,
  now: number,
): Chores<C> {
  const tooOld = members.idle.filter((slot) => slot.expiresAt <= now);
  const evict = [...tooOld];
  let spare = members.size - tooOld.length - minConnections;
  let due = Number.POSITIVE_INFINITY;
  for (const slot of members.idle) {
    if (slot.expiresAt <= now) continue;
    const idleUntil = slot.idleSince + idleTimeoutMs;
    if (spare > 0 && idleUntil <= now) evict.push(slot);
    else due = Math.min(due, slot.expiresAt, spare > 0 ? idleUntil : Number.POSITIVE_INFINITY);
    spare--;
  }
  const leaked: PoolSlot<C>[] = [];
  for (const slot of members.slots) {
    if (slot.state !== 'inUse' || slot.leakReported) continue;
    const reportAt = slot.heldSince + leakReportMs;
    if (reportAt <= now) leaked.push(slot);
    else due = Math.min(due, reportAt);
  }
  return { evict, leaked, due };
}
