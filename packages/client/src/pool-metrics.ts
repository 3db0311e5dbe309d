import type { PooledConnection } from './pool-options.js';
import type { PoolSlot, SlotState } from './pool-slot.js';

/** The pool at one moment, and what it has counted since it was made. */
export interface PoolMetrics {
  /** Connections that count against `maxConnections`: the next five together. */
  readonly size: number;
  readonly idle: number;
  readonly inUse: number;
  readonly connecting: number;
  readonly checking: number;
  readonly resetting: number;
  /** Callers that wait for a connection. */
  readonly waiting: number;
  /** How long the longest current holder has had its connection, ms; undefined when none is out. */
  readonly longestHeldMs: number | undefined;
  /** Connections opened. */
  readonly created: number;
  /** Connections closed, by the pool or from outside. */
  readonly destroyed: number;
  readonly dialFailures: number;
  /** Callers whose wait ended with `POOL_TIMEOUT`. */
  readonly timeouts: number;
  /** How long the last 256 callers that got a connection had waited, ms. */
  readonly waitMs: WaitPercentiles;
}

export interface WaitPercentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface SlotCounts extends Record<Exclude<SlotState, 'created' | 'closed'>, number> {
  size: number;
  longestHeldMs: number | undefined;
  /** Where the longest holder took its connection, when stacks are kept. */
  holderStack: string | undefined;
}

export function countSlots<C extends PooledConnection>(slots: ReadonlySet<PoolSlot<C>>): SlotCounts {
  const counts = { size: slots.size, idle: 0, inUse: 0, connecting: 0, checking: 0, resetting: 0 };
  let oldest: PoolSlot<C> | undefined;
  for (const slot of slots) {
    const { state } = slot;
    if (state === 'created' || state === 'closed') continue;
    counts[state]++;
    if (state === 'inUse' && (oldest === undefined || slot.heldSince < oldest.heldSince)) oldest = slot;
  }
  return {
    ...counts,
    longestHeldMs: oldest === undefined ? undefined : performance.now() - oldest.heldSince,
    holderStack: oldest?.holder?.stack,
  };
}
