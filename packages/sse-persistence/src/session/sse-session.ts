import type { EventFeed, FeedItem, FeedReader } from '../event-feed.js';
import { comeBackFrame, HEARTBEAT, openingFrame, resetFrame, TAKEN_OVER } from './control-frames.js';
import type { EventFrame } from './event-frame.js';
import type { SessionCounters } from './session-counters.js';
import type { SessionEnd, SessionEndReason } from './session-end.js';
import type { ResolvedSessionOptions } from './session-options.js';
import type { SessionSink, SinkOwner } from './session-sink.js';
import type { Flushable, TickQueue, Turn } from './tick-queue.js';

/** Much is written in pieces of about this size, for as long as the connection has room. */
const WRITE_BYTES = 65_536;

/** What sessions of a process have in common. */
export interface SessionSurroundings {
  readonly options: ResolvedSessionOptions;
  readonly counters: SessionCounters;
  readonly queue: TickQueue;
  /** The session reads and writes no more. */
  ended(session: SseSession, end: SessionEnd): void;
  /** Its connection is done with, too. */
  closed(session: SseSession): void;
}

/** What a session is about. */
export interface SessionSubject {
  readonly feed: EventFeed;
  readonly listener: string | undefined;
  /** Of `performance.now()`: what `authorize` has allowed is over then. */
  readonly endsBy: number;
  readonly onEnd: (end: SessionEnd) => void;
}

/**
 * One open response: takes events from a reader as fast as the connection takes bytes.
 *
 * Until it has caught up, it reads only when the connection has room, so that a long replay waits in the log and not here. From
 * then on it reads what comes, and what the connection has no room for waits here, up to `maxQueuedBytes`.
 */
export class SseSession implements Flushable, SinkOwner {
  readonly subject: SessionSubject;
  readonly #reader: FeedReader;
  #sink: SessionSink | undefined;
  readonly #around: SessionSurroundings;
  readonly #endsAt: number;
  /** What is to be written; `undefined` when there is nothing, as in nearly all sessions nearly always. */
  #pending: EventFrame[] | undefined;
  #pendingBytes = 0;
  #isQueued = false;
  #hasCaughtUp = false;
  /** Since when the connection has had no room; `undefined`: it has. */
  #fullSince: number | undefined;
  #wroteAt = 0;
  #events = 0;
  #bytes = 0;
  /** Too much waits; whether the connection takes it in this turn remains to be seen. */
  #isOverdue = false;
  #isOver = false;
  #letGo: (() => void) | undefined;

  constructor(around: SessionSurroundings, subject: SessionSubject, reader: FeedReader) {
    this.#around = around;
    this.subject = subject;
    this.#reader = reader;
    // A spread of a tenth to both sides: who came together need not leave together.
    this.#endsAt = performance.now() + around.options.maxAgeMs * (0.9 + Math.random() / 5);
  }

  /** Bytes that wait for the client. */
  get queuedBytes(): number {
    return this.#pendingBytes + (this.#sink?.queuedBytes ?? 0);
  }

  /** Writes the first bytes, and goes on with what the reader has. */
  start(sink: SessionSink, first: Extract<FeedItem, { type: 'open' | 'reset' }>): void {
    this.#sink = sink;
    const { retryMs, resetEvent } = this.#around.options;
    if (first.type === 'reset') this.#around.counters.resets++;
    this.#write(openingFrame(first, retryMs, resetEvent), performance.now());
    this.wake();
  }

  /** The reader may have something. */
  wake(): void {
    if (this.#isQueued || this.#isOver) return;
    this.#isQueued = true;
    this.#around.queue.add(this);
  }

  flush(turn: Turn): void {
    this.#isQueued = false;
    if (this.#isOver) return;
    try {
      this.#readOn(turn);
    } catch (error) {
      this.end('failed', error);
    }
  }

  drained(): void {
    this.#fullSince = undefined;
    this.wake();
  }

  closed(): void {
    if (!this.#isOver) this.#finish('client');
    this.#around.closed(this);
  }

  /** Does what is due, some times in a heartbeat. */
  sweep(now: number): void {
    const { heartbeatMs, stallTimeoutMs } = this.#around.options;
    if (this.#fullSince !== undefined) {
      if (now - this.#fullSince >= stallTimeoutMs) this.end('stalled');
    } else if (now >= this.#endsAt) this.end('max-age');
    else if (now >= this.subject.endsBy) this.end('expired');
    else if (now - this.#wroteAt >= heartbeatMs) this.#write(HEARTBEAT, now);
  }

  /** Ends the response. Clients come back, save those that are told not to. */
  end(reason: SessionEndReason, error?: unknown): void {
    if (this.#isOver) return;
    const isTooSlow = reason === 'slow' || reason === 'stalled';
    if (isTooSlow) this.#around.counters.drops++;
    else this.#writeLast(reason);
    this.#finish(reason, error);
    if (reason === 'stalled') this.#sink?.destroy();
    else this.#sink?.end();
  }

  /** Ends when the signal is aborted. */
  endWith(signal: AbortSignal): void {
    const abort = (): void => this.end('drained');
    signal.addEventListener('abort', abort);
    this.#letGo = () => signal.removeEventListener('abort', abort);
  }

  #readOn(turn: Turn): void {
    if (this.#isOverdue && this.#fullSince !== undefined) {
      this.end('slow');
      return;
    }
    this.#isOverdue = false;
    this.#writePending(turn);
    while (this.#hasCaughtUp || this.#fullSince === undefined) {
      const item = this.#reader.read();
      if (item === undefined) {
        this.#hasCaughtUp = true;
        break;
      }
      if (item.type === 'event') this.#enqueue(item.frame);
      else if (this.#obey(item)) return;
      if (this.#fullSince === undefined) {
        if (this.#pendingBytes >= WRITE_BYTES) this.#writePending(turn);
      } else if (this.queuedBytes > this.#around.options.maxQueuedBytes) {
        this.#isOverdue = true;
        this.wake();
        return;
      }
    }
    this.#writePending(turn);
  }

  /** Whether that was the end. */
  #obey(item: Exclude<FeedItem, { type: 'event' }>): boolean {
    if (item.type === 'reset') {
      this.#around.counters.resets++;
      this.#enqueue(resetFrame(item, this.#around.options.resetEvent));
    } else if (item.type !== 'open') this.end(item.type === 'busy' ? 'taken-over' : item.type);
    return this.#isOver;
  }

  #enqueue(frame: EventFrame): void {
    if (this.#pending === undefined) this.#pending = [frame];
    else this.#pending.push(frame);
    this.#pendingBytes += frame.bytes.length;
  }

  /** Writes what waits, for as long as there is room. In pieces, as the connection tells of whole ones only that it took them. */
  #writePending(turn: Turn): void {
    while (this.#fullSince === undefined && this.#pending !== undefined) {
      const piece = this.#takePiece(this.#pending);
      const whole = turn.join(piece);
      this.#pendingBytes -= whole.bytes.length;
      this.#count(piece.length);
      this.#write(whole, turn.now);
    }
  }

  #takePiece(pending: EventFrame[]): EventFrame[] {
    if (this.#pendingBytes > WRITE_BYTES) {
      let bytes = 0;
      const last = pending.findIndex((frame) => {
        bytes += frame.bytes.length;
        return bytes >= WRITE_BYTES;
      });
      if (last < pending.length - 1) return pending.splice(0, last + 1);
    }
    this.#pending = undefined;
    return pending;
  }

  #count(events: number): void {
    this.#events += events;
    this.#around.counters.delivered += events;
  }

  #write(frame: EventFrame, now: number): void {
    this.#bytes += frame.bytes.length;
    this.#wroteAt = now;
    if (this.#sink?.write(frame) === false) this.#fullSince = now;
  }

  /** What waits is bounded, so it goes out before the end even if the connection has no room. */
  #writeLast(reason: SessionEndReason): void {
    const now = performance.now();
    const pending = this.#pending ?? [];
    for (const frame of pending) this.#write(frame, now);
    this.#count(pending.length);
    if (reason === 'taken-over') this.#write(TAKEN_OVER, now);
    if (reason === 'drained') this.#write(comeBackFrame(this.#around.options.refusalRetryMs), now);
  }

  #finish(reason: SessionEndReason, error?: unknown): void {
    this.#isOver = true;
    this.#pending = undefined;
    this.#pendingBytes = 0;
    this.#reader.close();
    this.#letGo?.();
    const { feed, listener } = this.subject;
    const facts = { reason, channel: feed.id, listener, events: this.#events, bytes: this.#bytes };
    this.#around.ended(this, error === undefined ? facts : { ...facts, error });
  }
}
