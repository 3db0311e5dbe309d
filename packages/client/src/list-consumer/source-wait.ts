import type { DriverLease } from '../driver.js';
import { maybeExecuted } from '../on-driver/transient.js';
import type { Membership } from './membership.js';
import type { ConsumerContext } from './options.js';

/** A wait at the server lasts so long at most, in ms. */
const SLICE_MS = 1_000;
/** What its reply may take beyond that, in ms. */
const GRACE_MS = 2_000;

/**
 * Waits at the server until there is an element in the source, which is then in the staging list: nothing that becomes of
 * the connection, of the wait or of this process loses it.
 */
export class SourceWait {
  readonly #context: ConsumerContext;
  readonly #membership: Membership;
  #lease: DriverLease | undefined;
  #slice: Promise<boolean> | undefined;
  #leasing: AbortController | undefined;
  #wanted = false;
  #cancelled = false;
  #cleanFrom = 0;

  constructor(context: ConsumerContext, membership: Membership) {
    this.#context = context;
    this.#membership = membership;
  }

  /** False while a wait whose connection was lost may still go on at the server, and stage an element. */
  get clean(): boolean {
    return this.#slice === undefined && performance.now() >= this.#cleanFrom;
  }

  /**
   * Waits for so long, a second at most, or for the end of a wait that goes on already. True: something is staged.
   * Rejects as the lease does.
   */
  slice(ms: number): Promise<boolean> {
    this.#wanted = true;
    if (this.#slice !== undefined) return this.#slice;
    this.#cancelled = false;
    this.#slice = this.#wait(Math.min(ms, SLICE_MS)).finally(() => {
      this.#slice = undefined;
      if (!this.#wanted) this.#giveBack();
    });
    return this.#slice;
  }

  /** Ends a wait that goes on; its promise tells whether an element came first. False when the server does not allow it. */
  async cancel(): Promise<boolean> {
    this.#cancelled = true;
    this.#leasing?.abort();
    return (await this.#lease?.cancel().catch(() => false)) ?? true;
  }

  /** Nobody waits any more. Resolves when nothing goes on at the server, within a second even if it cannot be cancelled. */
  async stop(): Promise<void> {
    this.#wanted = false;
    if (this.#slice === undefined) return this.#giveBack();
    void this.cancel();
    await this.#slice.catch(() => undefined);
  }

  async #wait(ms: number): Promise<boolean> {
    const { id, source, keys } = this.#context;
    this.#lease ??= await this.#take();
    const lease = this.#lease;
    if (lease === undefined || this.#cancelled) return false;
    // One behind the other on this connection: what is staged belongs to a consumer that is known to live.
    const beat = lease.send(this.#membership.beatCommand());
    const move = lease.send(['BLMOVE', source, keys.staging(id), 'LEFT', 'RIGHT', Math.max(ms, 1) / 1_000], {
      timeoutMs: ms + GRACE_MS,
      replies: 'bytes',
    });
    beat.then(
      (reply) => this.#membership.heard(reply).catch(() => undefined),
      () => undefined,
    );
    try {
      return (await move) !== null;
    } catch (error) {
      if (maybeExecuted(error)) this.#cleanFrom = performance.now() + SLICE_MS + GRACE_MS;
      this.#giveBack();
      throw error;
    }
  }

  async #take(): Promise<DriverLease | undefined> {
    const leasing = new AbortController();
    this.#leasing = leasing;
    try {
      return await this.#context.driver.lease({ key: this.#context.source, signal: leasing.signal });
    } catch (error) {
      if (leasing.signal.aborted) return undefined;
      throw error;
    } finally {
      this.#leasing = undefined;
    }
  }

  #giveBack(): void {
    const lease = this.#lease;
    this.#lease = undefined;
    lease?.[Symbol.asyncDispose]().catch(() => undefined);
  }
}
