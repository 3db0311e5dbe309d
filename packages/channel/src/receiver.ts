import { DecodeError } from '@redlane/client/codec';
import type { Counters } from './counters.js';
import { HeldDelivery, type Received, type Settler } from './delivery.js';
import type { ExpiryRenewal } from './expiry-renewal.js';
import { InFlight } from './in-flight.js';
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

/** How long `close()` waits for what is being read, in ms. */
const READ_MS = 5_000;
const NONE: readonly Taken[] = [];

/** Hands out what comes in: read, checked, and in its order. */
export class Receiver<Incoming, Reliable extends boolean> {
  readonly #parts: ReceiverParts<Incoming>;
  /** Receives: one that has taken a message has it in its hands. */
  readonly #inFlight: InFlight = new InFlight();

  constructor(parts: ReceiverParts<Incoming>) {
    this.#parts = parts;
  }

  async one({ waitMs, signal }: Wait): Promise<Received<Incoming, Reliable> | undefined> {
    const { intake, opener } = this.#parts;
    const deadline = deadlineOf(waitMs);
    this.#inFlight.begin();
    try {
      for (let leftMs = waitMs; ; leftMs = leftOf(waitMs, deadline)) {
        opener.prepare();
        const [taken] = await intake.take({ max: 1, waitMs: leftMs, signal });
        if (taken === undefined) return undefined;
        const result = this.#open(taken);
        const opening = result instanceof Promise ? await result : result;
        if (opening !== undefined) return this.#received(opening);
        await this.#skipExpired();
      }
    } finally {
      this.#inFlight.end();
    }
  }

  async many(max: number, wait: Wait): Promise<Received<Incoming, Reliable>[]> {
    const openings = await this.open(max, wait);
    return openings.map((opening) => this.#received(opening));
  }

  /** The newest of all whose time is not over, once there is one. The others are gone. */
  async last({ waitMs, signal }: Wait): Promise<Received<Incoming, Reliable> | undefined> {
    const { intake, opener } = this.#parts;
    const deadline = deadlineOf(waitMs);
    this.#inFlight.begin();
    try {
      for (let leftMs = waitMs; ; leftMs = leftOf(waitMs, deadline)) {
        opener.prepare();
        const [first] = waitMs === 0 ? [] : await intake.take({ max: 1, waitMs: leftMs, signal });
        if (waitMs > 0 && first === undefined) return undefined;
        const newest = await this.#lastOr(first);
        if (newest === undefined) return undefined;
        if (first !== undefined && newest !== first) await intake.discard(first);
        const opening = await this.#open(newest);
        if (opening !== undefined) return this.#received(opening);
      }
    } finally {
      this.#inFlight.end();
    }
  }

  /** Of those whose time is not over. */
  async peek(end: 'oldest' | 'newest'): Promise<Incoming | undefined> {
    const { intake, opener } = this.#parts;
    const raw = await intake.peek(end, await opener.live());
    return raw === undefined ? undefined : opener.data(raw);
  }

  messages(
    signal: AbortSignal | undefined,
    prefetch: number,
  ): AsyncIterator<Received<Incoming, Reliable>, undefined> &
    AsyncIterableIterator<Received<Incoming, Reliable>> {
    const { intake, opener, onUndecodable } = this.#parts;
    const skip = async (): Promise<typeof SKIPPED> => {
      await this.#skipExpired();
      return SKIPPED;
    };
    const later = async (
      opening: Promise<Opening<Incoming> | undefined>,
    ): Promise<Received<Incoming, Reliable> | typeof SKIPPED> => {
      try {
        const opened = await opening;
        return opened === undefined ? await skip() : this.#received(opened);
      } catch (error) {
        if (!(error instanceof DecodeError) || onUndecodable === undefined) throw error;
        onUndecodable(error);
        return SKIPPED;
      }
    };
    return new MessageIterator<Received<Incoming, Reliable>>(
      {
        open: (ends) => {
          const stream = intake.stream({ signal: ends, prefetch });
          const next = (): Promise<Taken | undefined> => {
            opener.prepare();
            return stream.next();
          };
          return { shift: stream.shift, next };
        },
        read: (taken) => {
          const opening = this.#open(taken);
          if (opening instanceof Promise) return later(opening);
          return opening === undefined ? skip() : this.#received(opening);
        },
      },
      this.#inFlight,
      signal,
    );
  }

  /**
   * Up to `max` messages, once the first is there; none: the time is over. When one cannot be read, those before it are
   * given, and the next call throws.
   *
   * @throws DecodeError (`DECODE_FAILED`); the message is a dead letter then
   */
  async open(max: number, { waitMs, signal }: Wait): Promise<Opening<Incoming>[]> {
    const { intake, opener } = this.#parts;
    const deadline = deadlineOf(waitMs);
    this.#inFlight.begin();
    try {
      for (let leftMs = waitMs; ; leftMs = leftOf(waitMs, deadline)) {
        opener.prepare();
        const taken = await intake.take({ max, waitMs: leftMs, signal });
        if (taken.length === 0) return [];
        const openings: Opening<Incoming>[] = [];
        for (const [i, one] of taken.entries()) {
          try {
            const result = this.#open(one, taken, i + 1, openings.length > 0);
            const opening = result instanceof Promise ? await result : result;
            if (opening !== undefined) openings.push(opening);
          } catch (error) {
            if (openings.length === 0) throw error;
            return openings;
          }
        }
        if (openings.length > 0) return openings;
        await this.#skipExpired();
      }
    } finally {
      this.#inFlight.end();
    }
  }

  /** Removes what is here and nobody has received. */
  clear(): Promise<void> {
    return this.#parts.intake.clear();
  }

  /**
   * Turns away who waits, lets what is being read come to its end, for some seconds at most, and gives back what nobody has
   * received.
   */
  async close(): Promise<void> {
    const { intake } = this.#parts;
    const [stopped] = await Promise.allSettled([intake.stop()]);
    await this.#inFlight.settled(READ_MS);
    await intake.giveBack();
    if (stopped.status === 'rejected') throw stopped.reason;
  }

  async #lastOr(first: Taken | undefined): Promise<Taken | undefined> {
    const { intake, opener } = this.#parts;
    try {
      return (await intake.takeLast(await opener.live())) ?? first;
    } catch (error) {
      if (first !== undefined) intake.putBack([first]);
      throw error;
    }
  }

  /** After one whose time was over: those behind it, which would each take a round trip. */
  async #skipExpired(): Promise<void> {
    const { intake, counters } = this.#parts;
    // Where it is not allowed, they go one by one.
    counters.expired += await intake.skipExpired().catch(() => 0);
  }

  /**
   * `undefined`: its time was over. When it cannot be read, those of its batch from `next` on are put back; with `later`, it
   * is so, too, and the next call meets it again.
   */
  #open(
    taken: Taken,
    batch: readonly Taken[] = NONE,
    next = 0,
    later = false,
  ): Opening<Incoming> | undefined | Promise<Opening<Incoming> | undefined> {
    const { opener, renewal } = this.#parts;
    renewal?.touch();
    try {
      const opened = opener.open(taken.raw);
      if (!(opened instanceof Promise)) return this.#opened(opened, taken);
      return opened.then(
        (one) => this.#opened(one, taken),
        (error) => this.#unopened(error, taken, batch.slice(next), later),
      );
    } catch (error) {
      return this.#unopened(error, taken, batch.slice(next), later);
    }
  }

  #opened(
    opened: Opened<Incoming> | undefined,
    taken: Taken,
  ): Opening<Incoming> | undefined | Promise<undefined> {
    if (opened !== undefined) return { data: opened.data, header: opened.header, taken };
    this.#parts.counters.expired++;
    return this.#parts.intake.discard(taken).then(() => undefined);
  }

  async #unopened(error: unknown, taken: Taken, rest: readonly Taken[], later: boolean): Promise<never> {
    const { intake, counters } = this.#parts;
    let buried = false;
    try {
      // Other errors are of the server's clock: the message is as good as before.
      if (!later && error instanceof DecodeError) {
        // Whoever cannot have it as a dead letter is told so, and meets it again.
        await intake.bury(taken, error.message);
        buried = true;
        counters.undecodable++;
      }
      throw error;
    } finally {
      intake.putBack(buried ? rest : [taken, ...rest]);
    }
  }

  #received({ data, taken }: Opening<Incoming>): Received<Incoming, Reliable> {
    const { settler } = this.#parts;
    const { seq = 0, deliveries = 1 } = taken;
    const received = settler === undefined ? data : new HeldDelivery(data, { seq, deliveries }, settler);
    return received as Received<Incoming, Reliable>;
  }
}
