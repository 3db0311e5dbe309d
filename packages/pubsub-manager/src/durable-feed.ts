import { ClosedError, type Topic } from '@redlane/client';
import type { LogEvent, LogReader, ResetReason, StreamLog } from '@redlane/client/stream-log';
import type { Form, Membership } from './dispatch.js';
import { FIELD } from './durable-logs.js';
import { inTime, type Wait } from './in-time.js';
import type { Mailbox } from './mailbox.js';
import type { Raw } from './message-info.js';

/** A stretch of a stream that was not read. */
export interface MissedEntries {
  readonly from: number;
  readonly to: number;
  readonly reason: 'trimmed' | 'lost';
  readonly dropped?: number | undefined;
}

/** What a feed tells besides messages. */
export interface FeedEvents {
  onMissed(missed: MissedEntries): void;
  /** It cannot go on. */
  onFailed(error: unknown): void;
}

/**
 * Hands the messages of a stream to a mailbox, from an id or from the oldest that is kept, and then as they come: each
 * once, in order, whatever becomes of connections. While the mailbox is full it reads no further. Where the stream does not
 * keep what would come next, it says so and goes on with the oldest that it keeps.
 */
export class DurableFeed implements Membership {
  readonly ready: Promise<void>;
  readonly #log: StreamLog<Form>;
  readonly #topic: Topic;
  readonly #channel: string;
  readonly #mailbox: Mailbox;
  readonly #events: FeedEvents;
  #reader: LogReader<Raw>;
  #ended = false;
  #started: () => void = () => undefined;
  #refused: (error: unknown) => void = () => undefined;
  #isReady = false;
  /** Of the last entry read. */
  #position: string | undefined;
  #at = 0;
  /** Why reading begins again. */
  #reset: ResetReason | undefined;

  constructor(
    { log, channel, replay }: { log: StreamLog<Form>; channel: string; replay: true | string },
    mailbox: Mailbox,
    events: FeedEvents,
    wait: Wait,
  ) {
    this.#log = log;
    this.#channel = channel;
    this.#topic = { channel };
    this.#mailbox = mailbox;
    this.#events = events;
    const started = new Promise<void>((resolve, reject) => {
      this.#started = resolve;
      this.#refused = reject;
    });
    this.ready = inTime(started, wait).catch((error: unknown) => {
      void this.leave();
      throw error;
    });
    this.#position = replay === true ? undefined : replay;
    this.#reader = this.#open(this.#position);
    this.#read();
  }

  leave(): Promise<void> {
    this.#ended = true;
    this.#reader.close();
    this.#refused(new ClosedError('log'));
    return Promise.resolve();
  }

  #open(cursor: string | undefined): LogReader<Raw> {
    return this.#log.open(cursor, { from: 'start', onReadable: this.#read }) as LogReader<Raw>;
  }

  readonly #read = (): void => {
    while (!this.#ended) {
      if (!this.#mailbox.hasRoom) {
        this.#mailbox.onRoom(this.#read);
        return;
      }
      let event: LogEvent<Raw> | undefined;
      try {
        event = this.#reader.read();
      } catch (error) {
        this.#fail(error);
        return;
      }
      if (event === undefined) return;
      this.#take(event);
    }
  };

  #take(event: LogEvent<Raw>): void {
    if (event.type === 'entry') {
      const { position: id, at, data } = event;
      this.#position = id;
      this.#at = at;
      const raw = data[FIELD];
      // Somebody else writes to the stream.
      if (raw !== undefined) this.#mailbox.deliver(this.#topic, this.#channel, raw, { id, at });
      return;
    }
    if (event.type === 'open') {
      if (this.#reset !== undefined) this.#missed(this.#reset, event.position);
      this.#reset = undefined;
      this.#position = event.position;
    } else if (event.reason === 'ahead') {
      // What follows are other messages under numbers that were read before.
      this.#missed('ahead', event.position);
      this.#position = event.position;
    } else {
      this.#reset = event.reason;
      this.#reader.close();
      this.#reader = this.#open(undefined);
      return;
    }
    this.#isReady = true;
    this.#started();
  }

  #missed(reason: ResetReason, position: string): void {
    const trimmed = reason === 'trimmed';
    this.#events.onMissed({
      from: this.#at,
      to: Date.now(),
      reason: trimmed ? 'trimmed' : 'lost',
      // Positions of one life of a stream end in numbers that count its entries.
      ...(trimmed ? { dropped: numberOf(position) - numberOf(this.#position ?? position) } : {}),
    });
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#isReady) this.#events.onFailed(error);
    else this.#refused(error);
  }
}

function numberOf(position: string): number {
  return Number(position.slice(position.lastIndexOf('.') + 1));
}
