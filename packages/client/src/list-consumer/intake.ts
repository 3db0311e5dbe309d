import { Backoff } from '../backoff.js';
import { ClosedError } from '../errors.js';
import { pause } from '../on-driver/pause.js';
import { isTransient } from '../on-driver/transient.js';
import { Ring } from '../ring.js';
import { ALONE_FROM, type ListEntry } from './entry.js';
import type { Ledger } from './ledger.js';
import type { SourceWait } from './source-wait.js';
import { abortion, type Demand, type Leave, unanswered, Waiter } from './waiter.js';

/** More in one claim would hold up other users of the server. */
const MOST_AT_ONCE = 1_000;

/**
 * Brings entries to those who want some: one claim at a time for all of them together, and where it finds nothing, one
 * wait at the server.
 */
export class Intake<Raw> {
  readonly #claim: (max: number) => Promise<ListEntry<Raw>[]>;
  readonly #wait: SourceWait;
  readonly #ledger: Ledger;
  readonly #buffer: Ring<ListEntry<Raw>> = new Ring();
  readonly #backoff: Backoff = new Backoff({ minDelayMs: 20, maxDelayMs: 1_000 });
  #waiters: Waiter<Raw>[] = [];
  #running: Promise<void> | undefined;
  #phase: 'claiming' | 'waiting' | 'pausing' = 'claiming';
  /** How many have begun. */
  #claims = 0;
  /** There may be more than the last claim has brought, and an iteration may hold so many; 0: none asks. */
  #refill = 0;
  #drained = true;
  /** Why the last claim or wait has failed. */
  #failure: unknown;
  #wake: () => void = () => undefined;
  /** Since the last claim began. */
  #changed = false;
  readonly #closing: AbortController = new AbortController();

  constructor(claim: (max: number) => Promise<ListEntry<Raw>[]>, wait: SourceWait, ledger: Ledger) {
    this.#claim = claim;
    this.#wait = wait;
    this.#ledger = ledger;
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Entries that are claimed, and that nobody has taken. */
  get buffered(): number {
    return this.#buffer.length;
  }

  /** These entries, oldest first. */
  ahead(): ListEntry<Raw>[] {
    return Array.from({ length: this.#buffer.length }, (_, i) => this.#buffer.at(i) as ListEntry<Raw>);
  }

  /** The next entry of an iteration that holds up to `prefetch`, when it is here already. */
  shift(prefetch: number): ListEntry<Raw> | undefined {
    if (this.closed || !this.#mayGive(prefetch)) return undefined;
    const entry = this.#buffer.shift();
    if (entry !== undefined && !this.#drained && this.#refill === 0 && this.#ledger.roomy(prefetch)) {
      this.#refill = prefetch;
      this.kick();
    }
    return entry;
  }

  /** Nobody has taken these: they come before all others. */
  putBack(entries: readonly ListEntry<Raw>[]): void {
    for (const entry of entries.toReversed()) if (this.#ledger.holds(entry.seq)) this.#buffer.unshift(entry);
    this.#serve();
  }

  /** Rejects with an AbortError, a ClosedError, or what the driver has rejected with. */
  take(demand: Demand): Promise<ListEntry<Raw>[]> {
    if (this.closed) return Promise.reject(new ClosedError('consumer'));
    if (demand.signal?.aborted) return Promise.reject(abortion(demand.signal));
    const waiter = new Waiter<Raw>(demand, this.#claims, (who, why) => this.#leave(who, why));
    this.#waiters.push(waiter);
    this.#serve();
    this.kick();
    return waiter.entries;
  }

  /** Something has changed: somebody has come, or something came back. */
  kick(): void {
    this.#changed = true;
    this.#wake();
    this.proceed();
  }

  /** There may be more room. */
  proceed(): void {
    this.#serve();
    if (this.#running !== undefined || this.#need() === 0) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      // Somebody may have come in the last moment.
      this.proceed();
    });
  }

  /** Entries up to this number belong to others now. */
  drop(upTo: number): void {
    this.#buffer.retain(({ seq }) => seq > upTo);
  }

  /** Turns away all who wait, and resolves when nothing goes on any more. Gives the entries that nobody has taken. */
  async close(): Promise<ListEntry<Raw>[]> {
    this.#closing.abort();
    for (const waiter of this.#waiters.splice(0)) waiter.turnAway(new ClosedError('consumer'));
    this.#wake();
    await Promise.all([this.#wait.stop(), this.#running]);
    return this.#buffer.drain();
  }

  async #run(): Promise<void> {
    for (let need = this.#need(); need > 0; need = this.#need()) {
      const found = await this.#fetch(need);
      this.#serve();
      this.#sendAway((waiter) => waiter.leaving !== undefined || this.#isAnswered(waiter));
      if (found || this.#waiters.length === 0) continue;
      if (this.#failure !== undefined) await this.#pause();
      else if (!this.#changed) await this.#waitForMore();
    }
    // Nobody waits any more, or nobody may have more for now.
    if (!this.closed) void this.#wait.stop();
  }

  /** How many entries to ask for. */
  #need(): number {
    if (this.closed) return 0;
    let wanted = 0;
    let prefetch = this.#refill;
    for (const { demand } of this.#waiters) {
      if (demand.prefetch === undefined) wanted += demand.max;
      else prefetch = Math.max(prefetch, demand.prefetch);
    }
    if (prefetch > 0) wanted += this.#ledger.room(prefetch);
    return Math.min(wanted, MOST_AT_ONCE);
  }

  async #fetch(need: number): Promise<boolean> {
    this.#phase = 'claiming';
    this.#claims++;
    this.#changed = false;
    this.#refill = 0;
    try {
      const entries = await this.#claim(need);
      for (const entry of entries) this.#buffer.push(entry);
      this.#ledger.add(entries);
      this.#drained = entries.length < need;
      this.#failure = undefined;
      this.#backoff.reset();
      return entries.length > 0;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  async #pause(): Promise<void> {
    this.#phase = 'pausing';
    await pause(this.#backoff.next(), this.#closing.signal);
  }

  /** Waits at the server, or until something has changed here. */
  async #waitForMore(): Promise<void> {
    this.#phase = 'waiting';
    const changed = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const until = Math.max(...this.#waiters.map(({ deadline }) => deadline));
    try {
      const slice = this.#wait.slice(Math.max(1, until - performance.now()));
      const staged = await Promise.race([slice, changed]);
      if (staged === false) this.#sendAway(({ leaving }) => leaving !== undefined);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure = error;
    // Who does not wait, or waits for what will not pass, is told at once.
    const passing = isTransient(error);
    this.#sendAway(({ leaving, demand }) => leaving !== undefined || !passing || demand.waitMs === 0);
  }

  /** Whoever has come first is first, but for iterations that hold enough. */
  #serve(): void {
    for (let i = 0; i < this.#waiters.length && this.#buffer.length > 0; ) {
      const waiter = this.#waiters[i] as Waiter<Raw>;
      const { max, prefetch } = waiter.demand;
      if (prefetch !== undefined && !this.#mayGive(prefetch)) {
        i++;
        continue;
      }
      this.#waiters.splice(i, 1);
      const entries: ListEntry<Raw>[] = [];
      while (entries.length < max && this.#buffer.length > 0) {
        entries.push(this.#buffer.shift() as ListEntry<Raw>);
      }
      waiter.serve(entries);
    }
  }

  /** An iteration of this limit may have one more: what others have claimed beside it is not for it. */
  #mayGive(prefetch: number): boolean {
    if (this.#ledger.held - this.#buffer.length >= prefetch) return false;
    let { alone } = this.#ledger;
    // One that has to be alone may be given, and nothing beside one that was.
    for (let i = 0; alone > 0 && i < this.#buffer.length; i++) {
      if ((this.#buffer.at(i) as ListEntry<Raw>).deliveries >= ALONE_FROM) alone--;
    }
    return alone === 0;
  }

  /** It does not wait, and a claim that began after it came has found nothing. */
  #isAnswered({ demand, since }: Waiter<Raw>): boolean {
    return demand.waitMs === 0 && since < this.#claims;
  }

  #leave(waiter: Waiter<Raw>, why: Leave): void {
    if (waiter.leaving !== undefined) return;
    const running = this.#running !== undefined;
    const alone = this.#waiters.every((other) => other === waiter);
    if (running && alone && this.#phase === 'waiting') {
      waiter.leaveLate(why, this.#unanswered);
      void this.#wait.cancel().then((cancelled) => {
        if (!cancelled) this.#sendAway((other) => other === waiter);
        this.#wake();
      });
    } else if (running && why === 'expired' && this.#phase === 'claiming') {
      // Whether there is something, the server will have said in a moment.
      waiter.leaveLate(why, this.#unanswered);
    } else {
      this.#sendAway((other) => other === waiter, why);
      this.#wake();
    }
  }

  /** The server does not say whether there is something. */
  readonly #unanswered = (waiter: Waiter<Raw>): void => {
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    const { demand, leaving } = waiter;
    waiter.turnAway(leaving === 'aborted' ? abortion(demand.signal) : (this.#failure ?? unanswered(demand)));
  };

  #sendAway(who: (waiter: Waiter<Raw>) => boolean, why?: Leave): void {
    this.#waiters = this.#waiters.filter((waiter) => {
      if (!who(waiter)) return true;
      if ((why ?? waiter.leaving) === 'aborted') waiter.turnAway(abortion(waiter.demand.signal));
      else if (this.#failure !== undefined) waiter.turnAway(this.#failure);
      else waiter.serve([]);
      return false;
    });
  }
}
