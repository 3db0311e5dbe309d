import type { EventFeed } from '../event-feed.js';
import { comeBackFrame } from './control-frames.js';
import type { Exchange, Headers } from './exchange.js';
import { GONE, type OpenedFeed, openFeed } from './feed-opening.js';
import { Roster } from './roster.js';
import { SessionCounters } from './session-counters.js';
import { publishEnded, publishOpened } from './session-diagnostics.js';
import type { SessionEnd } from './session-end.js';
import type { ResolvedSessionOptions, Verdict } from './session-options.js';
import { type SessionSubject, type SessionSurroundings, SseSession } from './sse-session.js';
import { Sweeper } from './sweeper.js';
import { TickQueue } from './tick-queue.js';

/** A request for a channel's events. */
export interface Arrival {
  readonly feed: EventFeed;
  readonly exchange: Exchange;
  readonly listener: string | undefined;
  readonly from: 'now' | 'start';
  readonly signal: AbortSignal | undefined;
  readonly onEnd: (end: SessionEnd) => void;
}

/** Decides about requests, and makes sessions of those that may begin. */
export class Reception implements SessionSurroundings {
  readonly options: ResolvedSessionOptions;
  readonly counters: SessionCounters = new SessionCounters();
  readonly queue: TickQueue = new TickQueue();
  readonly roster: Roster = new Roster();
  readonly #headers: Headers;
  readonly #sweeper: Sweeper;
  /** Their responses have ended, and their connections have yet to take the rest. */
  readonly #ending: Set<SseSession> = new Set();
  #whenFinished: (() => void)[] = [];
  #opening = 0;
  #isClosed = false;

  constructor(options: ResolvedSessionOptions, headers: Headers) {
    this.options = options;
    this.#headers = headers;
    this.#sweeper = new Sweeper(this.roster, options.heartbeatMs);
  }

  /** Requests whose answer has not begun yet. */
  get opening(): number {
    return this.#opening;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Nobody is admitted from now on. */
  close(): void {
    this.#isClosed = true;
  }

  /** Resolves when no connection of a response that has ended has anything left to take. */
  finished(): Promise<void> {
    if (this.#ending.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenFinished.push(resolve));
  }

  /** @throws what `authorize` throws, before anything is answered */
  async receive(arrival: Arrival): Promise<void> {
    const { feed, exchange } = arrival;
    const verdict = (await this.options.authorize?.(exchange.request, feed.id)) ?? true;
    if (exchange.isGone) {
      this.#never(arrival, 'client');
      return;
    }
    const grant: Exclude<Verdict, boolean> = typeof verdict === 'boolean' ? { allow: verdict } : verdict;
    if (!grant.allow) {
      this.counters.denials++;
      exchange.answer(grant.status ?? 403, {});
      this.#never(arrival, 'denied');
      return;
    }
    const allowed = { ...arrival, listener: grant.listener ?? arrival.listener };
    if (this.#isFull()) {
      this.#refuse(allowed);
      return;
    }
    if (exchange.request.method === 'HEAD') {
      exchange.answer(200, this.#headers);
      this.#never(allowed, 'client');
      return;
    }
    const opened = await this.#open(allowed);
    if (opened !== undefined) this.#begin(allowed, opened, grant.expiresAt);
  }

  ended(session: SseSession, end: SessionEnd): void {
    this.roster.remove(session);
    this.#ending.add(session);
    this.#report(session.subject.onEnd, end);
  }

  closed(session: SseSession): void {
    this.#ending.delete(session);
    if (this.#ending.size > 0) return;
    for (const resolve of this.#whenFinished.splice(0)) resolve();
  }

  #isFull(): boolean {
    return this.#isClosed || this.roster.size + this.#opening >= this.options.maxSessions;
  }

  async #open(arrival: Arrival): Promise<OpenedFeed | undefined> {
    const { feed, exchange, listener, from } = arrival;
    const { openTimeoutMs: timeoutMs, listenerPolicy: policy } = this.options;
    this.#opening++;
    try {
      const { cursor } = exchange.request;
      return await openFeed(feed, { cursor, from, listener, policy }, exchange, timeoutMs);
    } catch (error) {
      if (error === GONE) this.#never(arrival, 'client');
      else this.#refuse(arrival, error);
      return undefined;
    } finally {
      this.#opening--;
    }
  }

  #begin(arrival: Arrival, opened: OpenedFeed, expiresAt: number | undefined): void {
    const { feed, exchange, listener, signal, onEnd } = arrival;
    const { reader, first } = opened;
    // It may have gone in the very tick in which the reader was ready.
    if (exchange.isGone) {
      reader.close();
      this.#never(arrival, 'client');
      return;
    }
    if (first.type === 'stopped') {
      reader.close();
      exchange.answer(204, {});
      this.#never(arrival, 'stopped');
      return;
    }
    const isElsewhere = first.type === 'busy' || first.type === 'taken-over';
    const isTooLate = this.#isClosed || signal?.aborted === true;
    if (isElsewhere || isTooLate || !this.roster.admit(feed, listener, this.options.listenerPolicy)) {
      reader.close();
      this.#refuse(arrival);
      return;
    }
    const subject: SessionSubject = { feed, listener, onEnd, endsBy: monotonic(expiresAt) };
    const session = new SseSession(this, subject, reader);
    this.counters.opened++;
    if (exchange.request.cursor !== undefined) this.counters.replays++;
    publishOpened(feed.id, listener);
    this.roster.add(session);
    this.#sweeper.start();
    if (signal !== undefined) session.endWith(signal);
    opened.handOver(session);
    session.start(exchange.begin(this.#headers, session), first);
  }

  /** For the moment: anything but 200 would keep an EventSource from coming back. */
  #refuse(arrival: Arrival, error?: unknown): void {
    this.counters.refusals++;
    arrival.exchange.answer(200, this.#headers, comeBackFrame(this.options.refusalRetryMs).bytes);
    this.#never(arrival, 'refused', error);
  }

  #never({ feed, listener, onEnd }: Arrival, reason: SessionEnd['reason'], error?: unknown): void {
    const facts = { reason, channel: feed.id, listener, events: 0, bytes: 0 };
    this.#report(onEnd, error === undefined ? facts : { ...facts, error });
  }

  #report(settle: (end: SessionEnd) => void, end: SessionEnd): void {
    publishEnded(end);
    settle(end);
    try {
      this.options.onEnd?.(end);
    } catch (error) {
      // Neither the session's end nor another session is to suffer from it.
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }
}

/** Of a time in ms since 1970, by the clock that nobody sets. */
function monotonic(at: number = Number.POSITIVE_INFINITY): number {
  return performance.now() + (at - Date.now());
}
