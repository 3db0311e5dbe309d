import { RedisChannel, type Serving } from '@redlane/channel';
import type { DriverSource } from '@redlane/client';
import type { NewOrder, OrderBook } from '../book/order-book.js';
import type { OrderEvent } from '../contract.js';
import type { Names } from '../names.js';
import { persevere } from '../persevere.js';
import { reliable } from '../reliable.js';

/** Answers web nodes: an order is written down, once however often it is asked for. */
export class Counter implements AsyncDisposable {
  readonly #channel: RedisChannel<NewOrder, OrderEvent, true>;
  readonly #serving: Serving;

  constructor(source: DriverSource, names: Names, book: OrderBook, { id, signal, onError }: ServedBy) {
    this.#channel = new RedisChannel(source, names.counter, 'server', reliable(id));
    this.#serving = this.#channel.serve((wanted) => persevere(() => book.place(wanted, id), signal), {
      onError,
    });
  }

  /** Rejects when it cannot go on. */
  get ended(): Promise<void> {
    return this.#serving.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#serving.stop();
    await this.#channel.close();
  }
}

export interface ServedBy {
  /** The worker. */
  readonly id: string;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}
