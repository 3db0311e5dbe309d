import type { RedisDriver } from '@redlane/client';
import type { Encoded } from '@redlane/client/codec';
import type { ListConsumerKeys } from '@redlane/client/list-consumer';
import type { Counters } from './counters.js';
import type { Live } from './expired.js';

/** A message as it was taken. Number and count only where it has to be acked. */
export interface Taken {
  readonly raw: Encoded;
  readonly seq?: number;
  readonly deliveries?: number;
}

export interface TakeOptions {
  readonly max: number;
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface StreamOptions {
  readonly signal: AbortSignal;
  readonly prefetch: number;
}

export interface TakenStream {
  /** The next one, when it is here already. */
  shift(): Taken | undefined;
  /** The next one, whenever it comes. `undefined`: it was closed. Rejects with `ABORTED` when the signal says so. */
  next(): Promise<Taken | undefined>;
}

/** What both ways of receiving have to know. */
export interface IntakeContext {
  readonly driver: RedisDriver;
  readonly channel: string;
  readonly list: string;
  readonly keys: ListConsumerKeys;
  readonly replies: 'string' | 'bytes';
  readonly prefetch: number;
  /** Receiving renews the expiry of the list by so much. */
  readonly renewMs: number | undefined;
  readonly counters: Counters;
}

/** A way of receiving: for good, or until it is acked. */
export interface Intake {
  /** Up to `max`, once the first is there; none: the time is over. */
  take(options: TakeOptions): Promise<Taken[]>;
  /** One after the other, some of them fetched ahead, until the signal is aborted. */
  stream(options: StreamOptions): TakenStream;
  /** These are to be taken again before all others. */
  putBack(taken: readonly Taken[]): void;
  /** The newest, or the newest that is live. All others are gone. */
  takeLast(live: Live | undefined): Promise<Taken | undefined>;
  /** Looks at what would come first, or last; with `live`, of those that are. */
  peek(end: 'oldest' | 'newest', live?: Live): Promise<Encoded | undefined>;
  /** One was received whose time was over: removes those behind it that nobody has taken. Gives how many. */
  skipExpired(): Promise<number>;
  /** Nobody is to have it. */
  discard(taken: Taken): Promise<void>;
  /** It becomes a dead letter. */
  bury(taken: Taken, reason: string): Promise<void>;
  /** What was taken and not received is gone. */
  clear(): Promise<void>;
  /** Taken, and not received by anybody. */
  readonly buffered: number;
  /** Turns away who waits, and takes no more. Resolves when nothing is under way. */
  stop(): Promise<void>;
  /** Gives back what was taken and not received. After `stop`. */
  giveBack(): Promise<void>;
}
