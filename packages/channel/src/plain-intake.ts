import { isTransient } from '@redlane/client';
import type { Encoded } from '@redlane/client/codec';
import type { ListConsumer } from '@redlane/client/list-consumer';
import { Inbox } from './inbox.js';
import type { Intake, IntakeContext, StreamOptions, Taken, TakenStream, TakeOptions } from './intake.js';

/** KEYS: list. Gives the newest, and nothing else is left. */
const TAKE_LAST = `
local newest = redis.call('LINDEX', KEYS[1], -1)
if newest then redis.call('DEL', KEYS[1]) end
return newest
`;

/** How often it is tried to put back what nobody has received. */
const ATTEMPTS = 3;

/** What is taken is gone from Redis: at most once. */
export class PlainIntake implements Intake {
  readonly #context: IntakeContext;
  readonly #consumer: Pick<ListConsumer, 'bury'>;
  readonly #inbox: Inbox;

  /** The consumer keeps the dead letters. */
  constructor(context: IntakeContext, consumer: Pick<ListConsumer, 'bury'>) {
    this.#context = context;
    this.#consumer = consumer;
    this.#inbox = new Inbox(context, context.counters);
  }

  get buffered(): number {
    return this.#inbox.buffer.length;
  }

  take({ max, waitMs, signal }: TakeOptions): Promise<Taken[]> {
    return this.#inbox.take({ max, waitMs, signal, ahead: max });
  }

  stream({ signal, prefetch }: StreamOptions): TakenStream {
    const ahead = Math.max(1, prefetch);
    const demand = { max: 1, waitMs: Number.POSITIVE_INFINITY, signal, ahead };
    return {
      shift: () => (signal.aborted ? undefined : this.#inbox.shift(ahead)),
      next: async () => (await this.#inbox.take(demand))[0],
    };
  }

  putBack(taken: readonly Taken[]): void {
    this.#inbox.putBack(taken);
  }

  async takeLast(): Promise<Taken | undefined> {
    const { driver, list, replies } = this.#context;
    await this.#inbox.settled();
    const raw =
      replies === 'bytes'
        ? await driver.run(TAKE_LAST, [list], [], { replies: 'bytes' })
        : await driver.run(TAKE_LAST, [list], []);
    // What is here is older.
    const newest = raw === null ? this.#inbox.buffer.at(-1) : { raw: raw as Encoded };
    this.#inbox.drain();
    return newest;
  }

  async peek(end: 'oldest' | 'newest'): Promise<Encoded | undefined> {
    const { driver, list, replies } = this.#context;
    await this.#inbox.settled();
    const here = this.#inbox.buffer.at(end === 'oldest' ? 0 : -1)?.raw;
    if (here !== undefined && end === 'oldest') return here;
    const args = ['LINDEX', list, end === 'oldest' ? 0 : -1];
    const raw = replies === 'bytes' ? await driver.send(args, { replies: 'bytes' }) : await driver.send(args);
    return (raw as Encoded | null) ?? here;
  }

  discard(): Promise<void> {
    return Promise.resolve();
  }

  bury({ raw }: Taken, reason: string): Promise<void> {
    return this.#consumer.bury(raw, { reason });
  }

  async close(): Promise<void> {
    await this.#inbox.close();
    const raws = this.#inbox.drain().map(({ raw }) => raw);
    if (raws.length === 0) return;
    const { driver, list, expireMs } = this.#context;
    const back = ['LPUSH', list, ...raws.reverse()];
    for (let attempt = 1; ; attempt++) {
      try {
        await driver.send(back);
        if (expireMs !== undefined) await driver.send(['PEXPIRE', list, expireMs]);
        return;
      } catch (error) {
        // What may have been done must not be done twice.
        const { maybeExecuted } = error as { maybeExecuted?: unknown };
        if (attempt === ATTEMPTS || maybeExecuted === true || !isTransient(error)) throw error;
      }
    }
  }
}
