import type { RedisDriver } from '../driver.js';
import { ClosedError } from '../errors.js';
import { integer, oneOf, text } from '../option-checks.js';
import { type Appended, type AppendOptions, append } from './append.js';
import { type Decode, isFor, type LogData, type LogEntry, type ResetReason, textOf } from './entry.js';
import { LogHub } from './log-hub.js';
import { LogReader, type OpenOptions } from './log-reader.js';
import { type LogContext, resolveOptions, type StreamLogOptions } from './options.js';
import { readPage, type Start } from './pages.js';
import { formatPosition, parsePosition } from './position.js';
import { removeLog, type Trim, trim } from './removal.js';

/** What comes of `replies: 'bytes' | 'string'`. */
export type RawOf<Replies extends 'bytes' | 'string'> = Replies extends 'string' ? string : Uint8Array;

export interface ReadOptions {
  /** As in `open`. */
  readonly target?: string | undefined;
  /** Where to begin without a cursor. @default 'start' */
  readonly from?: 'now' | 'start' | undefined;
  /** How many entries for everybody at most, 1 to 1_000; those for the target between them come on top. @default 100 */
  readonly limit?: number | undefined;
}

export interface LogPage<Raw = Uint8Array> {
  readonly entries: readonly LogEntry<Raw>[];
  /** The cursor for the next page. */
  readonly position: string;
  /** There is more behind it now. */
  readonly more: boolean;
  /** Why the cursor could not be continued from; `position` is the end of the log then. */
  readonly reset: ResetReason | undefined;
}

/**
 * A log that any number of processes write and read: a capped stream in Redis for everybody, and a capped list for each
 * target. An append writes and wakes readers up in one step. A reader continues from its cursor without loss or duplicate, or
 * is told (`reset`) that this is not possible: if and only if the log is another one, the cursor is ahead of it, or
 * something behind the cursor is not kept any more.
 *
 * All readers of a log over one driver share one subscription and the newest entries, with the options of the first: so give
 * all logs of a process the same driver. Each key has a time to live. The driver stays open at `close()`. Needs Redis 6.2.
 *
 * @example
 * await using log = new StreamLog(driver, { keys: 'news:{sports}', replies: 'string' });
 * await log.append({ title: 'Kick-off' });
 * for await (const event of log.open(cursor)) {
 *   if (event.type === 'entry') console.log(event.position, event.data.title);
 *   else if (event.type === 'reset') await reload();
 * }
 */
export class StreamLog<Replies extends 'bytes' | 'string' = 'bytes'> implements AsyncDisposable {
  readonly #context: LogContext;
  readonly #decode: Decode<RawOf<Replies>>;
  readonly #readers: Set<LogReader<RawOf<Replies>>> = new Set();
  #closed = false;

  /** @throws InvalidOptionError (`INVALID_OPTION`), also when the keys are in several slots of a cluster */
  constructor(driver: RedisDriver, options: StreamLogOptions<Replies>) {
    this.#context = resolveOptions(driver, options);
    this.#decode = (this.#context.replies === 'string' ? textOf : asTheyAre) as Decode<RawOf<Replies>>;
  }

  /**
   * Writes an entry and wakes readers up, in one step of the server.
   *
   * @throws what the driver rejects with; with `maybeExecuted`, try again with the same idempotency key
   */
  append(data: LogData, options: AppendOptions = {}): Promise<Appended> {
    return this.#open() ?? append(this.#context, data, options);
  }

  /** The cursor of who has read everything. */
  async position(): Promise<string> {
    await this.#open();
    const { epoch, last } = await readPage(this.#context, this.#decode, { start: 'now', count: 1 });
    return formatPosition(epoch, last);
  }

  /** Reads what there is behind a cursor now. */
  async read(
    cursor?: string,
    { target, from = 'start', limit = 100 }: ReadOptions = {},
  ): Promise<LogPage<RawOf<Replies>>> {
    await this.#open();
    integer(1, 1_000)(limit, 'limit');
    oneOf('now', 'start')(from, 'from');
    // What was never a position belongs to no life of the log.
    const start: Start = cursor === undefined ? from : (parsePosition(cursor) ?? { epoch: '', offset: 0 });
    const page = await readPage(this.#context, this.#decode, { start, target, count: limit });
    return {
      entries: page.entries.filter((entry) => isFor(target, entry)),
      position: formatPosition(page.epoch, page.upTo),
      more: page.upTo < page.last,
      reset: page.reset,
    };
  }

  /**
   * Reads on from a cursor, or from the end of the log. Nothing is sent before the first `next()` or `read()`. Slow readers
   * hold up nobody, and nothing is kept for them here. It survives the loss of connections.
   *
   * @throws ClosedError (`CLOSED`), InvalidOptionError (`INVALID_OPTION`); the reader: what the driver rejects with, when
   * trying again would not help
   */
  open(cursor?: string, options: OpenOptions = {}): LogReader<RawOf<Replies>> {
    if (this.#closed) throw new ClosedError('log');
    if (cursor !== undefined) text(cursor, 'cursor');
    if (options.target !== undefined) text(options.target, 'target');
    oneOf('now', 'start')(options.from ?? 'now', 'from');
    const hub = LogHub.of(this.#context.driver);
    const reader = new LogReader<RawOf<Replies>>(
      () => hub.node(this.#context, this.#decode),
      (ended) => this.#readers.delete(ended),
      cursor,
      options,
    );
    this.#readers.add(reader);
    return reader;
  }

  /**
   * Removes old entries from the stream: all but `size` of the newest, or those `upTo` a position. Readers whose cursors are
   * older get a reset.
   *
   * @returns how many were removed
   */
  async trim(what: Trim): Promise<number> {
    await this.#open();
    if ('size' in what) integer(0)(what.size, 'size');
    else text(what.upTo, 'upTo');
    return trim(this.#context, what);
  }

  /** Removes the log with all inboxes. Readers get a reset; what is appended later belongs to another log. */
  async remove(): Promise<void> {
    await this.#open();
    await removeLog(this.#context);
  }

  /** Removes what is kept for a target. Its readers get a reset if they have not read it. */
  async removeInbox(target: string): Promise<void> {
    await this.#open();
    const { driver, keys } = this.#context;
    await driver.send(['UNLINK', keys.inbox(text(target, 'target') as string)]);
  }

  /** Closes the readers that were opened here. */
  close(): Promise<void> {
    this.#closed = true;
    for (const reader of this.#readers) reader.close();
    LogHub.of(this.#context.driver).leave(this.#context);
    return Promise.resolve();
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(): Promise<never> | undefined {
    return this.#closed ? Promise.reject(new ClosedError('log')) : undefined;
  }
}

function asTheyAre(bytes: Uint8Array): Uint8Array {
  return bytes;
}
