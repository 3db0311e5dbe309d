import type { RedisDriver } from '../driver.js';
import { InvalidOptionError } from '../errors.js';
import { checkOneSlot } from '../on-driver/one-slot.js';
import { bound, duration, flag, integer, oneOf, record } from '../option-checks.js';
import { type StreamLogKeys, streamLogKeys } from './keys.js';

export interface HistoryOptions {
  /** How many entries are kept in the stream. @default 1_000 */
  readonly size?: number | undefined;
  /** For how long entries are kept, in ms: older ones go with the next append. @default 86_400_000 (a day) */
  readonly ageMs?: number | undefined;
  /** Keep exactly `size`, rather than some more, which is cheaper. @default false */
  readonly exact?: boolean | undefined;
}

export interface InboxOptions {
  /** How many entries are kept for one target. @default 100 */
  readonly size?: number | undefined;
  /** How many targets are remembered; readers that come back for others with an old cursor get a reset. @default 10_000 */
  readonly targets?: number | undefined;
}

export interface RingOptions {
  /** How many of the newest entries a process keeps, so that resuming among them costs Redis nothing. @default 256 */
  readonly size?: number | undefined;
  /** Bound of their bytes. @default 1_048_576 (1 MiB) */
  readonly bytes?: number | undefined;
}

export interface StreamLogOptions<Replies extends 'bytes' | 'string' = 'bytes'> {
  /**
   * A prefix for the keys of {@link streamLogKeys}, or their names. In a cluster they must share a hash tag, as all with
   * the prefix `log:{news}` do.
   */
  readonly keys: string | StreamLogKeys;
  /** What is kept for readers that come back. */
  readonly history?: HistoryOptions | undefined;
  /** What is kept for single targets; an inbox goes `history.ageMs` after its last entry. */
  readonly inbox?: InboxOptions | undefined;
  /** How long a log without appends is remembered, in ms; at least `history.ageMs`. @default 2_592_000_000 (30 days) */
  readonly metaTtlMs?: number | undefined;
  /** How long an idempotency key holds, in ms. @default 300_000 */
  readonly idempotencyTtlMs?: number | undefined;
  /** How readers are woken up: over a channel, or a shard channel (Redis 7; then `topic` needs the hash tag, too). @default 'channel' */
  readonly publish?: 'channel' | 'shard' | undefined;
  readonly ring?: RingOptions | undefined;
  /** How many entries are read at once, 1 to 1_000. @default 100 */
  readonly pageSize?: number | undefined;
  /** A quiet log is compared with Redis so often, in ms, and up to a fifth later. @default 25_000 */
  readonly checkMs?: number | undefined;
  /** How long a process goes on to follow a log that nobody reads any more, in ms. @default 30_000 */
  readonly lingerMs?: number | undefined;
  /** Values as bytes, or as text that is decoded as UTF-8. @default 'bytes' */
  readonly replies?: Replies | undefined;
}

/** What every part of a log knows. */
export interface LogContext {
  readonly driver: RedisDriver;
  readonly keys: StreamLogKeys;
  readonly size: number;
  readonly exact: boolean;
  /** 0: no limit. */
  readonly ageMs: number;
  /** Of stream and inboxes. */
  readonly ttlMs: number;
  readonly inboxSize: number;
  readonly targets: number;
  readonly metaTtlMs: number;
  readonly idempotencyTtlMs: number;
  readonly publish: 'channel' | 'shard';
  readonly ringSize: number;
  readonly ringBytes: number;
  readonly pageSize: number;
  readonly checkMs: number;
  readonly lingerMs: number;
  readonly replies: 'bytes' | 'string';
}

const DAY_MS = 86_400_000;

/** @throws InvalidOptionError */
export function resolveOptions(
  driver: RedisDriver,
  options: StreamLogOptions<'bytes' | 'string'>,
): LogContext {
  const { keys, history = {}, inbox = {}, ring = {} } = options;
  for (const [name, group] of Object.entries({ history, inbox, ring })) record(group, name);
  const { size = 1_000, ageMs = DAY_MS, exact = false } = history;
  const { metaTtlMs = 30 * DAY_MS, idempotencyTtlMs = 300_000, publish = 'channel' } = options;
  const { pageSize = 100, checkMs = 25_000, lingerMs = 30_000, replies = 'bytes' } = options;
  const { size: inboxSize = 100, targets = 10_000 } = inbox;
  const { size: ringSize = 256, bytes: ringBytes = 1_048_576 } = ring;
  integer(1)(size, 'history.size');
  bound(ageMs, 'history.ageMs');
  flag(exact, 'history.exact');
  integer(1)(inboxSize, 'inbox.size');
  integer(1)(targets, 'inbox.targets');
  integer(0, 65_536)(ringSize, 'ring.size');
  integer(0)(ringBytes, 'ring.bytes');
  integer(1_000)(metaTtlMs, 'metaTtlMs');
  integer(1)(idempotencyTtlMs, 'idempotencyTtlMs');
  oneOf('channel', 'shard')(publish, 'publish');
  integer(1, 1_000)(pageSize, 'pageSize');
  integer(100, 2 ** 30)(checkMs, 'checkMs');
  duration(lingerMs, 'lingerMs');
  oneOf('bytes', 'string')(replies, 'replies');
  if (Number.isFinite(ageMs) && metaTtlMs < ageMs) {
    throw new InvalidOptionError(
      'metaTtlMs',
      `must be at least history.ageMs (${ageMs}), or what is kept cannot be continued from; got ${metaTtlMs}`,
    );
  }
  const names = typeof keys === 'string' ? streamLogKeys(keys) : keys;
  const { meta, log, inboxes, topic } = names;
  const together = [meta, log, inboxes, names.inbox(''), names.once('')];
  checkOneSlot(driver, publish === 'shard' ? [...together, topic] : together, 'keys');
  return {
    driver,
    keys: names,
    size,
    exact,
    ageMs: Number.isFinite(ageMs) ? ageMs : 0,
    ttlMs: Number.isFinite(ageMs) ? ageMs : metaTtlMs,
    inboxSize,
    targets,
    metaTtlMs,
    idempotencyTtlMs,
    publish,
    ringSize,
    ringBytes,
    pageSize,
    checkMs,
    lingerMs,
    replies,
  };
}
