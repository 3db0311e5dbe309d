import type { LogEntry } from './entry.js';

/** The newest entries of a log without a hole, whomever they are for, up to a number and a size. */
export class EntryRing<Raw> {
  readonly #slots: ({ readonly entry: LogEntry<Raw>; readonly bytes: number } | undefined)[];
  readonly #mostBytes: number;
  /** It has what is behind this offset, up to and with `last`. */
  #start = 0;
  #last = 0;
  #bytes = 0;

  constructor(size: number, mostBytes: number) {
    this.#slots = new Array(Math.max(1, size)).fill(undefined);
    this.#mostBytes = size === 0 ? -1 : mostBytes;
  }

  /** The offset up to which the log is known. */
  get last(): number {
    return this.#last;
  }

  /** Whether what is behind this offset can be read from here. */
  covers(offset: number): boolean {
    return offset >= this.#start && offset <= this.#last;
  }

  at(offset: number): LogEntry<Raw> {
    return this.#slots[offset % this.#slots.length]?.entry as LogEntry<Raw>;
  }

  /** The entry behind `last`. The newest one stays even if it is too big, until the next. */
  push(entry: LogEntry<Raw>, bytes: number): void {
    if (this.#last - this.#start === this.#slots.length) this.forget(this.#start + 1);
    this.#last = entry.offset;
    this.#slots[entry.offset % this.#slots.length] = { entry, bytes };
    this.#bytes += bytes;
    while (this.#bytes > this.#mostBytes && this.#start < this.#last - 1) this.forget(this.#start + 1);
  }

  /** Forgets the entries up to this offset. */
  forget(upTo: number): void {
    for (; this.#start < Math.min(upTo, this.#last); this.#start++) {
      const place = (this.#start + 1) % this.#slots.length;
      this.#bytes -= this.#slots[place]?.bytes ?? 0;
      this.#slots[place] = undefined;
    }
  }

  /** Nothing is here, and the log is known up to this offset. */
  clear(last: number): void {
    this.#slots.fill(undefined);
    this.#start = this.#last = last;
    this.#bytes = 0;
  }
}
