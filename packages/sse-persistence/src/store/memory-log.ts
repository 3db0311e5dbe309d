import { randomBytes } from 'node:crypto';
import { ClosedError } from '@redlane/client';
import type {
  Appended,
  AppendOptions,
  LogData,
  LogEntry,
  LogEvent,
  LogPage,
  OpenOptions,
  ReadOptions,
  ResetReason,
} from '@redlane/client/stream-log';
import type { ChannelLog, LogTail } from './channel-store.js';

/** The newest entries of a channel in memory, with the rules of a log in Redis. */
export class MemoryLog implements ChannelLog {
  readonly #size: number;
  readonly #tails: Set<MemoryTail> = new Set();
  readonly #once: Map<string, Appended> = new Map();
  #epoch: string = newEpoch();
  #entries: LogEntry<string>[] = [];
  #last = 0;
  /** Up to which offset something is not kept any more: for everybody, for single targets, and for targets not listed. */
  #gone = 0;
  readonly #goneFor: Map<string, number> = new Map();
  #goneForOthers = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get epoch(): string {
    return this.#epoch;
  }

  get last(): number {
    return this.#last;
  }

  append(data: LogData, { target, exclude, idempotencyKey }: AppendOptions = {}): Promise<Appended> {
    const former = idempotencyKey === undefined ? undefined : this.#once.get(idempotencyKey);
    if (former !== undefined) return Promise.resolve({ ...former, duplicate: true });
    const offset = ++this.#last;
    const position = `${this.#epoch}.${offset}`;
    this.#entries.push({
      type: 'entry',
      position,
      offset,
      at: Date.now(),
      data: Object.fromEntries(Object.entries(data).map(([name, value]) => [name, String(value)])),
      target,
      exclude,
    });
    if (this.#entries.length > this.#size) this.#drop(this.#entries.shift() as LogEntry<string>);
    const appended: Appended = { position, offset, duplicate: false };
    if (idempotencyKey !== undefined) this.#remember(idempotencyKey, appended);
    for (const tail of this.#tails) tail.wake();
    return Promise.resolve(appended);
  }

  position(): Promise<string> {
    return Promise.resolve(`${this.#epoch}.${this.#last}`);
  }

  open(cursor?: string, options: OpenOptions = {}): LogTail {
    const tail = new MemoryTail(this, cursor, options, () => this.#tails.delete(tail));
    this.#tails.add(tail);
    return tail;
  }

  async read(
    cursor?: string,
    { target, from = 'start', limit = 100 }: ReadOptions = {},
  ): Promise<LogPage<string>> {
    const begin = this.begin(cursor, from, target);
    const all = this.#entries.filter((entry) => entry.offset > begin.offset && isFor(target, entry));
    const entries = all.slice(0, limit);
    const more = all.length > entries.length;
    const upTo = more ? (entries.at(-1) as LogEntry<string>).offset : this.#last;
    return { entries, position: `${this.#epoch}.${upTo}`, more, reset: begin.reset };
  }

  remove(): Promise<void> {
    this.#epoch = newEpoch();
    this.#entries = [];
    this.#last = this.#gone = this.#goneForOthers = 0;
    this.#goneFor.clear();
    this.#once.clear();
    for (const tail of this.#tails) tail.wake();
    return Promise.resolve();
  }

  /** Where a cursor leads. */
  begin(
    cursor: string | undefined,
    from: 'now' | 'start',
    target: string | undefined,
  ): { offset: number; reset: ResetReason | undefined } {
    if (cursor === undefined) {
      const oldest = this.#entries[0]?.offset ?? this.#last + 1;
      return { offset: from === 'now' ? this.#last : oldest - 1, reset: undefined };
    }
    const [, epoch, digits] = /^([\w-]+)\.(\d{1,15})$/.exec(cursor) ?? [];
    const offset = Number(digits);
    const reset =
      epoch !== this.#epoch ? 'epoch' : offset > this.#last ? 'ahead' : this.missing(offset, target);
    return { offset: reset === undefined ? offset : this.#last, reset };
  }

  /** Whether something behind an offset that was for this target is not kept any more. */
  missing(offset: number, target: string | undefined): 'trimmed' | 'inbox' | undefined {
    if (offset < this.#gone) return 'trimmed';
    if (target === undefined) return undefined;
    return offset < (this.#goneFor.get(target) ?? this.#goneForOthers) ? 'inbox' : undefined;
  }

  /** The first entry behind an offset that is for this target. */
  next(offset: number, target: string | undefined): LogEntry<string> | undefined {
    const first = this.#entries[0]?.offset ?? 0;
    for (let i = Math.max(0, offset + 1 - first); i < this.#entries.length; i++) {
      const entry = this.#entries[i] as LogEntry<string>;
      if (isFor(target, entry)) return entry;
    }
    return undefined;
  }

  #drop({ offset, target }: LogEntry<string>): void {
    if (target === undefined) {
      this.#gone = offset;
      return;
    }
    this.#goneFor.delete(target);
    this.#goneFor.set(target, offset);
    if (this.#goneFor.size <= this.#size) return;
    for (const [oldest, upTo] of this.#goneFor) {
      this.#goneFor.delete(oldest);
      this.#goneForOthers = upTo;
      break;
    }
  }

  #remember(key: string, appended: Appended): void {
    this.#once.set(key, appended);
    if (this.#once.size <= this.#size) return;
    for (const oldest of this.#once.keys()) {
      this.#once.delete(oldest);
      break;
    }
  }
}

class MemoryTail implements LogTail {
  readonly #log: MemoryLog;
  readonly #cursor: string | undefined;
  readonly #options: OpenOptions;
  readonly #onClose: () => void;
  #epoch: string | undefined;
  #offset = 0;
  #isWaiting = false;
  #isClosed = false;

  constructor(log: MemoryLog, cursor: string | undefined, options: OpenOptions, onClose: () => void) {
    this.#log = log;
    this.#cursor = cursor;
    this.#options = options;
    this.#onClose = onClose;
  }

  get behind(): number {
    return this.#epoch === this.#log.epoch ? this.#log.last - this.#offset : 0;
  }

  read(): LogEvent<string> | undefined {
    if (this.#isClosed) throw new ClosedError('log');
    const event = this.#take();
    this.#isWaiting = event === undefined;
    return event;
  }

  wake(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#options.onReadable?.();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
  }

  #take(): LogEvent<string> | undefined {
    const { epoch, last } = this.#log;
    const { target } = this.#options;
    if (this.#epoch === undefined) return this.#begin(this.#cursor);
    if (this.#epoch !== epoch || this.#log.missing(this.#offset, target) !== undefined) {
      return this.#begin(`${this.#epoch}.${this.#offset}`);
    }
    const entry = this.#log.next(this.#offset, target);
    this.#offset = entry?.offset ?? last;
    return entry;
  }

  #begin(cursor: string | undefined): LogEvent<string> {
    const { from = 'now', target } = this.#options;
    const { offset, reset } = this.#log.begin(cursor, from, target);
    this.#epoch = this.#log.epoch;
    this.#offset = offset;
    const position = `${this.#epoch}.${offset}`;
    return reset === undefined ? { type: 'open', position } : { type: 'reset', position, reason: reset };
  }
}

function isFor(target: string | undefined, { target: only, exclude }: LogEntry<string>): boolean {
  if (only !== undefined) return only === target;
  return exclude === undefined || exclude !== target;
}

function newEpoch(): string {
  return randomBytes(9).toString('base64url');
}
