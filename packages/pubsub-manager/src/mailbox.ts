import type { Topic } from '@redlane/client';
import { Fifo } from './fifo.js';
import type { ResolvedQueue } from './queue-options.js';

/** What came beside a message. */
export interface MessageInfo {
  /** The pattern that it came for; `undefined` for channels. */
  readonly pattern?: string | undefined;
  /** Of a durable message: where it stands. A listener that begins with `replay: id` gets what is behind it. */
  readonly id?: string | undefined;
  /** Of a durable message: when it was written, in ms since 1970 by the server's clock. */
  readonly at?: number | undefined;
}

export type Raw = string | Uint8Array;

/** A listener's figures at one moment. */
export interface ListenerStats {
  /** Messages that came for it. */
  readonly received: number;
  /** Calls that began. */
  readonly delivered: number;
  /** Messages that could not be decoded, and calls that threw or rejected. */
  readonly failed: number;
  /** Messages thrown away since it did not keep up. */
  readonly dropped: number;
  /** Messages that wait now. */
  readonly waiting: number;
  /** Calls whose promises have not settled. */
  readonly running: number;
}

/** Messages thrown away from one topic. */
export interface Overflow {
  readonly topic: Topic;
  /** When the first and the last of them came, in ms since 1970. */
  readonly from: number;
  readonly to: number;
  readonly dropped: number;
}

/** Whom a mailbox works for. */
export interface MailboxUser {
  /** The value of a message; `undefined` when messages are given as they come. */
  readonly decode: ((raw: Raw) => unknown) | undefined;
  readonly handle: (channel: string, value: never, info: MessageInfo) => unknown;
  /** A call threw, or a message could not be decoded. */
  failed(error: unknown, channel: string): void;
  /** There is room again, after so much was thrown away. */
  overflowed(overflow: Overflow): void;
  /** With the policy `error`: it is over. */
  gaveUp(): void;
  /** With the policy `pause`: as much waits as may wait, or half of it has gone. */
  pause(): void;
  resume(): void;
}

interface Item {
  readonly topic: Topic;
  readonly channel: string;
  readonly raw: Raw;
  readonly info: MessageInfo;
  readonly at: number;
}

/**
 * The messages of one listener, in order. While nothing waits and nothing runs, a message is handed over at once; else it
 * waits its turn here, bounded. Nothing that a listener does reaches the others: no call of this throws.
 */
export class Mailbox {
  readonly #user: MailboxUser;
  readonly #queue: ResolvedQueue;
  readonly #waiting: Fifo<Item> = new Fifo();
  readonly #overflows: Map<Topic, { from: number; to: number; dropped: number }> = new Map();
  #running = 0;
  #decoding = false;
  #pumping = false;
  #paused = false;
  #ended = false;
  #received = 0;
  #delivered = 0;
  #failed = 0;
  #dropped = 0;
  /** Told once when there is room: see {@link Mailbox.onRoom}. */
  #onRoom: (() => void) | undefined;

  constructor(user: MailboxUser, queue: ResolvedQueue) {
    this.#user = user;
    this.#queue = queue;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get stats(): ListenerStats {
    return {
      received: this.#received,
      delivered: this.#delivered,
      failed: this.#failed,
      dropped: this.#dropped,
      waiting: this.#waiting.length,
      running: this.#running,
    };
  }

  /** One more can wait. */
  get hasRoom(): boolean {
    return this.#waiting.length < this.#queue.limit;
  }

  /** Calls back once when half of what may wait is free. For those who can wait with what they have. */
  onRoom(callback: () => void): void {
    this.#onRoom = callback;
  }

  /** A message has come. */
  deliver(topic: Topic, channel: string, raw: Raw, info: MessageInfo): void {
    if (this.#ended) return;
    this.#received++;
    if (!this.#pumping && this.#isFree && this.#waiting.length === 0) this.#run(channel, raw, info);
    else this.#enqueue({ topic, channel, raw, info, at: Date.now() });
  }

  /** No call begins after this. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting.clear();
    this.#reportOverflows();
    if (this.#paused) this.#resume();
  }

  get #isFree(): boolean {
    return this.#running < this.#queue.concurrency && !this.#decoding;
  }

  #enqueue(item: Item): void {
    const { limit, policy } = this.#queue;
    if (this.#waiting.length >= limit) {
      if (policy === 'dropOldest') this.#drop(this.#waiting.shift() as Item);
      else if (policy !== 'pause') {
        this.#drop(item);
        if (policy === 'error') this.#giveUp();
        return;
      }
    }
    this.#waiting.push(item);
    // Again after as many more: then a new connection has come, which is read.
    if (policy === 'pause' && this.#waiting.length % limit === 0) {
      this.#paused = true;
      this.#user.pause();
    }
  }

  #giveUp(): void {
    this.end();
    this.#user.gaveUp();
  }

  #drop({ topic, at }: Item): void {
    this.#dropped++;
    const overflow = this.#overflows.get(topic);
    if (overflow === undefined) this.#overflows.set(topic, { from: at, to: at, dropped: 1 });
    else {
      overflow.to = at;
      overflow.dropped++;
    }
  }

  #pump(): void {
    // A handler may end up here again before it has returned.
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#isFree && !this.#ended) {
      const item = this.#waiting.shift();
      if (item === undefined) break;
      if (this.#overflows.size > 0) this.#reportOverflows();
      this.#run(item.channel, item.raw, item.info);
    }
    this.#pumping = false;
    if (this.#waiting.length > this.#queue.limit / 2) return;
    if (this.#paused) this.#resume();
    const onRoom = this.#onRoom;
    this.#onRoom = undefined;
    onRoom?.();
  }

  #run(channel: string, raw: Raw, info: MessageInfo): void {
    const { decode } = this.#user;
    if (decode === undefined) {
      this.#call(channel, raw, info);
      return;
    }
    let value: unknown;
    try {
      value = decode(raw);
    } catch (error) {
      this.#fail(error, channel);
      return;
    }
    if (!(value instanceof Promise)) {
      this.#call(channel, value, info);
      return;
    }
    // In order: the next is not begun before this one has its value.
    this.#decoding = true;
    value
      .then(
        (decoded) => {
          if (!this.#ended) this.#call(channel, decoded, info);
        },
        (error: unknown) => this.#fail(error, channel),
      )
      .finally(() => {
        this.#decoding = false;
        this.#pump();
      });
  }

  #call(channel: string, value: unknown, info: MessageInfo): void {
    this.#delivered++;
    let outcome: unknown;
    try {
      outcome = this.#user.handle(channel, value as never, info);
    } catch (error) {
      this.#fail(error, channel);
      return;
    }
    if (!isThenable(outcome)) return;
    this.#running++;
    const settled = (): void => {
      this.#running--;
      this.#pump();
    };
    outcome.then(settled, (error: unknown) => {
      this.#fail(error, channel);
      settled();
    });
  }

  #fail(error: unknown, channel: string): void {
    this.#failed++;
    this.#user.failed(error, channel);
  }

  #reportOverflows(): void {
    const overflows = [...this.#overflows];
    this.#overflows.clear();
    for (const [topic, overflow] of overflows) this.#user.overflowed({ topic, ...overflow });
  }

  #resume(): void {
    this.#paused = false;
    this.#user.resume();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}
