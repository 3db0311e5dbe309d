import {
  type EventFeed,
  EventFrame,
  type FeedItem,
  type FeedOpenOptions,
  type FeedReader,
} from '../../src/index.js';

interface Entry {
  readonly offset: number;
  readonly listener: string | undefined;
  readonly item: FeedItem;
}

/** A channel in memory, for tests of what writes it to clients. Several processes' worth of sessions may read one. */
export class MemoryFeed implements EventFeed {
  readonly id: string;
  readonly readers: Set<MemoryReader> = new Set();
  /** What readers of these listeners are told first. */
  readonly refused: Map<string, FeedItem> = new Map();
  epoch = 'e1';
  last = 0;
  entries: Entry[] = [];
  /** Readers get nothing at all while it is set. */
  isSilent = false;

  constructor(id = 'news') {
    this.id = id;
  }

  open(options: FeedOpenOptions): FeedReader {
    const reader = new MemoryReader(this, options);
    this.readers.add(reader);
    return reader;
  }

  /** Appends an event for everybody, or for one listener; the id is its position. */
  append(data: string, { event, listener }: { event?: string; listener?: string } = {}): string {
    const offset = ++this.last;
    const id = `${this.epoch}.${offset}`;
    this.entries.push({
      offset,
      listener,
      item: { type: 'event', frame: EventFrame.of({ id, event, data }) },
    });
    this.wake();
    return id;
  }

  /** Something other than an event, for everybody who reads. */
  tell(item: FeedItem): void {
    for (const reader of this.readers) reader.extra.push(item);
    this.wake();
  }

  fail(error: Error): void {
    for (const reader of this.readers) reader.error = error;
    this.wake();
  }

  /** Forgets all but the newest. */
  trim(size: number): void {
    this.entries = this.entries.slice(this.entries.length - size);
  }

  wake(): void {
    if (this.isSilent) return;
    for (const reader of this.readers) reader.wake();
  }
}

class MemoryReader implements FeedReader {
  readonly extra: FeedItem[] = [];
  error: Error | undefined;
  readonly #feed: MemoryFeed;
  readonly #options: FeedOpenOptions;
  #offset: number | undefined;
  #isWaiting = false;

  constructor(feed: MemoryFeed, options: FeedOpenOptions) {
    this.#feed = feed;
    this.#options = options;
  }

  read(): FeedItem | undefined {
    if (this.error !== undefined) throw this.error;
    const item = this.#feed.isSilent ? undefined : this.#next();
    this.#isWaiting = item === undefined;
    return item;
  }

  close(): void {
    this.#feed.readers.delete(this);
  }

  wake(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#options.onReadable();
  }

  #next(): FeedItem | undefined {
    const { listener } = this.#options;
    if (this.#offset === undefined) return this.#begin();
    const offset = this.#offset;
    const extra = this.extra.shift();
    if (extra !== undefined) return extra;
    const entry = this.#feed.entries.find(
      (candidate) =>
        candidate.offset > offset && (candidate.listener === undefined || candidate.listener === listener),
    );
    if (entry === undefined) return undefined;
    this.#offset = entry.offset;
    return entry.item;
  }

  #begin(): FeedItem {
    const { cursor, from, listener } = this.#options;
    const refused = this.#feed.refused.get(listener ?? '');
    if (refused !== undefined) return refused;
    const { epoch, last, entries } = this.#feed;
    if (cursor === undefined) {
      this.#offset = from === 'now' ? last : (entries[0]?.offset ?? last + 1) - 1;
      return { type: 'open', position: `${epoch}.${this.#offset}` };
    }
    const [life, number] = cursor.split('.');
    const offset = Number(number);
    const first = entries[0]?.offset ?? last + 1;
    if (life === epoch && offset + 1 >= first && offset <= last) {
      this.#offset = offset;
      return { type: 'open', position: cursor };
    }
    this.#offset = last;
    return { type: 'reset', position: `${epoch}.${last}`, reason: life === epoch ? 'trimmed' : 'epoch' };
  }
}
