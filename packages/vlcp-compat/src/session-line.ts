import type { Session } from '@redlane/client';
import { RedisConnectionDown } from './errors.js';
import type { Line, OpenLine } from './line.js';
import { settledWithin } from './settled-within.js';

const GRACE_MS = 1_000;

/** A connection that somebody else has taken, by `withConnection` of the client: it does not come back. */
export class SessionLine implements Line {
  readonly exclusive = true;
  readonly #ending: AbortController = new AbortController();
  readonly #open: OpenLine | undefined;

  constructor(session: Session | undefined) {
    if (session === undefined) return;
    this.#open = { connection: session.connection, caller: session, pinned: session };
  }

  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  get current(): OpenLine | undefined {
    return this.ending.aborted || this.#open?.connection.closed ? undefined : this.#open;
  }

  async open(): Promise<OpenLine> {
    throw new RedisConnectionDown('not connected to a Redis server');
  }

  /** Its owner gives it back. */
  async release(): Promise<void> {
    this.#ending.abort(given());
  }

  async close(force: boolean): Promise<void> {
    this.#ending.abort(given());
    if (!force && this.#open !== undefined) await settledWithin(this.#open.connection.drained(), GRACE_MS);
    this.#open?.connection.destroy();
  }
}

function given(): RedisConnectionDown {
  return new RedisConnectionDown('the connection was given back', { phase: 'queued' });
}
