import type { DriverLease, RedisDriver } from '@redlane/client';
import type { Encoded } from '@redlane/client/codec';
import { sendFor } from './replies-of.js';

/** A connection stays reserved for so long after the last wait, in ms, and twice that at most. */
const WARM_MS = 1_000;

export interface PopSource {
  readonly driver: RedisDriver;
  readonly list: string;
  readonly replies: 'string' | 'bytes';
}

/** BLPOP on a connection of its own, which is kept for a while. One at a time. */
export class BlockingPop {
  readonly #source: PopSource;
  #lease: DriverLease | undefined;
  #leasing: AbortController | undefined;
  #cancelled = false;
  #busy = false;
  /** Since the timer looked last. */
  #used = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: PopSource) {
    this.#source = source;
  }

  /** It has a connection, so that the next wait begins at once. */
  get warm(): boolean {
    return this.#lease !== undefined;
  }

  /** Waits for so long at the server; `null`: nothing came; `undefined`: it was cancelled before it began. Rejects as the lease does. */
  async wait(ms: number): Promise<Encoded | null | undefined> {
    const { list, replies } = this.#source;
    this.#busy = true;
    this.#cancelled = false;
    try {
      this.#lease ??= await this.#take();
      const lease = this.#lease;
      if (lease === undefined || this.#cancelled) return undefined;
      const reply = await sendFor(replies, lease, ['BLPOP', list, Math.max(1, Math.ceil(ms)) / 1_000]);
      return reply === null ? null : (reply as readonly Encoded[])[1];
    } catch (error) {
      this.#giveBack();
      throw error;
    } finally {
      this.#busy = false;
      this.#used = true;
      if (this.#lease !== undefined) this.#timer ??= this.#look();
    }
  }

  /** Ends a wait; its promise tells whether something came first. False when the server does not allow it. */
  async cancel(): Promise<boolean> {
    this.#cancelled = true;
    this.#leasing?.abort();
    return (await this.#lease?.cancel().catch(() => false)) ?? true;
  }

  /** When no wait is under way any more. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const lease = this.#lease;
    this.#lease = undefined;
    await lease?.[Symbol.asyncDispose]().catch(() => undefined);
  }

  async #take(): Promise<DriverLease | undefined> {
    const leasing = new AbortController();
    this.#leasing = leasing;
    try {
      const { driver, list } = this.#source;
      return await driver.lease({ key: list, signal: leasing.signal });
    } catch (error) {
      if (leasing.signal.aborted) return undefined;
      throw error;
    } finally {
      this.#leasing = undefined;
    }
  }

  /** Looks in a while whether the connection is still in use. */
  #look(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined;
      if (this.#busy) return;
      if (this.#used) this.#timer = this.#look();
      else this.#giveBack();
      this.#used = false;
    }, WARM_MS).unref();
  }

  #giveBack(): void {
    const lease = this.#lease;
    this.#lease = undefined;
    lease?.[Symbol.asyncDispose]().catch(() => undefined);
  }
}
