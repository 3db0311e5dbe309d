import type { EventFeed, ListenerPolicy } from '../event-feed.js';
import type { SseSession } from './sse-session.js';

/** The open responses of a process, and which of them belong to the same listener. */
export class Roster implements Iterable<SseSession> {
  readonly #all: Set<SseSession> = new Set();
  readonly #byFeed: WeakMap<EventFeed, Map<string, Set<SseSession>>> = new WeakMap();

  get size(): number {
    return this.#all.size;
  }

  /**
   * Makes room for a new response of a listener, before that is added.
   *
   * @returns whether it may begin
   */
  admit(feed: EventFeed, listener: string | undefined, policy: ListenerPolicy): boolean {
    const older = listener === undefined ? undefined : this.#byFeed.get(feed)?.get(listener);
    if (older === undefined || policy === 'share') return true;
    if (policy === 'refuse') return false;
    for (const session of [...older]) session.end('taken-over');
    return true;
  }

  add(session: SseSession): void {
    this.#all.add(session);
    const { feed, listener } = session.subject;
    if (listener === undefined) return;
    const listeners = this.#byFeed.get(feed) ?? new Map<string, Set<SseSession>>();
    this.#byFeed.set(feed, listeners);
    const sessions = listeners.get(listener);
    if (sessions === undefined) listeners.set(listener, new Set([session]));
    else sessions.add(session);
  }

  remove(session: SseSession): void {
    this.#all.delete(session);
    const { feed, listener } = session.subject;
    const listeners = this.#byFeed.get(feed);
    const sessions = listener === undefined ? undefined : listeners?.get(listener);
    if (sessions?.delete(session) && sessions.size === 0) listeners?.delete(listener as string);
  }

  [Symbol.iterator](): Iterator<SseSession> {
    return this.#all.values();
  }
}
