import { randomUUID } from 'node:crypto';
import type { RedisDriver } from '../driver.js';
import { InvalidOptionError } from '../errors.js';
import { checkOneSlot } from '../on-driver/one-slot.js';
import { bound, integer, oneOf, text } from '../option-checks.js';
import { type ListConsumerKeys, listConsumerKeys } from './keys.js';

export interface ListConsumerOptions<Replies extends 'bytes' | 'string' = 'bytes'> {
  /** Key of the list that is consumed, from its head: senders RPUSH. */
  readonly source: string;
  /**
   * A prefix for the keys of {@link listConsumerKeys}, or their names. All consumers of a source must have the same. In a
   * cluster these and `source` must share a hash tag, as in `{orders}` and `{orders}:work`.
   */
  readonly keys: string | ListConsumerKeys;
  /**
   * Names this consumer. It must differ from those of all others that live. With one that stays the same over restarts, a
   * consumer gets back at once what its predecessor held. @default a random one
   */
  readonly id?: string | undefined;
  /** How many entries an iteration holds at most that are neither acked nor given back, 1 to 10_000. @default 100 */
  readonly prefetch?: number | undefined;
  /** How often a consumer says that it lives, in ms. @default 5_000 */
  readonly heartbeatMs?: number | undefined;
  /**
   * A consumer that has said nothing for so long counts as dead, in ms, and what it held is delivered to others. At least
   * 3_000 and twice `heartbeatMs`; longer than your code ever blocks the event loop. @default 20_000
   */
  readonly deadAfterMs?: number | undefined;
  /** An element that comes back after so many deliveries goes to the dead letters; `Infinity`: never. @default 5 */
  readonly maxDeliveries?: number | undefined;
  /** How many dead letters are kept; the oldest go first. @default Infinity */
  readonly maxDeadLetters?: number | undefined;
  /** Elements as bytes, or as text that is decoded as UTF-8. @default 'bytes' */
  readonly replies?: Replies | undefined;
}

/** What every part of a consumer knows. */
export interface ConsumerContext {
  readonly driver: RedisDriver;
  readonly id: string;
  /** A predecessor may have had the same id. */
  readonly idIsGiven: boolean;
  readonly source: string;
  readonly keys: ListConsumerKeys;
  readonly prefetch: number;
  readonly heartbeatMs: number;
  readonly deadAfterMs: number;
  /** 0: no limit. */
  readonly maxDeliveries: number;
  /** 0: no limit. */
  readonly maxDeadLetters: number;
  readonly replies: 'bytes' | 'string';
}

/** A blocking wait lasts up to a second, and its consumer must not count as dead in it. */
const LEAST_DEAD_AFTER_MS = 3_000;

/** @throws InvalidOptionError */
export function resolveOptions(
  driver: RedisDriver,
  options: ListConsumerOptions<'bytes' | 'string'>,
): ConsumerContext {
  const {
    source,
    keys,
    id = randomUUID(),
    prefetch = 100,
    heartbeatMs = 5_000,
    deadAfterMs = 20_000,
    maxDeliveries = 5,
    maxDeadLetters = Number.POSITIVE_INFINITY,
    replies = 'bytes',
  } = options;
  text(source, 'source');
  text(id, 'id');
  integer(1, 10_000)(prefetch, 'prefetch');
  integer(100, 2 ** 30)(heartbeatMs, 'heartbeatMs');
  integer(LEAST_DEAD_AFTER_MS, 2 ** 31)(deadAfterMs, 'deadAfterMs');
  bound(maxDeliveries, 'maxDeliveries');
  bound(maxDeadLetters, 'maxDeadLetters');
  oneOf('bytes', 'string')(replies, 'replies');
  if (deadAfterMs < 2 * heartbeatMs) {
    throw new InvalidOptionError(
      'deadAfterMs',
      `must be at least twice heartbeatMs (${heartbeatMs}), got ${deadAfterMs}`,
    );
  }
  const names = typeof keys === 'string' ? listConsumerKeys(keys) : keys;
  const { consumers, state, retry, dead } = names;
  checkOneSlot(
    driver,
    [source, consumers, state, retry, dead, names.staging(id), names.work(id), names.acked(id)],
    'source and keys',
  );
  return {
    driver,
    id,
    idIsGiven: options.id !== undefined,
    source,
    keys: names,
    prefetch,
    heartbeatMs,
    deadAfterMs,
    maxDeliveries: limitOf(maxDeliveries),
    maxDeadLetters: limitOf(maxDeadLetters),
    replies,
  };
}

function limitOf(limit: number): number {
  return limit === Number.POSITIVE_INFINITY ? 0 : limit;
}
