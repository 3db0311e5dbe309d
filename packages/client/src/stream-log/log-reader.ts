import { AbortError, ClosedError } from '../errors.js';
import { keepTrying } from '../on-driver/keep-trying.js';
import { isFor, type LogEvent, type ResetReason } from './entry.js';
import type { LogNode, NodeReader } from './log-node.js';
import { type Page, readPage, type Start } from './pages.js';
import { formatPosition, parsePosition } from './position.js';

export interface OpenOptions {
  /** Reads what is for this target, too, and not what excludes it. @default only what is for everybody */
  readonly target?: string | undefined;
  /** Where to begin without a cursor: behind what there is, or at the oldest entry of the stream. @default 'now' */
  readonly from?: 'now' | 'start' | undefined;
  /**
   * Called when {@link LogReader.read} has returned `undefined` and there may be something now, or it cannot go on and throws.
   * For those who write to many sockets; iterate otherwise.
   */
  readonly onReadable?: (() => void) | undefined;
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a log from a cursor on, without loss or duplicate, for as long as it is not closed. Iterate it, or call `read()`
 * and wait for `onReadable`, not both.
 *
 * It holds a page at most. What is live comes from the node's ring; who is slower than that, or comes from further back,
 * reads pages from the stream.
 */
export class LogReader<Raw> implements AsyncIterableIterator<LogEvent<Raw>>, AsyncDisposable {
  readonly #target: string | undefined;
  readonly #from: 'now' | 'start';
  readonly #cursor: string | undefined;
  readonly #onReadable: (() => void) | undefined;
  readonly #onEnd: (reader: LogReader<Raw>) => void;
  readonly #findNode: () => LogNode<Raw>;
  #isClosed = false;
  /** Of the reading of a page that is under way: made when there is one, as many readers have no need of one. */
  #fetchAbort: AbortController | undefined;
  readonly #atNode: NodeReader;
  #node: LogNode<Raw> | undefined;
  /** The log's life that is read; `undefined` before it is known where to begin. */
  #epoch: string | undefined;
  #offset = 0;
  #term = 0;
  /** What is left of a page, and up to where that goes. */
  #page: LogEvent<Raw>[] = [];
  #upTo = 0;
  #fetching = false;
  #waiting = false;
  #error: unknown;
  /** Whoever iterates knows that it has ended. */
  #told = false;
  #resume: (() => void) | undefined;
  #letGo: (() => void) | undefined;
  #turn: Promise<unknown> | undefined;

  /** @internal Use `StreamLog.open`. */
  constructor(
    findNode: () => LogNode<Raw>,
    onEnd: (reader: LogReader<Raw>) => void,
    cursor: string | undefined,
    { target, from = 'now', onReadable, signal }: OpenOptions,
  ) {
    this.#findNode = findNode;
    this.#onEnd = onEnd;
    this.#cursor = cursor;
    this.#target = target;
    this.#from = from;
    this.#onReadable = onReadable;
    this.#atNode = {
      wake: () => this.#wake(),
      fail: (error) => this.#fail(error),
    };
    if (signal !== undefined) this.#endWith(signal);
  }

  /** The cursor of who has read all that was returned; `undefined` before the first event. */
  get position(): string | undefined {
    return this.#epoch === undefined ? undefined : formatPosition(this.#epoch, this.#offset);
  }

  /** How many entries it has not read yet, whomever they are for, as far as this process knows; 0 before the first event. */
  get behind(): number {
    const node = this.#node;
    return node === undefined || this.#epoch !== node.epoch ? 0 : Math.max(0, node.ring.last - this.#offset);
  }

  /**
   * The next event, if there is one now. The first is `open` or `reset`. After `undefined`, `onReadable` is called once.
   *
   * @throws AbortError (`ABORTED`), ClosedError (`CLOSED`), or what the driver has rejected with, when it cannot go on
   */
  read(): LogEvent<Raw> | undefined {
    if (this.#error !== undefined) throw this.#error;
    const event = this.#take();
    this.#waiting = event === undefined;
    return event;
  }

  next(): Promise<IteratorResult<LogEvent<Raw>, undefined>> {
    if (this.#turn !== undefined) return this.#inTurn();
    if (this.#isClosed) return this.#last();
    try {
      const value = this.read();
      if (value !== undefined) return Promise.resolve({ done: false, value });
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#inTurn();
  }

  /** `close()` */
  return(): Promise<IteratorResult<LogEvent<Raw>, undefined>> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Reads no more. An iteration ends. */
  close(): void {
    this.#told = true;
    this.#end(new ClosedError('log'));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  #take(): LogEvent<Raw> | undefined {
    if (this.#node === undefined) {
      this.#node = this.#findNode();
      this.#node.add(this.#atNode);
    }
    const node = this.#node;
    const queued = this.#fromPage();
    if (queued !== undefined) return queued;
    if (this.#fetching || node.epoch === undefined) return undefined;
    if (this.#epoch === undefined) return this.#open(node, node.epoch);
    if (this.#epoch !== node.epoch) return this.#begin(node, node.epoch, 'epoch');
    if (this.#term !== node.term) return this.#fetch(node);
    const { ring } = node;
    while (this.#offset < ring.last) {
      if (!ring.covers(this.#offset)) return this.#fetch(node);
      const entry = ring.at(++this.#offset);
      if (isFor(this.#target, entry)) return entry;
    }
    return undefined;
  }

  #fromPage(): LogEvent<Raw> | undefined {
    const event = this.#page.shift();
    if (event?.type === 'entry') this.#offset = event.offset;
    if (this.#page.length === 0 && event !== undefined) this.#offset = this.#upTo;
    return event;
  }

  #open(node: LogNode<Raw>, epoch: string): LogEvent<Raw> | undefined {
    if (this.#cursor === undefined) {
      return this.#from === 'start' ? this.#fetch(node) : this.#begin(node, epoch);
    }
    const position = parsePosition(this.#cursor);
    if (position === undefined) return this.#begin(node, epoch, 'epoch');
    // Another process may have heard of a new life, or of more, before this one.
    if (position.epoch !== epoch || !node.ring.covers(position.offset)) return this.#fetch(node);
    this.#epoch = epoch;
    this.#offset = position.offset;
    this.#term = node.term;
    return { type: 'open', position: this.#cursor };
  }

  /** Begins at the end of the log. */
  #begin(node: LogNode<Raw>, epoch: string, reason?: ResetReason): LogEvent<Raw> {
    this.#epoch = epoch;
    this.#offset = node.ring.last;
    this.#term = node.term;
    const { position } = node;
    return reason === undefined ? { type: 'open', position } : { type: 'reset', position, reason };
  }

  #fetch(node: LogNode<Raw>): undefined {
    this.#fetching = true;
    const settled = (): void => {
      this.#fetching = false;
      this.#fetchAbort = undefined;
      this.#wake();
    };
    this.#fetchAbort = new AbortController();
    const { signal } = this.#fetchAbort;
    keepTrying(() => this.#load(node), { until: Number.POSITIVE_INFINITY, signal }).then(settled, (error) =>
      this.#fail(error),
    );
    return undefined;
  }

  /** Reads a page that goes with what the node knows. */
  async #load(node: LogNode<Raw>): Promise<void> {
    for (;;) {
      const { term } = node;
      const page = await this.#readPage(node);
      if (this.#isClosed) return;
      if (page.epoch !== node.epoch) await node.look();
      else if (term === node.term) return this.#accept(page, term);
    }
  }

  async #readPage(node: LogNode<Raw>): Promise<Page<Raw>> {
    const { context, decode } = node;
    const target = this.#target;
    const start = this.#start();
    if (typeof start !== 'string' && start.epoch === node.epoch) {
      const page = await node.page(start.offset);
      if (target === undefined || page.reset !== undefined || !page.concerns(target)) return page;
    }
    return readPage(context, decode, { start, target, count: context.pageSize });
  }

  #start(): Start {
    if (this.#epoch !== undefined) return { epoch: this.#epoch, offset: this.#offset };
    return parsePosition(this.#cursor ?? '') ?? 'start';
  }

  #accept({ epoch, reset, from, upTo, entries }: Page<Raw>, term: number): void {
    const isFirst = this.#epoch === undefined;
    this.#epoch = epoch;
    this.#term = term;
    this.#offset = from;
    this.#upTo = upTo;
    const position = formatPosition(epoch, from);
    const page: LogEvent<Raw>[] = entries.filter((entry) => isFor(this.#target, entry));
    if (reset !== undefined) page.unshift({ type: 'reset', position, reason: reset });
    else if (isFirst) page.unshift({ type: 'open', position });
    if (page.length === 0) this.#offset = upTo;
    this.#page = page;
  }

  #inTurn(): Promise<IteratorResult<LogEvent<Raw>, undefined>> {
    const turn = (this.#turn ?? Promise.resolve()).then(() => this.#next());
    const over = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#turn = over;
    void over.then(() => {
      if (this.#turn === over) this.#turn = undefined;
    });
    return turn;
  }

  async #next(): Promise<IteratorResult<LogEvent<Raw>, undefined>> {
    for (;;) {
      if (this.#isClosed) return this.#last();
      const value = this.read();
      if (value !== undefined) return { done: false, value };
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
      });
    }
  }

  /** An iteration ends without an error when it was closed, and tells any other once. */
  #last(): Promise<IteratorResult<LogEvent<Raw>, undefined>> {
    if (this.#told) return Promise.resolve({ done: true, value: undefined });
    this.#told = true;
    return Promise.reject(this.#error);
  }

  /** Made only for who has a signal: there may be many readers. */
  #endWith(signal: AbortSignal): void {
    const abort = (): void => {
      const cause = signal.reason;
      this.#end(new AbortError('reading a log', { maybeExecuted: false, phase: 'queued', cause }));
    };
    signal.addEventListener('abort', abort);
    this.#letGo = () => signal.removeEventListener('abort', abort);
    if (signal.aborted) abort();
  }

  #fail(error: unknown): void {
    this.#end(error);
  }

  #end(error: unknown): void {
    if (this.#isClosed) return;
    this.#error = error;
    this.#page = [];
    this.#isClosed = true;
    this.#fetchAbort?.abort();
    this.#letGo?.();
    this.#node?.remove(this.#atNode);
    this.#onEnd(this);
    if (this.#told) this.#resume?.();
    else this.#wake();
  }

  #wake(): void {
    if (!this.#waiting) return;
    this.#waiting = false;
    this.#resume?.();
    try {
      this.#onReadable?.();
    } catch (error) {
      // The other readers of the log must be woken up all the same.
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }
}
