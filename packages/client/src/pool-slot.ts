import type { PooledConnection } from './pool-options.js';
import type { Waiter } from './waiters.js';

export type SlotState = 'created' | 'connecting' | 'idle' | 'checking' | 'inUse' | 'resetting' | 'closed';

/** Events that end a slot which has a connection, or a dial. */
export type EndEvent = 'checkFailed' | 'resetFailed' | 'discard' | 'evict' | 'remove' | 'died' | 'destroy';

export type SlotEvent =
  | 'dial'
  | 'dialed'
  | 'dialFailed'
  | 'take'
  | 'check'
  | 'checkPassed'
  | 'giveBack'
  | 'reset'
  | 'resetDone'
  | EndEvent;

export interface Transition {
  readonly from: readonly SlotState[];
  readonly to: SlotState;
}

/** The whole life of a place in the pool: what may happen in which state, and what it becomes. Nothing else may. */
export const TRANSITIONS: Readonly<Record<SlotEvent, Transition>> = {
  /** a waiter, or `minConnections`, needs one more */
  dial: { from: ['created'], to: 'connecting' },
  dialed: { from: ['connecting'], to: 'idle' },
  dialFailed: { from: ['connecting'], to: 'closed' },
  /** handed to the oldest waiter */
  take: { from: ['idle'], to: 'inUse' },
  /** idle for `checkIdleAfterMs`, and somebody wants it */
  check: { from: ['idle'], to: 'checking' },
  checkPassed: { from: ['checking'], to: 'idle' },
  checkFailed: { from: ['checking'], to: 'closed' },
  /** given back clean */
  giveBack: { from: ['inUse'], to: 'idle' },
  /** given back with state on the server */
  reset: { from: ['inUse'], to: 'resetting' },
  resetDone: { from: ['resetting'], to: 'idle' },
  resetFailed: { from: ['resetting'], to: 'closed' },
  /** given back with replies owed, too old, or to a pool that closes */
  discard: { from: ['inUse'], to: 'closed' },
  /** idle for too long, too old, or found unusable */
  evict: { from: ['idle'], to: 'closed' },
  /** `removeConnection` */
  remove: { from: ['idle', 'checking', 'inUse', 'resetting'], to: 'closed' },
  /** the socket went */
  died: { from: ['idle', 'checking', 'inUse', 'resetting'], to: 'closed' },
  /** the pool closes */
  destroy: { from: ['connecting', 'idle', 'checking', 'inUse', 'resetting'], to: 'closed' },
};

/** One place in the pool, from the dial to the end of its connection. */
export class PoolSlot<C extends PooledConnection> {
  #state: SlotState = 'created';
  #connection: C | undefined;
  /** Ends the dial. */
  readonly dialing: AbortController = new AbortController();
  /** Who counts on this slot while it is connecting, checking or resetting. */
  waiter: Waiter<C> | undefined;
  /** Not handed out again from this time on. */
  expiresAt: number = Number.POSITIVE_INFINITY;
  idleSince = 0;
  heldSince = 0;
  /** Where it was taken; only when leaks are reported. */
  holder: Error | undefined;
  leakReported = false;
  /** Number of the current checkout, by which a lease knows that it is still its own. */
  checkout = 0;

  get state(): SlotState {
    return this.#state;
  }

  get connection(): C {
    if (this.#connection === undefined) throw new Error(`no connection yet, the slot is ${this.#state}`);
    return this.#connection;
  }

  /** Moves on, or throws when the event cannot happen in this state, which is a fault of the pool. */
  apply(event: SlotEvent): void {
    const { from, to } = TRANSITIONS[event];
    if (!from.includes(this.#state)) {
      throw new Error(`pool slot: ${event} is impossible in state ${this.#state}`);
    }
    this.#state = to;
  }

  opened(connection: C, expiresAt: number): void {
    this.apply('dialed');
    this.#connection = connection;
    this.expiresAt = expiresAt;
  }

  taken(now: number, holder: Error | undefined): void {
    this.apply('take');
    this.heldSince = now;
    this.holder = holder;
    this.leakReported = false;
    this.checkout++;
  }
}
