import { setTimeout as delay } from 'node:timers/promises';
import { RedisChannel, type Serving } from '@redlane/channel';
import type { DriverSource } from '@redlane/client';
import type { OrderBook } from '../book/order-book.js';
import { nextStatus } from '../book/order-record.js';
import type { OrderEvent } from '../contract.js';
import type { Job } from '../job.js';
import { persevere } from '../persevere.js';
import { reliable } from '../reliable.js';
import type { ServedBy } from './counter.js';

/** How many orders a worker has in hand at a time, of each node. */
const CONCURRENCY = 8;

export interface KitchenOptions extends ServedBy {
  readonly stepMs: readonly [number, number];
  /** Whether this job is to be acked and not done. */
  readonly loses: () => boolean;
}

/**
 * Does the jobs of one web node, and tells it of each step. A job is acked when its order is finished; until then it comes
 * back when this process dies, and whoever gets it tells the latest step again and goes on from there.
 */
export class Kitchen implements AsyncDisposable {
  readonly #channel: RedisChannel<Job, OrderEvent, true>;
  readonly #serving: Serving;
  readonly #book: OrderBook;
  readonly #options: KitchenOptions;

  constructor(source: DriverSource, channel: string, book: OrderBook, options: KitchenOptions) {
    this.#book = book;
    this.#options = options;
    this.#channel = new RedisChannel(source, channel, 'server', reliable(options.id));
    this.#serving = this.#channel.serve((job) => this.#cook(job), {
      concurrency: CONCURRENCY,
      onError: options.onError,
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

  async #cook({ id }: Job): Promise<never> {
    const { id: worker, loses, signal } = this.#options;
    if (loses()) return noReply;
    let order = await persevere(() => this.#book.read(id), signal);
    for (;;) {
      const { status } = order;
      // Told before the next step is taken, so that no step is left out when we die in between.
      if (status !== 'placed') await persevere(() => this.#channel.sendMsg(order), signal);
      const next = nextStatus(status);
      if (next === undefined) return noReply;
      if (status !== 'placed') await delay(this.#stepMs(), undefined, { signal });
      order = await persevere(() => this.#book.advance(id, status, next, worker), signal);
    }
  }

  #stepMs(): number {
    const [from, to] = this.#options.stepMs;
    return from + Math.random() * (to - from);
  }
}

/** Jobs are messages and no requests: nobody waits for what the handler returns. */
const noReply = undefined as never;
