import type { ResolvedOptions } from '../client-options.js';
import type { Connection } from '../connection.js';
import type { ClientError } from '../errors.js';

/** While messages come, a PING at least every so many ms shows that none of those before it is missing. */
const MARK_MS = 1_000;

/**
 * Keeps {@link Connection.wholeUntil} young while messages come: they alone do not say that none is missing before them, and
 * an answered command does. It also finds a connection on which we hear, and are not heard.
 */
export class DeliveryMark {
  readonly #everyMs: number;
  readonly #silenceTimeoutMs: number;
  readonly #pausing: Set<object> = new Set();
  #pauses = 0;
  #markedAt = 0;

  constructor({ pingIntervalMs, silenceTimeoutMs }: ResolvedOptions) {
    this.#everyMs = Math.min(MARK_MS, pingIntervalMs);
    this.#silenceTimeoutMs = silenceTimeoutMs;
  }

  /** A message has come. */
  touch(connection: Connection): void {
    const now = connection.lastReadAt;
    if (now - this.#markedAt < this.#everyMs || now - connection.wholeUntil < this.#everyMs) return;
    this.#markedAt = now;
    const pauses = this.#pauses;
    connection.exchange([['PING']], this.#silenceTimeoutMs).catch((error: ClientError) => {
      // One that was not read in the meantime may have answered.
      if (error.code === 'TIMEOUT' && pauses === this.#pauses) connection.destroy(error);
    });
  }

  /** The connection is not read until nobody asks for that any more; one that takes its place is. */
  pause(connection: Connection | undefined, by: object): void {
    this.#pausing.add(by);
    this.#pauses++;
    connection?.pause();
  }

  resume(connection: Connection | undefined, by: object): void {
    if (this.#pausing.delete(by) && this.#pausing.size === 0) connection?.resume();
  }
}
