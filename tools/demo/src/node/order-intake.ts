import { RedisChannel } from '@redlane/channel';
import type { DriverSource } from '@redlane/client';
import type { NewOrder, OrderBook } from '../book/order-book.js';
import type { OrderEvent } from '../contract.js';
import type { Job } from '../job.js';
import type { Names } from '../names.js';
import { persevere } from '../persevere.js';
import type { Events } from './events.js';
import type { OrderNumbers } from './order-numbers.js';

const REPLY_WITHIN_MS = 2_000;
const PLACE_WITHIN_MS = 10_000;
/** Who has not passed an order on after so long is taken for dead. */
const LEFT_BEHIND_MS = 3_000;
const SWEEP_MS = 1_000;

/** Sends a job to the workers. */
export interface JobSender {
  sendMsg(job: Job): Promise<number>;
}

export interface IntakeParts {
  readonly source: DriverSource;
  readonly names: Names;
  readonly node: string;
  readonly book: OrderBook;
  readonly numbers: OrderNumbers;
  readonly events: Events;
  /** A way to the workers for each node. */
  readonly kitchens: ReadonlyMap<string, JobSender>;
}

/**
 * Takes orders in: a number for it, a worker that writes it down (request and reply), then the job for the workers. Every part
 * may be repeated, by this node or another one, so that a caller who got no answer asks again under the same id.
 */
export class OrderIntake implements AsyncDisposable {
  readonly #parts: IntakeParts;
  readonly #counter: RedisChannel<OrderEvent, NewOrder>;
  readonly #sweeper: NodeJS.Timeout;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.#counter = new RedisChannel(parts.source, parts.names.counter, 'client', { envelope: true });
    this.#sweeper = setInterval(() => void this.#sweep(), SWEEP_MS);
  }

  /** @throws what stood in the way for ten seconds */
  async place(wanted: { readonly id: string; readonly item: string; readonly quantity: number }) {
    const { node, numbers } = this.#parts;
    const signal = AbortSignal.timeout(PLACE_WITHIN_MS);
    const number = await persevere(() => numbers.next(wanted.id), signal);
    const order = await persevere(
      () => this.#counter.request({ ...wanted, number, node }, { timeoutMs: REPLY_WITHIN_MS, signal }),
      signal,
    );
    await this.#passOn(order, signal);
    return order;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweeper);
    await this.#counter.close();
  }

  /** To the node that was first asked, so that all steps of an order come back through one place, in order. */
  async #passOn(order: OrderEvent, signal: AbortSignal): Promise<void> {
    const { book, events, kitchens } = this.#parts;
    // One that is further on was passed on by somebody.
    if (order.status === 'placed') {
      const kitchen = kitchens.get(order.node ?? '');
      if (kitchen === undefined) throw new Error(`order ${order.id} belongs to no node of this desk`);
      await events.order(order, signal);
      await persevere(() => kitchen.sendMsg({ id: order.id }), signal);
    }
    // Nobody has to wait for that: should it fail, the order is passed on once more, which changes nothing.
    void persevere(() => book.passedOn(order.id), signal).catch(() => undefined);
  }

  /** What a node has written down and could not pass on before it died. */
  async #sweep(): Promise<void> {
    const { book } = this.#parts;
    const signal = AbortSignal.timeout(SWEEP_MS);
    try {
      for (const id of await book.leftBehind(LEFT_BEHIND_MS)) {
        await this.#passOn(await book.read(id), signal);
      }
    } catch {
      // Redis is away, or slow: the next turn comes.
    }
  }
}
