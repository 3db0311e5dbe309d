import { AbortError, ConnectError, PoolError, type PoolErrorCode, type PoolFigures } from './errors.js';
import type { SlotCounts } from './pool-metrics.js';

/** A connection was given to a pool that did not lend it, or twice (`POOL_MISUSE`). Nothing has changed. */
export class PoolMisuseError extends TypeError {
  override readonly name: string = 'PoolMisuseError';
  readonly code = 'POOL_MISUSE';
}

/** A `PoolError` with the pool's figures of this moment. */
export function poolError(
  code: PoolErrorCode,
  counts: SlotCounts,
  rest: { readonly maxConnections: number; readonly waiting: number; readonly timeoutMs?: number },
): PoolError {
  const { inUse, connecting, longestHeldMs, holderStack } = counts;
  return new PoolError(code, {
    size: rest.maxConnections,
    inUse,
    connecting,
    waiting: rest.waiting,
    longestHeldMs,
    ...(holderStack === undefined ? {} : { holderStack }),
    ...(rest.timeoutMs === undefined ? {} : { timeoutMs: rest.timeoutMs }),
  });
}

/** A `POOL_TIMEOUT` of the last of several attempts as that of all of them, which took `timeoutMs`; other errors as they are. */
export function timedOutInAll(error: unknown, timeoutMs: number, cause: unknown): unknown {
  if (!(error instanceof PoolError) || error.code !== 'POOL_TIMEOUT') return error;
  const figures: PoolFigures = error;
  return new PoolError('POOL_TIMEOUT', { ...figures, timeoutMs, cause });
}

export function acquireAborted(signal: AbortSignal): AbortError {
  return new AbortError('waitForConnection', {
    maybeExecuted: false,
    phase: 'connecting',
    cause: signal.reason,
  });
}

/** The client's own errors as they are; whatever else a custom `spawnConnection` throws as `CONNECT_FAILED`. */
export function asConnectError(cause: unknown): Error {
  if (cause instanceof Error && 'maybeExecuted' in cause) return cause;
  const problem = cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : '';
  return new ConnectError('CONNECT_FAILED', {
    address: "the pool's server",
    problem: `spawnConnection failed${problem}`,
    retryable: true,
    cause,
  });
}
