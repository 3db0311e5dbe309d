import { keepTrying } from '../on-driver/keep-trying.js';
import type { Message, Subscription, Topic } from '../topic.js';
import type { Decode } from './entry.js';
import { EntryRing } from './entry-ring.js';
import { readNews } from './news.js';
import type { LogContext } from './options.js';
import { type Page, readPage } from './pages.js';
import { formatPosition } from './position.js';

/** Somebody who reads at a node. */
export interface NodeReader {
  /** There may be something to read, or the log is another one now. */
  wake(): void;
  /** It cannot go on. */
  fail(error: unknown): void;
}

interface Heard {
  readonly epoch: string;
  readonly offset: number;
}

/**
 * One log as this process sees it: one subscription for all its readers, the newest entries, and the arithmetic of gaps.
 * What is published only wakes up, and saves reading when nothing is missing; the stream is the truth.
 */
export class LogNode<Raw> {
  readonly context: LogContext;
  readonly ring: EntryRing<Raw>;
  readonly decode: Decode<Raw>;
  readonly #readers: Set<NodeReader> = new Set();
  readonly #onIdle: () => void;
  readonly #ended: AbortController = new AbortController();
  readonly #pages: Map<string, Promise<Page<Raw>>> = new Map();
  #subscription: Promise<Subscription> | undefined;
  /** The look that is under way or was the last, and the one that follows it. Neither rejects. */
  #looking: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  /** Unknown until the first look. */
  #epoch: string | undefined;
  #term = 0;
  /** The furthest that was heard of while a look is under way. */
  #heard: Heard | undefined;
  #quiet = false;
  #idleTimer: NodeJS.Timeout | undefined;

  /** `onIdle` is called when it has ended, since nobody has read it for long. */
  constructor(context: LogContext, decode: Decode<Raw>, onIdle: () => void) {
    this.context = context;
    this.decode = decode;
    this.ring = new EntryRing(context.ringSize, context.ringBytes);
    this.#onIdle = onIdle;
  }

  /** The log's life; `undefined` while it is not known. */
  get epoch(): string | undefined {
    return this.#epoch;
  }

  /** Counts how often what was known turned out to be of no use: positions have to be looked up then. */
  get term(): number {
    return this.#term;
  }

  get position(): string {
    return formatPosition(this.#epoch ?? '', this.ring.last);
  }

  /** Nothing has come since the last call of this. */
  takeQuiet(): boolean {
    const quiet = this.#quiet;
    this.#quiet = true;
    return quiet && this.#epoch !== undefined;
  }

  add(reader: NodeReader): void {
    clearTimeout(this.#idleTimer);
    this.#readers.add(reader);
    if (this.#subscription === undefined) this.#start();
  }

  remove(reader: NodeReader): void {
    if (!this.#readers.delete(reader) || this.#readers.size > 0) return;
    const { lingerMs } = this.context;
    if (lingerMs < 2 ** 31) this.#idleTimer = setTimeout(() => this.endIfIdle(), lingerMs).unref();
  }

  /** Ends, unless somebody reads. */
  endIfIdle(): void {
    if (this.#readers.size === 0) this.#end();
  }

  /** Reads behind an offset. All who ask for the same at the same time share one call. */
  page(offset: number): Promise<Page<Raw>> {
    const epoch = this.#epoch as string;
    const key = `${epoch} ${offset}`;
    let page = this.#pages.get(key);
    if (page === undefined) {
      page = readPage(this.context, this.decode, {
        start: { epoch, offset },
        count: this.context.pageSize,
      }).finally(() => this.#pages.delete(key));
      this.#pages.set(key, page);
    }
    return page;
  }

  /** What Redis has said to a check that began when the log was known up to `since`. */
  compare(epoch: string | null, last: number, since: number): void {
    if (epoch !== this.#epoch || last < since) void this.look();
    else if (last > this.ring.last) this.#jump(last);
  }

  /** Looks up where the log stands. Resolves when a look that began after this call is over, or this node is. */
  look(): Promise<void> {
    this.#next ??= (this.#looking ?? Promise.resolve()).then(() => {
      this.#looking = this.#next;
      this.#next = undefined;
      return this.#look();
    });
    return this.#next;
  }

  /** It cannot go on, and neither can its readers. */
  fail(error: unknown): void {
    if (this.#ended.signal.aborted) return;
    const readers = [...this.#readers];
    this.#end();
    for (const reader of readers) reader.fail(error);
  }

  #start(): void {
    const { driver, keys, publish } = this.context;
    const topic: Topic = publish === 'shard' ? { shard: keys.topic } : { channel: keys.topic };
    const options = { replies: 'bytes', onGap: () => void this.look() } as const;
    const onMessage = (message: Message<Uint8Array>): void => this.#hear(message.payload);
    this.#subscription = keepTrying(() => driver.subscribe(topic, onMessage, options), this.#always());
    this.#subscription.then(
      (subscription) => {
        if (this.#ended.signal.aborted) subscription.unsubscribe().catch(() => undefined);
        else void this.look();
      },
      (error) => this.fail(error),
    );
  }

  async #look(): Promise<void> {
    if (this.#ended.signal.aborted) return;
    const known = this.ring.last;
    this.#heard = undefined;
    try {
      const read = () => readPage(this.context, this.decode, { start: 'now', count: 1 });
      const { epoch, last } = await keepTrying(read, this.#always());
      if (this.#ended.signal.aborted) return;
      const heard = this.#heard as Heard | undefined;
      const furthest = heard?.epoch === epoch ? Math.max(last, heard.offset) : last;
      if (heard !== undefined && heard.epoch !== epoch) void this.look();
      if (epoch !== this.#epoch || last < known) {
        this.#epoch = epoch;
        this.#term++;
        this.ring.clear(furthest);
        this.#wake();
      } else if (furthest > this.ring.last) this.#jump(furthest);
    } catch (error) {
      this.fail(error);
    }
  }

  #hear(message: Uint8Array): void {
    const news = readNews(message, this.decode);
    if (news === undefined || this.#ended.signal.aborted) return;
    this.#quiet = false;
    if (news.kind === 'trimmed') {
      if (news.epoch === this.#epoch) this.ring.forget(news.upTo);
    } else if (news.kind === 'removed') {
      if (news.epoch === this.#epoch) void this.look();
    } else {
      const { epoch, entry } = news;
      this.#heard = { epoch, offset: entry.offset };
      if (epoch !== this.#epoch) void this.look();
      else if (entry.offset > this.ring.last) {
        // What is in a hole is read by those who need it, all together.
        if (entry.offset > this.ring.last + 1) this.ring.clear(entry.offset - 1);
        this.ring.push(entry, message.byteLength);
        this.#wake();
      }
    }
  }

  /** There are entries that were not heard of. */
  #jump(last: number): void {
    this.ring.clear(last);
    this.#wake();
  }

  #wake(): void {
    for (const reader of this.#readers) reader.wake();
  }

  #end(): void {
    this.#ended.abort();
    clearTimeout(this.#idleTimer);
    this.#readers.clear();
    this.#subscription?.then((subscription) => subscription.unsubscribe()).catch(() => undefined);
    this.#onIdle();
  }

  #always(): { until: number; signal: AbortSignal } {
    return { until: Number.POSITIVE_INFINITY, signal: this.#ended.signal };
  }
}
