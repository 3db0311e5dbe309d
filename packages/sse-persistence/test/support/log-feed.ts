import type { LogEntry, LogEvent, StreamLog } from '@redlane/client/stream-log';
import {
  type EventFeed,
  EventFrame,
  type FeedItem,
  type FeedOpenOptions,
  type FeedReader,
} from '../../src/index.js';

/** A log of entries `{ event, data }` as a feed: the smallest one that is right. */
export class LogFeed implements EventFeed {
  readonly id: string;
  readonly #log: StreamLog<'string'>;
  readonly #frames: WeakMap<LogEntry<string>, EventFrame> = new WeakMap();

  constructor(id: string, log: StreamLog<'string'>) {
    this.id = id;
    this.#log = log;
  }

  open({ cursor, from, listener, onReadable }: FeedOpenOptions): FeedReader {
    const reader = this.#log.open(cursor, { target: listener, from, onReadable });
    return {
      read: () => {
        const event = reader.read();
        return event && this.#item(event);
      },
      close: () => reader.close(),
    };
  }

  #item(event: LogEvent<string>): FeedItem {
    if (event.type !== 'entry') return event;
    let frame = this.#frames.get(event);
    if (frame === undefined) {
      const { event: type, data } = event.data;
      frame = EventFrame.of({ id: event.position, event: type, data });
      this.#frames.set(event, frame);
    }
    return { type: 'event', frame };
  }
}
