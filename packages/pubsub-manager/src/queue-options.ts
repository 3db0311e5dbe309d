import { bound, oneOf } from './option-checks.js';

/** What waits for a listener, and what becomes of more. */
export interface QueueOptions {
  /** How many messages may wait. @default 1_000 */
  readonly limit?: number | undefined;
  /**
   * - `dropOldest`: the new message takes the place of the oldest.
   * - `dropNewest`: the new message is thrown away.
   * - `pause`: the listener's connection is not read until half of what waits has been taken. Such a listener has a
   *   connection of its own, so that it holds up nobody else. The server closes it when its own buffer for it
   *   overflows, and that is a gap.
   * - `error`: the listener is unregistered, with a `LISTENER_OVERFLOW` at `error`.
   *
   * What is thrown away is reported as a gap when there is room again. A listener with `replay` never loses anything
   * here: it reads no further.
   * @default 'dropOldest'
   */
  readonly policy?: QueuePolicy | undefined;
  /**
   * How many calls whose promises have not settled a listener may have. One more message waits for the first to settle.
   * @default 1 for sync listeners, 1_000 for async ones
   */
  readonly concurrency?: number | undefined;
}

export type QueuePolicy = 'dropOldest' | 'dropNewest' | 'pause' | 'error';

const POLICIES: readonly QueuePolicy[] = ['dropOldest', 'dropNewest', 'pause', 'error'];

/** Whether a listener's promise is waited for before it gets its next message. */
export type ListenerKind = 'sync' | 'async';

export interface ResolvedQueue {
  readonly limit: number;
  readonly policy: QueuePolicy;
  readonly concurrency: number;
}

/** @throws InvalidOptionError naming the option */
export function resolveQueue(options: QueueOptions | undefined, kind: ListenerKind): ResolvedQueue {
  const { limit = 1_000, policy = 'dropOldest', concurrency = kind === 'sync' ? 1 : 1_000 } = options ?? {};
  return {
    limit: bound(limit, 'queue.limit'),
    policy: oneOf(POLICIES, policy, 'queue.policy'),
    concurrency: bound(concurrency, 'queue.concurrency'),
  };
}
