import type { RedisDriver } from '../driver.js';
import { keepTrying } from '../on-driver/keep-trying.js';
import { duration, integer, text } from '../option-checks.js';
import { Claims } from './claims.js';
import {
  buryElement,
  type DeadLetter,
  type RedriveInto,
  readDeadLetters,
  redriveDeadLetters,
  textOf,
} from './dead-letters.js';
import { type EntriesOptions, EntryIterator } from './entries.js';
import { type ListEntry, type RawOf, seqsOf } from './entry.js';
import { Intake } from './intake.js';
import { Ledger } from './ledger.js';
import { Membership } from './membership.js';
import { type ConsumerContext, type ListConsumerOptions, resolveOptions } from './options.js';
import { Settlements } from './settlements.js';
import { SourceWait } from './source-wait.js';
import { type ListConsumerStats, readStats } from './stats.js';

export interface ClaimOptions {
  /** How many entries at most, 1 to 1_000. @default 1 */
  readonly max?: number | undefined;
  /** How long to wait for the first, in ms; 0: not at all; `Infinity`: for ever. @default 0 */
  readonly waitMs?: number | undefined;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

export interface NackOptions {
  /** Deliver it again, before anything newer; false: it goes to the dead letters. @default true */
  readonly requeue?: boolean | undefined;
  /** Why, for the dead letters. @default 'rejected' */
  readonly reason?: string | undefined;
}

/** How long `close()` tries to give back what is held, in ms. */
const CLOSE_MS = 5_000;

/**
 * Takes elements from the head of a list so that each is delivered at least once: what is claimed stays in Redis, under a
 * name and a number, until it is acked. Any number of consumers may share a list. What a dead one held is delivered to
 * the others.
 *
 * Order: elements are claimed in the order of the list. What comes back (nack, close, a dead consumer) keeps its place: it
 * is delivered before everything in the list, in the order in which it was first claimed. So a single consumer that acks
 * one entry before it takes the next sees the list's order, whatever happens.
 *
 * The driver stays open at `close()`. Needs Redis 6.2. No clock but the server's is used.
 *
 * @example
 * await using consumer = new ListConsumer(driver, { source: '{orders}', keys: '{orders}:work' });
 * for await (const entry of consumer) {
 *   await handle(entry.raw);
 *   await consumer.ack(entry);
 * }
 */
export class ListConsumer<Replies extends 'bytes' | 'string' = 'bytes'>
  implements AsyncDisposable, AsyncIterable<ListEntry<RawOf<Replies>>>
{
  readonly #context: ConsumerContext;
  readonly #ledger: Ledger;
  readonly #claims: Claims<RawOf<Replies>>;
  readonly #membership: Membership;
  readonly #settlements: Settlements;
  readonly #wait: SourceWait;
  readonly #intake: Intake<RawOf<Replies>>;
  /** Resolved once a predecessor's entries are back; another attempt after a failure. */
  #joined: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  /**
   * Nothing is sent before the first claim.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`), also when the keys are in several slots of a cluster
   */
  constructor(driver: RedisDriver, options: ListConsumerOptions<Replies>) {
    const context = resolveOptions(driver, options);
    this.#context = context;
    this.#ledger = new Ledger();
    this.#claims = new Claims(context);
    this.#membership = new Membership(context, {
      lostUpTo: (seq) => this.#lose(seq),
      recovered: () => this.#intake.kick(),
    });
    this.#settlements = new Settlements(context);
    this.#wait = new SourceWait(context, this.#membership);
    this.#intake = new Intake((max) => this.#claim(max), this.#wait, this.#ledger);
  }

  get id(): string {
    return this.#context.id;
  }

  /**
   * Claims entries, oldest first, and waits for the first of them when there are none. It survives the loss of connections
   * within its time. Empty: the time is over.
   *
   * An abort loses nothing: an element that the server had handed out already is returned all the same, or by the next
   * claim.
   *
   * @throws AbortError (`ABORTED`); ClosedError (`CLOSED`) after `close()`; InvalidOptionError; what the driver rejects
   * with, when waiting longer would not help or the time is over; TimeoutError (`TIMEOUT`) when the server has not answered
   * half a second after the end of the time
   */
  async claim({ max = 1, waitMs = 0, signal }: ClaimOptions = {}): Promise<ListEntry<RawOf<Replies>>[]> {
    integer(1, 1_000)(max, 'max');
    duration(waitMs, 'waitMs');
    return this.#intake.take({ max, waitMs, signal });
  }

  /** Looks at the entries that are claimed ahead and that nobody was given, oldest first: they come before all others. */
  ahead(): ListEntry<RawOf<Replies>>[] {
    return this.#intake.ahead();
  }

  /**
   * Gives claimed entries to the next claim of this consumer, before all others, as if nobody had been given them. Those that
   * it does not hold any more are left out.
   */
  putBack(entries: readonly ListEntry<RawOf<Replies>>[]): void {
    this.#intake.putBack(entries);
  }

  /**
   * Claims entries ahead, `prefetch` of them, and gives them one by one. At most `prefetch` are held at a time, what other
   * claims have taken included: who acks nothing gets no more. Ends at `close()`. What an iteration has claimed and not given
   * stays for the next claim.
   *
   * An entry that was delivered twice already is claimed alone, and nothing beside it until it is acked or given back:
   * should it be what kills its consumers, only it comes to `maxDeliveries`.
   *
   * @throws InvalidOptionError at once; AbortError (`ABORTED`); what the driver rejects with, when waiting longer would not
   * help
   */
  entries({
    signal,
    prefetch = this.#context.prefetch,
  }: EntriesOptions = {}): AsyncIterator<ListEntry<RawOf<Replies>>, undefined> &
    AsyncIterableIterator<ListEntry<RawOf<Replies>>> {
    integer(1, 10_000)(prefetch, 'prefetch');
    return new EntryIterator(this.#intake, prefetch, signal);
  }

  /** `entries()` */
  [Symbol.asyncIterator](): AsyncIterator<ListEntry<RawOf<Replies>>, undefined> &
    AsyncIterableIterator<ListEntry<RawOf<Replies>>> {
    return this.entries();
  }

  /**
   * Removes entries for good. Acks of one tick go in one call, and so do those that come while one is under way; so do not
   * await each in a loop that has to be fast. It is repeated after the loss of a connection, until `deadAfterMs` have
   * passed.
   *
   * @returns how many of them this consumer still held. The others were acked before, or it counted as dead, and they are
   * delivered again. After the loss of a connection this cannot be told apart, and all are counted.
   * @throws what the driver rejects with; the entries may still be held then, and can be acked again
   */
  ack(entries: Pick<ListEntry, 'seq'> | readonly Pick<ListEntry, 'seq'>[]): Promise<number> {
    const seqs = seqsOf(entries);
    this.#settle(seqs);
    return this.#settlements.ack(seqs);
  }

  /**
   * Gives entries back, to be delivered again to any consumer in their old place, or to the dead letters.
   *
   * @returns as `ack`
   * @throws as `ack`
   */
  async nack(
    entries: Pick<ListEntry, 'seq'> | readonly Pick<ListEntry, 'seq'>[],
    { requeue = true, reason = 'rejected' }: NackOptions = {},
  ): Promise<number> {
    text(reason, 'reason');
    const seqs = seqsOf(entries);
    const count = await this.#settlements.nack(seqs, requeue, reason);
    // Until then they are held, also when it fails.
    this.#settle(seqs);
    if (requeue) this.#intake.kick();
    return count;
  }

  /**
   * Gives back what the consumers hold that are dead by now, counts kept. Every living consumer does it with each
   * heartbeat: this is for those who have none.
   *
   * @returns how many elements came back
   */
  recover(): Promise<number> {
    return this.#membership.recover();
  }

  stats(): Promise<ListConsumerStats> {
    const { held, lost } = this.#ledger;
    return readStats(this.#context, { held, lost, buffered: this.#intake.buffered });
  }

  /** Looks at dead letters, oldest first. @default the first 100 */
  async deadLetters({
    offset = 0,
    count = 100,
  }: {
    readonly offset?: number;
    readonly count?: number;
  } = {}): Promise<DeadLetter<RawOf<Replies>>[]> {
    integer(0)(offset, 'offset');
    integer(1)(count, 'count');
    const letters = await readDeadLetters(this.#context, offset, count);
    const raw = this.#context.replies === 'string' ? textOf : (bytes: Uint8Array) => bytes;
    return letters.map((letter) => ({ ...letter, raw: raw(letter.raw) as RawOf<Replies> }));
  }

  /** Adds a dead letter that was taken from the list by other means than a claim. */
  async bury(
    raw: string | Uint8Array,
    { reason = 'rejected' }: { readonly reason?: string } = {},
  ): Promise<void> {
    text(reason, 'reason');
    await buryElement(this.#context, raw, reason);
  }

  /**
   * Has the oldest dead letters delivered again, in their old places and uncounted. Returns how many.
   *
   * `into: 'source'` puts them at the head of the list instead, for receivers that do not claim. @default 'returned'
   */
  async redrive(max: number, { into = 'returned' }: { readonly into?: RedriveInto } = {}): Promise<number> {
    integer(1)(max, 'max');
    const count = await redriveDeadLetters(this.#context, max, into);
    if (count > 0) this.#intake.kick();
    return count;
  }

  /**
   * Ends waits (`CLOSED`) and iterations, sends the acks that were called, and gives back at once and in order what is
   * held; what was never handed out is not counted as delivered. Takes some seconds at most.
   *
   * @throws what the driver rejects with: then what is held comes back after `deadAfterMs`
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #claim(max: number): Promise<ListEntry<RawOf<Replies>>[]> {
    this.#joined ??= this.#membership.join();
    try {
      await this.#joined;
    } catch (error) {
      this.#joined = undefined;
      throw error;
    }
    const { entries, lostUpTo } = await this.#claims.take(max);
    if (lostUpTo > 0) this.#lose(lostUpTo);
    return entries;
  }

  #lose(upTo: number): void {
    this.#ledger.lose(upTo);
    this.#intake.drop(upTo);
    this.#intake.proceed();
  }

  #settle(seqs: readonly number[]): void {
    for (const seq of seqs) this.#ledger.settle(seq);
    this.#intake.proceed();
  }

  async #close(): Promise<void> {
    const until = performance.now() + CLOSE_MS;
    const enough = setTimeout(() => this.#settlements.stop(), CLOSE_MS);
    try {
      const unseen = await this.#intake.close();
      await this.#settlements.idle();
      this.#membership.end();
      if (this.#joined === undefined) return;
      const seqs = unseen.map(({ seq }) => seq);
      await keepTrying(
        () => this.#membership.release(this.id, this.#wait.clean ? 'left' : 'left behind', seqs),
        { until },
      );
    } finally {
      clearTimeout(enough);
      this.#membership.end();
    }
  }
}
