import type { LogEntry, ResetReason } from '@redlane/client/stream-log';
import type { ListenerPolicy } from '../event-feed.js';
import type { ChannelLog, LogTail } from '../store/channel-store.js';
import type { Attendant, Audience } from './audience.js';
import type { ChannelCounters } from './channel-counters.js';
import { publishChannelEvent } from './channel-diagnostics.js';

/** What readers of a channel share. */
export interface ReadingContext {
  readonly channelId: string;
  readonly log: ChannelLog;
  readonly audience: Audience;
  readonly counters: ChannelCounters;
  readonly readers: Set<ChannelReader>;
}

export interface ReaderOptions {
  readonly cursor: string | undefined;
  /** Without a cursor; a listener that was here before goes on where it was, unless it is to begin at the start. */
  readonly from: 'now' | 'start';
  readonly listener: string | undefined;
  readonly policy: ListenerPolicy;
  readonly onReadable: () => void;
}

/** As a feed's items, with the entry of the log in place of its frame. */
export type ChannelItem =
  | { readonly type: 'open'; readonly position: string }
  | { readonly type: 'reset'; readonly position: string; readonly reason: ResetReason }
  | LogEntry<string>
  | { readonly type: 'busy' | 'taken-over' | 'stopped' };

/** Reads a channel for one listener, or for who gets what is for everybody only. */
export class ChannelReader implements Attendant {
  readonly listener: string | undefined;
  readonly policy: ListenerPolicy;
  readonly #context: ReadingContext;
  readonly #onReadable: () => void;
  readonly #cursor: string | undefined;
  readonly #from: 'now' | 'start';
  #state: 'new' | 'joining' | 'reading' | 'over' = 'new';
  #tail: LogTail | undefined;
  #last: ChannelItem | undefined;
  #error: unknown;
  #isWaiting = false;

  constructor(context: ReadingContext, options: ReaderOptions) {
    this.#context = context;
    this.#onReadable = options.onReadable;
    this.#cursor = options.cursor;
    this.#from = options.from;
    this.listener = options.listener;
    this.policy = options.policy;
    context.readers.add(this);
  }

  get behind(): number {
    return this.#tail?.behind ?? 0;
  }

  /** @throws what keeps it from reading: RepositoryError's causes, or `CLOSED` */
  read(): ChannelItem | undefined {
    const item = this.#take();
    this.#isWaiting = item === undefined;
    return item;
  }

  close(): void {
    this.#isWaiting = false;
    this.#finish(undefined);
    this.#last = undefined;
  }

  end(type: 'taken-over' | 'stopped'): void {
    if (type === 'taken-over') this.#context.counters.takenOver++;
    this.#finish({ type });
    this.#wake();
  }

  #take(): ChannelItem | undefined {
    if (this.#error !== undefined) throw this.#error;
    if (this.#state === 'new') {
      this.#state = 'joining';
      this.#join().catch((error: unknown) => this.fail(error));
    }
    if (this.#state !== 'reading') {
      const last = this.#last;
      this.#last = undefined;
      return last;
    }
    return this.#fromLog();
  }

  #fromLog(): ChannelItem | undefined {
    const { audience, counters, channelId } = this.#context;
    let event: ReturnType<LogTail['read']>;
    try {
      event = this.#tail?.read();
    } catch (error) {
      this.#finish(undefined);
      this.#error = error;
      throw error;
    }
    if (event === undefined) return undefined;
    const { listener } = this;
    if (listener !== undefined) audience.note(listener, event.position);
    if (event.type === 'reset') {
      counters.resets++;
      publishChannelEvent({ event: 'reset', channel: channelId, listener, reason: event.reason });
    } else if (event.type === 'entry') counters.delivered++;
    return event;
  }

  async #join(): Promise<void> {
    const { audience, counters, log } = this.#context;
    const admission = await audience.join(this);
    if (this.#state !== 'joining') return;
    if (admission.type !== 'admitted') {
      if (admission.type === 'busy') counters.refused++;
      this.#finish(admission);
    } else {
      const from = this.#from;
      const cursor = this.#cursor ?? (from === 'start' ? undefined : admission.position);
      if (cursor !== undefined) counters.replays++;
      this.#tail = log.open(cursor, { from, target: this.listener, onReadable: this.#onReadable });
      this.#state = 'reading';
    }
    this.#wake();
  }

  /** It cannot go on: the next `read` throws this. */
  fail(error: unknown): void {
    if (this.#state === 'over') return;
    this.#finish(undefined);
    this.#error = error;
    this.#wake();
  }

  #finish(last: ChannelItem | undefined): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#last = last;
    this.#tail?.close();
    this.#context.audience.leave(this);
    this.#context.readers.delete(this);
  }

  #wake(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#onReadable();
  }
}
