import type { SseSession } from './sse-session.js';

/** Coarser than this is too coarse for lifetimes, however long heartbeats take. */
const MAX_PERIOD_MS = 1_000;

/** Lets sessions do what is due. One timer for all: a timer that every event resets, for each of them, costs too much. */
export class Sweeper {
  readonly #sessions: Iterable<SseSession> & { readonly size: number };
  readonly #periodMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(sessions: Iterable<SseSession> & { readonly size: number }, heartbeatMs: number) {
    this.#sessions = sessions;
    this.#periodMs = Math.min(heartbeatMs / 4, MAX_PERIOD_MS);
  }

  /** There are sessions; stops by itself when there are none. */
  start(): void {
    this.#timer ??= setInterval(this.#sweep, this.#periodMs).unref();
  }

  readonly #sweep = (): void => {
    const now = performance.now();
    for (const session of this.#sessions) session.sweep(now);
    if (this.#sessions.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  };
}
