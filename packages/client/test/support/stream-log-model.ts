import { type RedisServer, seededRandom } from '@redlane/redis-server';
import { expect } from 'vitest';
import type { RedisDriver } from '../../src/driver.js';
import { type LogEvent, type LogReader, StreamLog } from '../../src/stream-log/index.js';

const SIZE = 5;
const INBOX_SIZE = 2;
const TARGETS_KEPT = 3;
const TARGETS = ['w', 'x', 'y', 'z'] as const;
const KEYS = 'model';

interface Item {
  readonly life: number;
  readonly offset: number;
  readonly text: string;
  readonly target: string | undefined;
  readonly exclude: string | undefined;
}

interface Inbox {
  items: Item[];
  /** Of the last that was ever written to it. */
  last: number;
  /** Up to here it is not kept. */
  missed: number;
}

interface Cursor {
  readonly life: number;
  readonly offset: number;
}

/** What a log should be, in plain objects, and readers that must not miss anything unawares. */
export class StreamLogModel {
  readonly #server: RedisServer;
  readonly #random: () => number;
  readonly #log: StreamLog<'string'>;
  readonly #readers: { target: string | undefined; at: Cursor | undefined; reader: LogReader<string> }[];
  readonly #epochs: string[] = [];
  /** All that was ever written. */
  readonly #journal: Item[] = [];
  readonly #gone: Set<Item> = new Set();
  readonly #cursors: Cursor[] = [];
  #life = -1;
  #last = 0;
  #stream: Item[] = [];
  #trimmed = 0;
  #inboxes: Map<string, Inbox> = new Map();
  #forgotten = 0;
  #texts = 0;

  constructor(server: RedisServer, driver: RedisDriver, writer: RedisDriver, seed: number) {
    this.#server = server;
    this.#random = seededRandom(seed);
    const options = {
      keys: KEYS,
      history: { size: SIZE, exact: true },
      inbox: { size: INBOX_SIZE, targets: TARGETS_KEPT },
      pageSize: 2,
      ring: { size: this.#some([0, 4, 256]) },
      checkMs: 100,
      replies: 'string',
    } as const;
    this.#log = new StreamLog(writer, options);
    const read = new StreamLog(driver, options);
    this.#readers = [undefined, 'x', 'y'].map((target) => ({
      target,
      at: undefined,
      reader: read.open(undefined, { target }),
    }));
  }

  async run(steps: number): Promise<void> {
    await this.#ensure();
    for (const each of this.#readers) {
      const { value } = await each.reader.next();
      expect(value?.type).toBe('open');
      each.at = { life: this.#life, offset: this.#last };
    }
    const deeds: readonly [weight: number, deed: () => Promise<void>][] = [
      [12, () => this.#append()],
      [10, () => this.#read()],
      [6, () => this.#follow()],
      [2, () => this.#trim()],
      [1, () => this.#kill()],
      [1, () => this.#lose('log')],
      [1, () => this.#lose('inboxes')],
      [1, () => this.#lose('inbox')],
      [0.5, () => this.#lose('meta')],
      [0.5, () => this.#lose('all')],
      [0.5, () => this.#lose('removed')],
    ];
    const total = deeds.reduce((sum, [weight]) => sum + weight, 0);
    for (let step = 0; step < steps; step++) {
      let dice = this.#random() * total;
      const chosen = deeds.find(([weight]) => {
        dice -= weight;
        return dice < 0;
      });
      await chosen?.[1]();
    }
    await this.#follow();
    for (const { reader } of this.#readers) reader.close();
    await this.#log.close();
  }

  #some<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T;
  }

  /** The first that uses a log whose meta data is gone makes another one. */
  async #ensure(): Promise<void> {
    const [epoch = ''] = (await this.#log.position()).split('.');
    if (this.#epochs[this.#life] === epoch) return;
    this.#life = this.#epochs.push(epoch) - 1;
    this.#last = this.#trimmed = this.#forgotten = 0;
    this.#stream = [];
    this.#inboxes.clear();
  }

  async #append(text = `${this.#texts++}`): Promise<void> {
    await this.#ensure();
    const isUnicast = this.#random() < 0.5 && text !== 'end';
    const target = isUnicast ? this.#some(TARGETS) : undefined;
    const exclude = !isUnicast && text !== 'end' && this.#random() < 0.2 ? this.#some(TARGETS) : undefined;
    const { offset } = await this.#log.append({ text }, { target, exclude });
    expect(offset).toBe(++this.#last);
    const item: Item = { life: this.#life, offset, text, target, exclude };
    this.#journal.push(item);
    if (target === undefined) {
      this.#stream.push(item);
      this.#cutStream(this.#stream.length - SIZE);
    } else this.#put(target, item);
    this.#cursors.push({ life: this.#life, offset });
  }

  #put(target: string, item: Item): void {
    const inbox = this.#inboxes.get(target) ?? { items: [], last: 0, missed: this.#forgotten };
    inbox.items.push(item);
    inbox.last = item.offset;
    const [dropped] = inbox.items.length > INBOX_SIZE ? inbox.items.splice(0, 1) : [];
    if (dropped !== undefined) {
      inbox.missed = dropped.offset;
      this.#gone.add(dropped);
    }
    this.#inboxes.set(target, inbox);
    if (this.#inboxes.size <= TARGETS_KEPT) return;
    const [oldest] = [...this.#inboxes].sort(([, one], [, other]) => one.last - other.last);
    this.#inboxes.delete(oldest?.[0] as string);
    for (const each of oldest?.[1].items ?? []) this.#gone.add(each);
    this.#forgotten = Math.max(this.#forgotten, oldest?.[1].last ?? 0);
  }

  #cutStream(count: number): void {
    for (const item of this.#stream.splice(0, Math.max(0, count))) {
      this.#trimmed = item.offset;
      this.#gone.add(item);
    }
  }

  /** Reads from some cursor, and compares: exactly the entries, or exactly the reset. */
  async #read(): Promise<void> {
    await this.#ensure();
    const known = this.#cursors.length > 0 && this.#random() < 0.8;
    const cursor: Cursor = known
      ? this.#some(this.#cursors)
      : { life: this.#life, offset: Math.floor(this.#random() * (this.#last + 3)) };
    const target = this.#random() < 0.7 ? this.#some(TARGETS) : undefined;
    const inbox = target === undefined ? undefined : this.#inboxes.get(target);
    const missed = target === undefined ? 0 : (inbox?.missed ?? this.#forgotten);
    let reset: string | undefined;
    if (cursor.life !== this.#life) reset = 'epoch';
    else if (cursor.offset > this.#last) reset = 'ahead';
    else if (cursor.offset < this.#trimmed) reset = 'trimmed';
    else if (cursor.offset < missed) reset = 'inbox';
    const expected =
      reset === undefined
        ? [...this.#stream, ...(inbox?.items ?? [])]
            .filter(({ offset, exclude }) => offset > cursor.offset && (exclude ?? '') !== target)
            .sort((one, other) => one.offset - other.offset)
            .map(({ text }) => text)
        : [];

    const texts: (string | undefined)[] = [];
    let at = `${this.#epochs[cursor.life]}.${cursor.offset}`;
    for (let first = true, more = true; more; first = false) {
      const page = await this.#log.read(at, { target, limit: 1 + Math.floor(this.#random() * 3) });
      expect(page.reset).toBe(first ? reset : undefined);
      texts.push(...page.entries.map(({ data: { text } }) => text));
      ({ position: at, more } = page);
    }
    expect(texts).toEqual(expected);
    expect(at).toBe(`${this.#epochs[this.#life]}.${this.#last}`);
  }

  /** Each reader reads up to now: all that was for it, unless it was told otherwise, and with good reason. */
  async #follow(): Promise<void> {
    await this.#append('end');
    const end = this.#journal.at(-1) as Item;
    for (const each of this.#readers) {
      const { target, reader } = each;
      const position = `${this.#epochs[this.#life]}.${end.offset}`;
      let at = each.at as Cursor;
      const seen: Item[] = [];
      while (reader.position !== position) {
        const event = (await reader.next()).value as LogEvent<string>;
        if (event.type === 'entry') seen.push(this.#itemAt(event.position));
        else if (event.type === 'reset') {
          // What was seen up to there is what there was; what comes next begins there.
          const to = this.#cursorAt(event.position);
          this.#checkSeen(seen.splice(0), at, undefined, target);
          if (to.life === at.life) {
            const forgotten = this.#forgotten > at.offset;
            expect([event.reason, forgotten || this.#isMissing(at, target)]).toEqual([event.reason, true]);
          }
          at = to;
        }
      }
      this.#checkSeen(seen, at, end, target);
      each.at = { life: this.#life, offset: end.offset };
    }
  }

  /** Whether something behind the cursor is gone, be it of the inbox or of the stream, where exclusions do not matter. */
  #isMissing({ life, offset }: Cursor, target: string | undefined): boolean {
    return this.#journal.some(
      (item) =>
        item.life === life &&
        item.offset > offset &&
        this.#gone.has(item) &&
        (item.target === undefined || item.target === target),
    );
  }

  /** Without an end, some at the end may be missing. */
  #checkSeen(seen: readonly Item[], from: Cursor, to: Cursor | undefined, target: string | undefined): void {
    const all = this.#between(from, to ?? { life: from.life, offset: Number.POSITIVE_INFINITY }, target);
    expect(seen.map(({ text }) => text)).toEqual(
      (to === undefined ? all.slice(0, seen.length) : all).map(({ text }) => text),
    );
  }

  #between(from: Cursor, to: Cursor, target: string | undefined): Item[] {
    return this.#journal.filter(
      (item) =>
        item.life === from.life &&
        item.offset > from.offset &&
        item.offset <= to.offset &&
        (item.target === undefined
          ? item.exclude === undefined || item.exclude !== target
          : item.target === target),
    );
  }

  #cursorAt(position: string): Cursor {
    const [epoch = '', offset] = position.split('.');
    const life = this.#epochs.indexOf(epoch);
    // A reader has met it first.
    if (life < 0) return { life: this.#epochs.push(epoch) - 1, offset: Number(offset) };
    return { life, offset: Number(offset) };
  }

  #itemAt(position: string): Item {
    const { life, offset } = this.#cursorAt(position);
    return this.#journal.find((item) => item.life === life && item.offset === offset) as Item;
  }

  async #trim(): Promise<void> {
    await this.#ensure();
    const size = Math.floor(this.#random() * SIZE);
    const kind = this.#random();
    if (kind < 0.4) await this.#log.trim({ size });
    else if (kind < 0.7) await this.#server.command('XTRIM', `${KEYS}:log`, 'MAXLEN', `${size}`);
    else {
      const upTo = this.#some(this.#stream)?.offset ?? 0;
      await this.#log.trim({ upTo: `${this.#epochs[this.#life]}.${upTo}` });
      return this.#cutStream(this.#stream.filter(({ offset }) => offset <= upTo).length);
    }
    this.#cutStream(this.#stream.length - size);
  }

  async #kill(): Promise<void> {
    await this.#server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
  }

  async #lose(what: 'log' | 'meta' | 'inboxes' | 'inbox' | 'all' | 'removed'): Promise<void> {
    await this.#ensure();
    if (what === 'log') {
      await this.#server.command('DEL', `${KEYS}:log`);
      this.#cutStream(this.#stream.length);
    } else if (what === 'inboxes') {
      await this.#server.command('DEL', `${KEYS}:inboxes`);
      if (this.#inboxes.size === 0) return;
      for (const { items } of this.#inboxes.values()) for (const item of items) this.#gone.add(item);
      this.#inboxes.clear();
      this.#forgotten = this.#last;
    } else if (what === 'inbox') {
      const target = this.#some(TARGETS);
      await this.#log.removeInbox(target);
      const inbox = this.#inboxes.get(target);
      if (inbox === undefined) return;
      for (const item of inbox.items) this.#gone.add(item);
      inbox.items = [];
      inbox.missed = inbox.last;
    } else if (what === 'removed') await this.#log.remove();
    else if (what === 'meta') await this.#server.command('DEL', `${KEYS}:meta`);
    else await this.#server.command('FLUSHALL');
  }
}
