import { publishPoolEvent } from './diagnostics.js';
import type { PooledConnection } from './pool-options.js';
import type { EndEvent, PoolSlot } from './pool-slot.js';

/** Which slots there are, and which of them are lent out or idle. */
export class PoolMembers<C extends PooledConnection> {
  readonly slots: Set<PoolSlot<C>> = new Set();
  readonly used: Set<C> = new Set();
  /** The one used last stands last. */
  readonly idle: PoolSlot<C>[] = [];
  created = 0;
  destroyed = 0;
  readonly #byConnection: Map<C, PoolSlot<C>> = new Map();
  /** Ended while somebody held them; that one may still give them back. */
  readonly #endedInUse: WeakSet<C> = new WeakSet();

  get size(): number {
    return this.slots.size;
  }

  find(connection: C): PoolSlot<C> | undefined {
    return this.#byConnection.get(connection);
  }

  hasEndedInUse(connection: C): boolean {
    return this.#endedInUse.has(connection);
  }

  /** Whether this is the one return that is owed for a connection which ended in use. */
  settlesEndedInUse(connection: C): boolean {
    return this.#endedInUse.delete(connection);
  }

  opened(slot: PoolSlot<C>, connection: C, expiresAt: number): void {
    slot.opened(connection, expiresAt);
    this.#byConnection.set(connection, slot);
    this.created++;
    publishPoolEvent({ event: 'opened' });
  }

  dialFailed(slot: PoolSlot<C>): void {
    slot.apply('dialFailed');
    this.slots.delete(slot);
  }

  lend(slot: PoolSlot<C>, now: number, holder: Error | undefined): void {
    slot.taken(now, holder);
    this.used.add(slot.connection);
  }

  giveBack(slot: PoolSlot<C>): void {
    slot.apply('giveBack');
    this.used.delete(slot.connection);
  }

  reset(slot: PoolSlot<C>): void {
    slot.apply('reset');
    this.used.delete(slot.connection);
  }

  keep(slot: PoolSlot<C>, now: number): void {
    slot.idleSince = now;
    this.idle.push(slot);
  }

  /** Closes a slot's connection, or its dial. */
  end(slot: PoolSlot<C>, event: EndEvent, cause: Error | undefined): void {
    const { state } = slot;
    slot.apply(event);
    this.slots.delete(slot);
    if (state === 'connecting') {
      slot.dialing.abort(cause);
      return;
    }
    const { connection } = slot;
    this.#byConnection.delete(connection);
    if (this.used.delete(connection) && event !== 'discard') this.#endedInUse.add(connection);
    const index = this.idle.indexOf(slot);
    if (index >= 0) this.idle.splice(index, 1);
    this.destroyed++;
    publishPoolEvent({ event: 'closed', reason: event });
    connection.onClosed = undefined;
    connection.destroy(cause);
  }
}
