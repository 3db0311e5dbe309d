import { DecodeError } from '@redlane/client/codec';
import type { Counters } from './counters.js';
import { Delivery, type Received, type Settler } from './delivery.js';
import type { ExpiryRenewal } from './expiry-renewal.js';
import type { Intake, Taken } from './intake.js';
import { MessageIterator, SKIPPED } from './message-iterator.js';
import type { Opened, Opener } from './opener.js';
import { deadlineOf, leftOf, type Wait } from './wait-options.js';

/** A message that was taken and read. */
export interface Opening<Incoming> extends Opened<Incoming> {
  readonly taken: Taken;
}

export interface ReceiverParts<Incoming> {
  readonly intake: Intake;
  readonly opener: Opener<Incoming>;
  /** `undefined`: what is received needs no ack. */
  readonly settler: Settler | undefined;
  readonly renewal: ExpiryRenewal | undefined;
  readonly counters: Counters;
  readonly onUndecodable: ((error: DecodeError) => void) | undefined;
}

/** Hands out what comes in: read, checked, and in its order. */
export class Receiver<Incoming, Reliable extends boolean> {
  readonly #parts: ReceiverParts<Incoming>;

  constructor(parts: ReceiverParts<Incoming>) {
    this.#parts = parts;
  }

  async one({ waitMs, signal }: Wait): Promise<Received<Incoming, Reliable> | undefined> {
    const { intake } = this.#parts;
    const deadline = deadlineOf(waitMs);
    for (;;) {
      const [taken] = await intake.take({ max: 1, waitMs: leftOf(waitMs, deadline), signal });
      if (taken === undefined) return undefined;
      const result = this.#open(taken);
      const opening = result instanceof Promise ? await result : result;
      if (opening !== undefined) return this.#received(opening);
    }
  }

  async many(max: number, wait: Wait): Promise<Received<Incoming, Reliable>[]> {
    const openings = await this.open(max, wait);
    return openings.map((opening) => this.#received(opening));
  }

  /** The newest of all, once there is one. The others are gone. */
  async last({ waitMs, signal }: Wait): Promise<Received<Incoming, Reliable> | undefined> {
    const { intake } = this.#parts;
    const [first] = waitMs === 0 ? [] : await intake.take({ max: 1, waitMs, signal });
    if (waitMs > 0 && first === undefined) return undefined;
    const newest = await this.#lastOr(first);
    if (newest === undefined) return undefined;
    if (first !== undefined && newest !== first) await intake.discard(first);
    const opening = await this.#open(newest);
    return opening === undefined ? undefined : this.#received(opening);
  }

  async peek(end: 'oldest' | 'newest'): Promise<Incoming | undefined> {
    const raw = await this.#parts.intake.peek(end);
    return raw === undefined ? undefined : this.#parts.opener.data(raw);
  }

  messages(
    signal: AbortSignal | undefined,
    prefetch: number,
  ): AsyncIterator<Received<Incoming, Reliable>, undefined> &
    AsyncIterableIterator<Received<Incoming, Reliable>> {
    const { intake, onUndecodable } = this.#parts;
    const read = async (taken: Taken): Promise<Received<Incoming, Reliable> | typeof SKIPPED> => {
      try {
        const opening = await this.#open(taken);
        return opening === undefined ? SKIPPED : this.#received(opening);
      } catch (error) {
        if (!(error instanceof DecodeError) || onUndecodable === undefined) throw error;
        onUndecodable(error);
        return SKIPPED;
      }
    };
    return new MessageIterator((ends) => intake.stream({ signal: ends, prefetch }), read, signal);
  }

  /**
   * Up to `max` messages, once the first is there; none: the time is over. When one cannot be read, those before it are
   * given, and the next call throws.
   *
   * @throws DecodeError (`DECODE_FAILED`); the message is a dead letter then
   */
  async open(max: number, { waitMs, signal }: Wait): Promise<Opening<Incoming>[]> {
    const { intake } = this.#parts;
    const deadline = deadlineOf(waitMs);
    for (;;) {
      const taken = await intake.take({ max, waitMs: leftOf(waitMs, deadline), signal });
      if (taken.length === 0) return [];
      const openings: Opening<Incoming>[] = [];
      for (const [i, one] of taken.entries()) {
        try {
          const result = this.#open(one, openings.length > 0);
          const opening = result instanceof Promise ? await result : result;
          if (opening !== undefined) openings.push(opening);
        } catch (error) {
          if (openings.length === 0) intake.putBack(taken.slice(i + 1));
          else intake.putBack(taken.slice(i));
          if (openings.length === 0) throw error;
          return openings;
        }
      }
      if (openings.length > 0) return openings;
    }
  }

  async #lastOr(first: Taken | undefined): Promise<Taken | undefined> {
    const { intake } = this.#parts;
    try {
      return (await intake.takeLast()) ?? first;
    } catch (error) {
      if (first !== undefined) intake.putBack([first]);
      throw error;
    }
  }

  /** `undefined`: its time was over. With `later`, one that cannot be read is left to the next call. */
  #open(taken: Taken, later = false): Opening<Incoming> | undefined | Promise<Opening<Incoming> | undefined> {
    const { opener, renewal } = this.#parts;
    renewal?.touch();
    try {
      const opened = opener.open(taken.raw);
      if (!(opened instanceof Promise)) return this.#opened(opened, taken);
      return opened.then(
        (one) => this.#opened(one, taken),
        (error) => this.#unopened(error, taken, later),
      );
    } catch (error) {
      return this.#unopened(error, taken, later);
    }
  }

  #opened(opened: Opened<Incoming> | undefined, taken: Taken): Opening<Incoming> | Promise<undefined> {
    if (opened !== undefined) return { data: opened.data, header: opened.header, taken };
    this.#parts.counters.expired++;
    return this.#parts.intake.discard(taken).then(() => undefined);
  }

  async #unopened(error: unknown, taken: Taken, later: boolean): Promise<never> {
    const { intake, counters } = this.#parts;
    if (later) throw error;
    if (error instanceof DecodeError) {
      counters.undecodable++;
      await intake.bury(taken, error.message).catch(() => undefined);
    } else {
      // The server's clock could not be asked: the message is as good as before.
      intake.putBack([taken]);
    }
    throw error;
  }

  #received({ data, taken }: Opening<Incoming>): Received<Incoming, Reliable> {
    const { settler } = this.#parts;
    const { seq = 0, deliveries = 1 } = taken;
    const received = settler === undefined ? data : new Delivery(data, { seq, deliveries }, settler);
    return received as Received<Incoming, Reliable>;
  }
}
