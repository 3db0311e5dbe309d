import type { Topic } from '@redlane/client';
import { Fifo } from './fifo.js';
import type { ListenerStats } from './listener-stats.js';
import type { Handle, MessageInfo, Raw } from './message-info.js';
import type { ResolvedQueue } from './queue-options.js';

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
  readonly handle: Handle;
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

/** Who calls the handler of a mailbox instead of `deliver`: see {@link Mailbox.lend}. */
export interface Borrower {
  callsOf(mailbox: Mailbox): number;
  /** Messages have to be delivered from now on. */
  giveBack(mailbox: Mailbox): void;
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
  /** Most listeners never have anything that waits. */
  #waiting: Fifo<Item> | undefined;
  #overflows: Map<Topic, { from: number; to: number; dropped: number }> | undefined;
  #borrower: Borrower | undefined;
  #lendable: boolean;
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
    this.#lendable = user.decode === undefined;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** How many may wait. */
  get limit(): number {
    return this.#queue.limit;
  }

  get stats(): ListenerStats {
    const calls = this.#borrower?.callsOf(this) ?? 0;
    return {
      received: this.#received + calls,
      delivered: this.#delivered + calls,
      failed: this.#failed,
      dropped: this.#dropped,
      waiting: this.#length,
      running: this.#running,
    };
  }

  /**
   * Lends the handler to the one who has all of this listener's messages: as long as it returns no promises, nothing can
   * have to wait, and it may be called without asking here. `undefined` when that is not so.
   */
  lend(borrower: Borrower): Handle | undefined {
    // With messages from elsewhere, too, calls can overlap.
    if (this.#borrower !== undefined) this.recall();
    if (!this.#lendable) return undefined;
    this.#lendable = false;
    this.#borrower = borrower;
    return this.#user.handle;
  }

  /** From now on all messages are delivered. */
  recall(): void {
    const borrower = this.#borrower;
    this.#lendable = false;
    if (borrower === undefined) return;
    const calls = borrower.callsOf(this);
    this.#received += calls;
    this.#delivered += calls;
    this.#borrower = undefined;
    borrower.giveBack(this);
  }

  /** One more can wait. */
  get hasRoom(): boolean {
    return this.#length < this.#queue.limit;
  }

  /** Calls back once when half of what may wait is free. For those who can wait with what they have. */
  onRoom(callback: () => void): void {
    this.#onRoom = callback;
  }

  /** A message has come. */
  deliver(topic: Topic, channel: string, raw: Raw, info: MessageInfo): void {
    if (this.#ended) return;
    this.#received++;
    if (!this.#pumping && this.#isFree && this.#length === 0) this.#run(channel, raw, info);
    else this.#enqueue({ topic, channel, raw, info, at: Date.now() });
  }

  /** No call begins after this. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.recall();
    this.#waiting = undefined;
    this.#reportOverflows();
    if (this.#paused) this.#resume();
  }

  /** A call has returned something: if that is a promise, the next message has to wait for it, or one of those after it. */
  handled(outcome: unknown, channel: string): void {
    if (!isThenable(outcome)) return;
    this.recall();
    this.#running++;
    const settled = (): void => {
      this.#running--;
      this.#pump();
    };
    // The `then` of what is no real promise may throw.
    const promise = outcome instanceof Promise ? outcome : Promise.resolve(outcome);
    promise.then(settled, (error: unknown) => {
      this.fail(error, channel);
      settled();
    });
  }

  /** A call has thrown. */
  fail(error: unknown, channel: string): void {
    this.#failed++;
    this.#user.failed(error, channel);
  }

  get #length(): number {
    return this.#waiting === undefined ? 0 : this.#waiting.length;
  }

  get #isFree(): boolean {
    return this.#running < this.#queue.concurrency && !this.#decoding;
  }

  #enqueue(item: Item): void {
    const { limit, policy } = this.#queue;
    this.#waiting ??= new Fifo();
    const waiting = this.#waiting;
    if (waiting.length >= limit) {
      if (policy === 'dropOldest') this.#drop(waiting.shift() as Item);
      else if (policy !== 'pause') {
        this.#drop(item);
        if (policy === 'error') this.#giveUp();
        return;
      }
    }
    waiting.push(item);
    // Again after as many more: then a new connection has come, which is read.
    if (policy === 'pause' && waiting.length % limit === 0) {
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
    this.#overflows ??= new Map();
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
      const item = this.#waiting?.shift();
      if (item === undefined) break;
      this.#reportOverflows();
      this.#run(item.channel, item.raw, item.info);
    }
    this.#pumping = false;
    if (this.#length > this.#queue.limit / 2) return;
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
      this.fail(error, channel);
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
        (error: unknown) => this.fail(error, channel),
      )
      .finally(() => {
        this.#decoding = false;
        this.#pump();
      });
  }

  #call(channel: string, value: unknown, info: MessageInfo): void {
    this.#delivered++;
    try {
      const outcome = this.#user.handle(channel, value as never, info);
      if (outcome !== undefined) this.handled(outcome, channel);
    } catch (error) {
      this.fail(error, channel);
    }
  }

  #reportOverflows(): void {
    if (this.#overflows === undefined) return;
    const overflows = this.#overflows;
    this.#overflows = undefined;
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
