import type { Encoded } from '@redlane/client/codec';
import type { ListConsumer, ListEntry } from '@redlane/client/list-consumer';
import { type Live, skipExpired } from './expired.js';
import type { Intake, IntakeContext, StreamOptions, Taken, TakenStream, TakeOptions } from './intake.js';
import { peekRange } from './peek-range.js';
import { encodedFor } from './replies-of.js';

/** In one claim. */
const MOST_AT_ONCE = 1_000;

type Entry = ListEntry<Encoded>;
type Consumer = Pick<
  ListConsumer<'bytes' | 'string'>,
  'claim' | 'entries' | 'ahead' | 'putBack' | 'ack' | 'nack' | 'close'
>;

/** What is taken stays in Redis until it is acked: at least once. */
export class ReliableIntake implements Intake {
  readonly #context: IntakeContext;
  readonly #consumer: Consumer;

  constructor(context: IntakeContext, consumer: Consumer) {
    this.#context = context;
    this.#consumer = consumer;
  }

  /** The consumer counts by itself what nobody has received. */
  readonly buffered = 0;

  take(options: TakeOptions): Promise<Taken[]> {
    return this.#consumer.claim(options);
  }

  stream(options: StreamOptions): TakenStream {
    const entries = this.#consumer.entries(options);
    return {
      shift: () => undefined,
      next: async () => (await entries.next()).value,
    };
  }

  putBack(taken: readonly Taken[]): void {
    this.#consumer.putBack(taken as readonly Entry[]);
  }

  /** Takes all that is there by now, and acks all but the newest. */
  async takeLast(live: Live | undefined): Promise<Taken | undefined> {
    let left = await this.#waiting();
    let newest: Entry | undefined;
    try {
      while (left > 0) {
        const entries = await this.#consumer.claim({ max: Math.min(left, MOST_AT_ONCE) });
        if (entries.length === 0) break;
        left -= entries.length;
        const all: Entry[] = newest === undefined ? entries : [newest, ...entries];
        newest = this.#newestOf(all, live);
        await this.#consumer.ack(all.filter((entry) => entry !== newest));
      }
    } catch (error) {
      if (newest !== undefined) this.#consumer.putBack([newest]);
      throw error;
    }
    return newest;
  }

  async peek(end: 'oldest' | 'newest', live: Live = () => true): Promise<Encoded | undefined> {
    const { driver, list, replies } = this.#context;
    const ahead = this.#consumer.ahead().filter(({ raw }) => live(raw));
    const source = (): Promise<Uint8Array | undefined> => peekRange(driver, 'LRANGE', list, end, live);
    if (end === 'oldest') {
      if (ahead[0] !== undefined) return ahead[0].raw;
      const first = (await this.#returned(end, live))?.raw ?? (await source());
      return first === undefined ? undefined : encodedFor(replies, first);
    }
    const last = await source();
    if (last !== undefined) return encodedFor(replies, last);
    const back = await this.#returned(end, live);
    const here = this.#newestOf(ahead, undefined);
    if (back === undefined || (here !== undefined && here.seq > back.seq)) return here?.raw;
    return encodedFor(replies, back.raw);
  }

  skipExpired(): Promise<number> {
    const { driver, list } = this.#context;
    return this.#consumer.ahead().length > 0 ? Promise.resolve(0) : skipExpired(driver, list);
  }

  async discard(taken: Taken): Promise<void> {
    await this.#consumer.ack(taken as Entry);
  }

  async bury(taken: Taken, reason: string): Promise<void> {
    await this.#consumer.nack(taken as Entry, { requeue: false, reason });
  }

  async clear(): Promise<void> {
    for (let left = this.#consumer.ahead().length; left > 0; left -= MOST_AT_ONCE) {
      await this.#consumer.ack(await this.#consumer.claim({ max: Math.min(left, MOST_AT_ONCE) }));
    }
  }

  stop(): Promise<void> {
    return this.#consumer.close();
  }

  /** The consumer has done so. */
  giveBack(): Promise<void> {
    return Promise.resolve();
  }

  /** How many could be claimed. */
  async #waiting(): Promise<number> {
    const { driver, list, keys } = this.#context;
    const batch = await driver.batch([
      ['LLEN', list],
      ['ZCARD', keys.retry],
    ]);
    const counts = batch.aborted ? [] : batch.replies;
    for (const count of counts) if (count instanceof Error) throw count;
    return counts.reduce<number>((sum, count) => sum + Number(count), this.#consumer.ahead().length);
  }

  /** By their numbers: what came back is older than what was claimed first before. */
  #newestOf(entries: readonly Entry[], live: Live | undefined): Entry | undefined {
    const sorted = entries.toSorted((one, other) => other.seq - one.seq);
    const index = sorted.findIndex(({ raw }) => live === undefined || live(raw));
    this.#context.counters.expired += index < 0 ? sorted.length : index;
    return sorted[index];
  }

  /** The first or last of what came back. */
  async #returned(
    end: 'oldest' | 'newest',
    live: Live,
  ): Promise<{ readonly seq: number; readonly raw: Uint8Array } | undefined> {
    const { driver, keys } = this.#context;
    const member = await peekRange(driver, 'ZRANGE', keys.retry, end, (one) => live(rawOf(one)));
    if (member === undefined) return undefined;
    return {
      seq: Number(Buffer.from(member.subarray(0, member.indexOf(BAR))).toString()),
      raw: rawOf(member),
    };
  }
}

const BAR = 0x7c;

/** The element in what the consumers keep of it: number, bar, count, bar, element. */
function rawOf(member: Uint8Array): Uint8Array {
  return member.subarray(member.indexOf(BAR, member.indexOf(BAR) + 1) + 1);
}
