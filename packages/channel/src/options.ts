import { InvalidOptionError } from '@redlane/client';
import type { Codec, DecodeError, StandardSchema } from '@redlane/client/codec';
import {
  checkBound,
  checkFlag,
  checkFunction,
  checkInteger,
  checkOneOf,
  checkOptions,
  checkWord,
  shown,
} from './checks.js';

/** What happens to a message for which the list has no room. */
export type Overflow = 'reject' | 'dropOldest' | 'wait';

export interface ChannelOptions<Incoming, Outgoing, Reliable extends boolean> {
  /** How messages are written and read. A Python peer needs JSON. @default json() of `@redlane/client/codec` */
  readonly codec?: Codec<Outgoing, Incoming> | undefined;
  /** Checks, and may transform, what is received: any Standard Schema (zod, valibot, ArkType, …). */
  readonly incoming?: StandardSchema<unknown, Incoming> | undefined;
  /** Checks what is sent, which is sent as it is. */
  readonly outgoing?: StandardSchema<Outgoing> | undefined;

  /**
   * The list that is sent to expires so long after the last send, in ms. `null`: a send takes away what expiry another
   * sender has set. @default undefined, which leaves it alone
   */
  readonly expireMs?: number | null | undefined;
  /** Receiving, too, puts off the expiry of the list that is received from, by `expireMs`. @default false */
  readonly refreshOnReceive?: boolean | undefined;
  /** How many messages the list that is sent to may hold. @default Infinity */
  readonly maxLength?: number | undefined;
  /**
   * Beyond that: `reject` (`CHANNEL_FULL`), `dropOldest`, or `wait` until there is room. Nobody tells a waiting sender of
   * room, so it looks again after 1 to 100 ms. @default 'reject'
   */
  readonly overflow?: Overflow | undefined;
  /**
   * Send messages in an envelope, and read them from one: needed, at both ends, for `request`, `serve`, `ttlMs` and the age
   * of the oldest. A Python peer cannot read an envelope; ours reads messages without one all the same. @default false
   */
  readonly envelope?: boolean | undefined;

  /**
   * Messages stay in Redis until they are acked, and come back when their receiver dies: every receive gives a `Delivery`.
   * Senders need not know. All receivers of one end should be reliable, or none. @default false
   */
  readonly reliable?: Reliable | undefined;
  /**
   * How many messages `messages()` holds ahead. Without `reliable` a crash loses them; with it, they come back.
   * @default 0, or 100 when reliable
   */
  readonly prefetch?: number | undefined;
  /** Reliable: names this receiver, so that it gets back at once what it held before a restart. @default a random one */
  readonly consumerId?: string | undefined;
  /** Reliable: how often this receiver says that it lives, in ms. @default 5_000 */
  readonly heartbeatMs?: number | undefined;
  /** Reliable: a receiver that was silent for so long is dead, and what it held is delivered to others, in ms. @default 20_000 */
  readonly deadAfterMs?: number | undefined;
  /** Reliable: a message that comes back after so many deliveries becomes a dead letter; `Infinity`: never. @default 5 */
  readonly maxDeliveries?: number | undefined;
  /** How many dead letters are kept; the oldest go first. @default 1_000 */
  readonly maxDeadLetters?: number | undefined;

  /**
   * `messages()` calls it for each message that cannot be decoded, and goes on. Without it `messages()` throws the error.
   * The message is a dead letter in both cases.
   */
  readonly onUndecodable?: ((error: DecodeError) => void) | undefined;
  /** Take the channel's name as it is, whatever it looks like. @default false */
  readonly unsafeName?: boolean | undefined;
  /**
   * In a cluster, put the name into a hash tag (`/{a/b}`), so that all keys of the channel are in one slot. False: the names
   * are those of everywhere else, and each direction has a slot of its own. @default true
   */
  readonly hashTag?: boolean | undefined;
}

/** The options that concern all channels alike, with their values. */
export interface ChannelSettings {
  readonly expireMs: number | null | undefined;
  readonly refreshOnReceive: boolean;
  readonly maxLength: number;
  readonly overflow: Overflow;
  readonly envelope: boolean;
  readonly reliable: boolean;
  readonly prefetch: number;
  readonly maxDeadLetters: number;
  readonly unsafeName: boolean;
  readonly hashTag: boolean;
}

/** Redis would take a longer one, and Python's reader of expiries does not. */
const LONGEST_EXPIRY_MS = 2 ** 50;
const MOST_PREFETCH = 10_000;

/** @throws InvalidOptionError (`INVALID_OPTION`) */
export function resolveOptions<Incoming, Outgoing, Reliable extends boolean>(
  options: ChannelOptions<Incoming, Outgoing, Reliable>,
): ChannelSettings {
  checkOptions(options, 'options');
  const reliable: boolean = options.reliable ?? false;
  const {
    expireMs,
    refreshOnReceive = false,
    maxLength = Number.POSITIVE_INFINITY,
    overflow = 'reject',
    envelope = false,
    prefetch = reliable ? 100 : 0,
    maxDeadLetters = 1_000,
    unsafeName = false,
    hashTag = true,
  } = options;
  checkFlag(reliable, 'reliable');
  checkFlag(refreshOnReceive, 'refreshOnReceive');
  checkFlag(envelope, 'envelope');
  checkFlag(unsafeName, 'unsafeName');
  checkFlag(hashTag, 'hashTag');
  checkOneOf(overflow, 'overflow', ['reject', 'dropOldest', 'wait']);
  checkBound(maxLength, 'maxLength');
  checkBound(maxDeadLetters, 'maxDeadLetters');
  checkInteger(prefetch, 'prefetch', reliable ? 1 : 0, MOST_PREFETCH);
  // The others are checked where they are used.
  if (options.consumerId !== undefined) checkWord(options.consumerId, 'consumerId');
  if (options.onUndecodable !== undefined) checkFunction(options.onUndecodable, 'onUndecodable');
  if (refreshOnReceive && typeof expireMs !== 'number') {
    throw new InvalidOptionError('refreshOnReceive', 'needs expireMs');
  }
  return {
    expireMs: expireMs === undefined || expireMs === null ? expireMs : wholeExpiry(expireMs),
    refreshOnReceive,
    maxLength,
    overflow,
    envelope,
    reliable,
    prefetch,
    maxDeadLetters,
    unsafeName,
    hashTag,
  };
}

function wholeExpiry(expireMs: unknown): number {
  if (typeof expireMs === 'number' && expireMs > 0 && expireMs <= LONGEST_EXPIRY_MS)
    return Math.ceil(expireMs);
  throw new InvalidOptionError(
    'expireMs',
    `must be a number of ms from more than 0 (which would delete what was sent) to 2 ** 50, or null for none, got ${shown(expireMs)}`,
  );
}
