import { isTransient } from '@redlane/client';
import type { Encoded } from '@redlane/client/codec';
import type { ListConsumer } from '@redlane/client/list-consumer';
import { EXPIRED, type Live, MOST_EXPIRED, skipExpired } from './expired.js';
import { Inbox } from './inbox.js';
import type { Intake, IntakeContext, StreamOptions, Taken, TakenStream, TakeOptions } from './intake.js';
import { ListExpiry } from './list-expiry.js';
import { peekRange } from './peek-range.js';
import { encodedFor, runFor } from './replies-of.js';

/** KEYS: list. Gives the newest, and nothing else is left. */
const TAKE_LAST = `
local newest = redis.call('LINDEX', KEYS[1], -1)
if newest then redis.call('DEL', KEYS[1]) end
return {newest, 0}
`;

/** As `TAKE_LAST`, of those whose time is not over, and how many newer ones were; that many at most, and none: go on. */
const TAKE_LAST_LIVE = `${EXPIRED}
for skipped = 0, ${MOST_EXPIRED - 1} do
  local newest = redis.call('LINDEX', KEYS[1], -1)
  if not newest or not expired(newest) then
    if newest then redis.call('DEL', KEYS[1]) end
    return {newest, skipped}
  end
  redis.call('RPOP', KEYS[1])
end
return {false, ${MOST_EXPIRED}}
`;

/**
 * KEYS: list. ARGV: ms to live, or nothing; messages, the newest first. The expiry is for a list that had gone: what
 * somebody else has sent since has its own.
 */
const PUT_BACK = `
local gone = redis.call('EXISTS', KEYS[1]) == 0
for i = 2, #ARGV, 1000 do redis.call('LPUSH', KEYS[1], unpack(ARGV, i, math.min(i + 999, #ARGV))) end
if gone and ARGV[1] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
`;

/** How often it is tried to put back what nobody has received. */
const ATTEMPTS = 3;

/** What is taken is gone from Redis: at most once. */
export class PlainIntake implements Intake {
  readonly #context: IntakeContext;
  readonly #consumer: Pick<ListConsumer, 'bury'>;
  readonly #expiry: ListExpiry;
  readonly #inbox: Inbox;

  /** The consumer keeps the dead letters. */
  constructor(context: IntakeContext, consumer: Pick<ListConsumer, 'bury'>) {
    const expiry = new ListExpiry(context.driver, context.list);
    this.#context = context;
    this.#consumer = consumer;
    this.#expiry = expiry;
    this.#inbox = new Inbox(context, context.counters, () => expiry.look());
  }

  get buffered(): number {
    return this.#inbox.buffer.length;
  }

  take(options: TakeOptions): Promise<Taken[]> {
    return this.#inbox.take(options);
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

  async takeLast(live: Live | undefined): Promise<Taken | undefined> {
    await this.#inbox.settled();
    const newest = await this.#takeLast(live === undefined ? TAKE_LAST : TAKE_LAST_LIVE);
    // What is here is older.
    const here = this.#inbox.drain();
    if (newest !== null) return { raw: newest };
    const last = here.findLastIndex(({ raw }) => live === undefined || live(raw));
    this.#context.counters.expired += here.length - 1 - last;
    return here[last];
  }

  async peek(end: 'oldest' | 'newest', live: Live = () => true): Promise<Encoded | undefined> {
    const { driver, list, replies } = this.#context;
    await this.#inbox.settled();
    const { buffer } = this.#inbox;
    if (end === 'oldest') {
      const here = buffer.find(({ raw }) => live(raw));
      if (here !== undefined) return here.raw;
    }
    const raw = await peekRange(driver, 'LRANGE', list, end, live);
    if (raw !== undefined) return encodedFor(replies, raw);
    return buffer.findLast((taken) => live(taken.raw))?.raw;
  }

  skipExpired(): Promise<number> {
    const { driver, list } = this.#context;
    return this.buffered > 0 ? Promise.resolve(0) : skipExpired(driver, list);
  }

  discard(): Promise<void> {
    return Promise.resolve();
  }

  bury({ raw }: Taken, reason: string): Promise<void> {
    return this.#consumer.bury(raw, { reason });
  }

  async clear(): Promise<void> {
    await this.#inbox.settled();
    this.#inbox.drain();
  }

  stop(): Promise<void> {
    return this.#inbox.close();
  }

  async giveBack(): Promise<void> {
    const raws = this.#inbox.drain().map(({ raw }) => raw);
    if (raws.length === 0) return;
    const { driver, list, renewMs } = this.#context;
    const args = [this.#expiry.leftMs ?? renewMs ?? '', ...raws.reverse()];
    for (let attempt = 1; ; attempt++) {
      try {
        await driver.run(PUT_BACK, [list], args);
        return;
      } catch (error) {
        // What may have been done must not be done twice.
        const { maybeExecuted } = error as { maybeExecuted?: unknown };
        if (attempt === ATTEMPTS || maybeExecuted === true || !isTransient(error)) throw error;
      }
    }
  }

  async #takeLast(script: string): Promise<Encoded | null> {
    const { driver, list, replies, counters } = this.#context;
    for (;;) {
      try {
        const reply = await runFor(replies, driver, script, [list]);
        const [newest, skipped] = reply as readonly [Encoded | null, number];
        counters.expired += skipped;
        if (newest !== null || skipped < MOST_EXPIRED) return newest;
      } catch (error) {
        this.#inbox.countLoss(error);
        throw error;
      }
    }
  }
}
