import type { EventFeed, FeedItem, FeedOpenOptions, FeedReader } from '../event-feed.js';
import { ChannelReader, type ReadingContext } from './channel-reader.js';
import type { EventWriter } from './event-writer.js';

/** A channel's events for open HTTP responses. */
export class ChannelFeed implements EventFeed {
  readonly #context: () => ReadingContext;
  readonly #writer: EventWriter;
  readonly id: string;

  /** `context` throws when the channel cannot be read any more, or not in this way. */
  constructor(id: string, context: () => ReadingContext, writer: EventWriter) {
    this.id = id;
    this.#context = context;
    this.#writer = writer;
  }

  open(options: FeedOpenOptions): FeedReader {
    return new ChannelFeedReader(new ChannelReader(this.#context(), options), this.#writer);
  }
}

class ChannelFeedReader implements FeedReader {
  readonly #reader: ChannelReader;
  readonly #writer: EventWriter;

  constructor(reader: ChannelReader, writer: EventWriter) {
    this.#reader = reader;
    this.#writer = writer;
  }

  read(): FeedItem | undefined {
    for (;;) {
      const item = this.#reader.read();
      if (item?.type !== 'entry') return item;
      const event = this.#writer.item(item);
      if (event !== undefined) return event;
    }
  }

  close(): void {
    this.#reader.close();
  }
}
