import { setTimeout as delay } from 'node:timers/promises';
import { isTransient, type RedisDriver } from '@redlane/client';
import type { Encoded } from '@redlane/client/codec';
import { BlockingPop, type PopSource } from './blocking-pop.js';
import type { Counters } from './counters.js';
import { ChannelClosedError } from './errors.js';
import type { Taken } from './intake.js';
import { sendFor } from './replies-of.js';
import { aborted, type Demand, type Leave, unanswered, Waiter } from './waiter.js';

/** A wait at the server lasts so long at most, in ms. */
const SLICE_MS = 1_000;
/** Between attempts while the server is not to be reached, in ms. */
const LEAST_PAUSE_MS = 10;
const MOST_PAUSE_MS = 1_000;

/**
 * Takes messages from the head of a list for all who want some here, with one wait at the server for all of them together.
 *
 * A message that was taken is never dropped by an abort or the end of somebody's time: it goes to whoever waits, or stays
 * here for the next, or goes back to the head of the list at `close()`.
 */
export class Inbox {
  readonly #driver: RedisDriver;
  readonly #source: PopSource;
  readonly #channel: string;
  readonly #counters: Counters;
  readonly #beforeFetch: (() => void) | undefined;
  readonly #blocking: BlockingPop;
  readonly #buffer: Taken[] = [];
  #waiters: Waiter[] = [];
  #running: Promise<void> | undefined;
  #phase: 'popping' | 'blocking' | 'pausing' = 'popping';
  /** A pop ahead of demand. */
  #refilling: Promise<void> | undefined;
  /** The last pop has found less than it asked for. */
  #drained = false;
  #failure: unknown;
  #pauseMs = 0;
  #wake: AbortController = new AbortController();
  #closed: Promise<void> | undefined;

  /** `beforeFetch` is called before several are taken at a time: some of them may stay here. */
  constructor(
    source: PopSource & { readonly channel: string },
    counters: Counters,
    beforeFetch?: () => void,
  ) {
    this.#driver = source.driver;
    this.#source = source;
    this.#channel = source.channel;
    this.#counters = counters;
    this.#beforeFetch = beforeFetch;
    this.#blocking = new BlockingPop(source);
  }

  /** What is here and was not received, oldest first: it comes before all that is in the list. */
  get buffer(): readonly Taken[] {
    return this.#buffer;
  }

  /** Resolves when what is being fetched ahead is here. */
  async settled(): Promise<void> {
    await this.#refilling;
  }

  /** These come before all others. */
  putBack(taken: readonly Taken[]): void {
    this.#buffer.unshift(...taken);
  }

  /** Takes everything that is here. */
  drain(): Taken[] {
    return this.#buffer.splice(0);
  }

  /** The next one, when it is here. Fetches more, `ahead` at most, when half of them are used up. */
  shift(ahead: number): Taken | undefined {
    const taken = this.#buffer.shift();
    if (taken !== undefined && !this.#drained && this.#buffer.length * 2 <= ahead) this.#refill(ahead);
    return taken;
  }

  /** Up to `max`, once the first is there; none: the time is over. Rejects with what waiting longer would not mend. */
  take(demand: Demand): Promise<Taken[]> {
    if (this.#closed !== undefined) return Promise.reject(new ChannelClosedError(this.#channel));
    if (demand.signal?.aborted) return Promise.reject(aborted(demand));
    if (this.#buffer.length > 0 && this.#waiters.length === 0) {
      return Promise.resolve(this.#buffer.splice(0, demand.max));
    }
    if (demand.waitMs === 0) return this.#takeNow(demand.max);
    const waiter = new Waiter(demand, (who, why) => this.#leave(who, why));
    this.#waiters.push(waiter);
    this.#running ??= this.#run();
    return waiter.taken;
  }

  /** Turns away who waits, and puts back what nobody has received. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #takeNow(max: number): Promise<Taken[]> {
    await this.#refilling;
    const here = this.#buffer.splice(0, max);
    return here.length > 0 ? here : this.#pop(max);
  }

  async #run(): Promise<void> {
    while (this.#waiters.length > 0 && this.#closed === undefined) {
      await this.#fetch();
      this.#serve();
      if (this.#waiters.length === 0) break;
      const now = performance.now();
      this.#sendAway((waiter) => waiter.leaving !== undefined || waiter.deadline <= now);
      if (this.#failure !== undefined && this.#waiters.length > 0) await this.#pause();
    }
    this.#drained = false;
    this.#running = undefined;
  }

  async #fetch(): Promise<void> {
    try {
      if (this.#refilling !== undefined) {
        this.#phase = 'popping';
        await this.#refilling;
        if (this.#buffer.length > 0) return;
      }
      let ahead = 1;
      for (const { demand } of this.#waiters) ahead = Math.max(ahead, demand.ahead ?? demand.max);
      if (!this.#drained && (ahead > 1 || !this.#blocking.warm)) {
        this.#phase = 'popping';
        const taken = await this.#pop(ahead);
        this.#drained = taken.length < ahead;
        this.#buffer.push(...taken);
      } else {
        this.#phase = 'blocking';
        const raw = await this.#blocking.wait(this.#sliceMs());
        // The server was not asked.
        if (raw === undefined) return;
        if (raw !== null) {
          this.#buffer.push({ raw });
          this.#drained = false;
        }
      }
      this.#failure = undefined;
      this.#pauseMs = 0;
    } catch (error) {
      if (this.#phase === 'blocking') this.countLoss(error);
      this.#failure = error;
      if (!isTransient(error)) this.#sendAway(() => true);
    }
  }

  /** As long as the last of them waits. */
  #sliceMs(): number {
    let until = 0;
    for (const { deadline } of this.#waiters) until = Math.max(until, deadline);
    if (until === Number.POSITIVE_INFINITY) return SLICE_MS;
    return Math.min(SLICE_MS, Math.max(1, until - performance.now()));
  }

  async #pop(count: number): Promise<Taken[]> {
    const { list, replies } = this.#source;
    if (count > 1) this.#beforeFetch?.();
    try {
      const reply = await sendFor(replies, this.#driver, ['LPOP', list, count]);
      return ((reply as Encoded[] | null) ?? []).map((raw) => ({ raw }));
    } catch (error) {
      this.countLoss(error);
      throw error;
    }
  }

  #refill(ahead: number): void {
    if (this.#refilling !== undefined || this.#running !== undefined || this.#closed !== undefined) return;
    const missing = ahead - this.#buffer.length;
    this.#refilling = this.#pop(missing)
      .then(
        (taken) => {
          this.#buffer.push(...taken);
          this.#drained = taken.length < missing;
        },
        // Whoever waits next meets the same, or does not.
        () => undefined,
      )
      .finally(() => {
        this.#refilling = undefined;
      });
  }

  async #pause(): Promise<void> {
    this.#phase = 'pausing';
    this.#wake = new AbortController();
    const ms = this.#pauseMs * (0.5 + Math.random() / 2);
    this.#pauseMs = Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, 2 * this.#pauseMs));
    await delay(ms, undefined, { signal: this.#wake.signal }).catch(() => undefined);
  }

  /** What it has taken may be lost. */
  countLoss(error: unknown): void {
    if ((error as { maybeExecuted?: unknown }).maybeExecuted === true) this.#counters.maybeLost++;
  }

  #serve(): void {
    while (this.#buffer.length > 0) {
      const waiter = this.#waiters.shift();
      if (waiter === undefined) return;
      waiter.serve(this.#buffer.splice(0, waiter.demand.max));
    }
  }

  /** Somebody's time is over, or its signal aborted. What is under way for it alone is ended first, and may bring something. */
  #leave(waiter: Waiter, why: Leave): void {
    if (waiter.leaving !== undefined) return;
    waiter.leaving = why;
    const go = (): void => this.#sendAway((other) => other === waiter);
    if (this.#phase === 'pausing') {
      go();
      this.#wake.abort();
      return;
    }
    const wanted = this.#waiters.some(({ leaving }) => leaving === undefined);
    // Whether there is something, the server will have said in a moment.
    const asked = this.#phase === 'popping' && why === 'expired';
    if (wanted && !asked) {
      go();
      return;
    }
    waiter.hurry(this.#unanswered);
    if (this.#phase !== 'blocking') return;
    void this.#blocking.cancel().then((cancelled) => {
      if (!cancelled) go();
    });
  }

  /** The server does not say whether there is something. */
  readonly #unanswered = (waiter: Waiter): void => {
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    const { demand, leaving } = waiter;
    waiter.turnAway(leaving === 'aborted' ? aborted(demand) : (this.#failure ?? unanswered(demand)));
  };

  #sendAway(who: (waiter: Waiter) => boolean): void {
    this.#waiters = this.#waiters.filter((waiter) => {
      if (!who(waiter)) return true;
      if (waiter.leaving === 'aborted') waiter.turnAway(aborted(waiter.demand));
      else if (this.#failure !== undefined) waiter.turnAway(this.#failure);
      else waiter.serve([]);
      return false;
    });
  }

  async #close(): Promise<void> {
    for (const waiter of this.#waiters.splice(0)) waiter.turnAway(new ChannelClosedError(this.#channel));
    this.#wake.abort();
    void this.#blocking.cancel();
    await this.#running;
    await this.#refilling;
    await this.#blocking.close();
  }
}
