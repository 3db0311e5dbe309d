import type { DriverReply } from '@redlane/client';
import type { Encoded } from '@redlane/client/codec';
import type { ListConsumer, ListEntry } from '@redlane/client/list-consumer';
import type { Intake, IntakeContext, StreamOptions, Taken, TakenStream, TakeOptions } from './intake.js';

const MOST_AT_ONCE = 1_000;

type Consumer = Pick<ListConsumer<'bytes' | 'string'>, 'claim' | 'entries' | 'ack' | 'nack' | 'close'>;

/** What is taken stays in Redis until it is acked: at least once. */
export class ReliableIntake implements Intake {
  readonly #context: IntakeContext;
  readonly #consumer: Consumer;
  /** Held, and to be taken again. */
  readonly #stash: Taken[] = [];

  constructor(context: IntakeContext, consumer: Consumer) {
    this.#context = context;
    this.#consumer = consumer;
  }

  /** The consumer counts by itself what nobody has received. */
  get buffered(): number {
    return this.#stash.length;
  }

  async take({ max, waitMs, signal }: TakeOptions): Promise<Taken[]> {
    if (this.#stash.length > 0) return this.#stash.splice(0, max);
    return this.#consumer.claim({ max, waitMs, signal });
  }

  stream({ signal }: StreamOptions): TakenStream {
    const entries = this.#consumer.entries({ signal });
    return {
      shift: () => (signal.aborted ? undefined : this.#stash.shift()),
      next: async () => (await entries.next()).value,
    };
  }

  putBack(taken: readonly Taken[]): void {
    this.#stash.unshift(...taken);
  }

  /** Takes all that is there by now, and acks all but the newest. */
  async takeLast(): Promise<Taken | undefined> {
    const { driver, list, keys } = this.#context;
    const batch = await driver.batch([
      ['LLEN', list],
      ['ZCARD', keys.retry],
    ]);
    const counts = batch.aborted ? [] : batch.replies;
    for (const count of counts) if (count instanceof Error) throw count;
    let left = counts.reduce<number>((sum, count) => sum + Number(count), 0);
    let newest: Taken | undefined = this.#stash.at(-1);
    await this.#consumer.ack(this.#stash.splice(0).slice(0, -1) as ListEntry<unknown>[]);
    while (left > 0) {
      const entries = await this.#consumer.claim({ max: Math.min(left, MOST_AT_ONCE) });
      if (entries.length === 0) break;
      left -= entries.length;
      const older: Taken[] = newest === undefined ? entries : [newest, ...entries];
      newest = older.pop();
      await this.#consumer.ack(older as ListEntry<unknown>[]);
    }
    return newest;
  }

  async peek(end: 'oldest' | 'newest'): Promise<Encoded | undefined> {
    const { driver, list, keys } = this.#context;
    const at = end === 'oldest' ? 0 : -1;
    const batch = await driver.batch(
      [
        ['ZRANGE', keys.retry, at, at],
        ['LINDEX', list, at],
      ],
      { replies: 'bytes' },
    );
    if (batch.aborted) return undefined;
    for (const reply of batch.replies) if (reply instanceof Error) throw reply;
    const [returned, waiting] = batch.replies as readonly [DriverReply<Uint8Array>, Uint8Array | null];
    const [member] = returned as readonly Uint8Array[];
    const back = member === undefined ? undefined : rawOf(member);
    const raw = end === 'oldest' ? (back ?? waiting) : (waiting ?? back);
    if (raw === null || raw === undefined) return undefined;
    return this.#context.replies === 'string' ? Buffer.from(raw).toString() : raw;
  }

  async discard(taken: Taken): Promise<void> {
    await this.#consumer.ack(taken as ListEntry<unknown>);
  }

  async bury(taken: Taken, reason: string): Promise<void> {
    await this.#consumer.nack(taken as ListEntry<unknown>, { requeue: false, reason });
  }

  close(): Promise<void> {
    return this.#consumer.close();
  }
}

const BAR = 0x7c;

/** The element in what the consumers keep of it: number, bar, count, bar, element. */
function rawOf(member: Uint8Array): Uint8Array {
  return member.subarray(member.indexOf(BAR, member.indexOf(BAR) + 1) + 1);
}
