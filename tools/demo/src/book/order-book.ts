import type { RedisDriver } from '@redlane/client';
import type { OrderEvent, OrderStatus } from '../contract.js';
import type { Names } from '../names.js';
import { orderFromFlat } from './order-record.js';
import { ADVANCE, PLACE } from './scripts.js';

/** What a web node asks a worker to write down. */
export interface NewOrder {
  readonly id: string;
  readonly number: number;
  readonly item: string;
  readonly quantity: number;
  /** The web node that is responsible for it. */
  readonly node: string;
}

/** The orders in Redis. Every call may be repeated: it takes effect once. */
export class OrderBook {
  readonly #driver: RedisDriver;
  readonly #names: Names;

  constructor(driver: RedisDriver, names: Names) {
    this.#driver = driver;
    this.#names = names;
  }

  /** Gives the order as it is: also when it was there already, and further on. */
  async place({ id, number, item, quantity, node }: NewOrder, worker: string): Promise<OrderEvent> {
    const { order, totals, recent, open, outbox } = this.#names;
    const keys = [order(id), totals, recent, open, outbox];
    return this.#run(PLACE, keys, [id, number, item, quantity, Date.now(), node, worker]);
  }

  /** Takes one step if the order is still at `from`. Gives the order as it is then, whoever took the step. */
  async advance(id: string, from: OrderStatus, to: OrderStatus, worker: string): Promise<OrderEvent> {
    const { order, totals, open } = this.#names;
    return this.#run(ADVANCE, [order(id), totals, open], [id, from, to, Date.now(), worker]);
  }

  /** @throws Error when there is none: jobs are only made for orders that are written down */
  async read(id: string): Promise<OrderEvent> {
    return found(await this.#driver.send(['HGETALL', this.#names.order(id)]));
  }

  /** The order is on its way to the workers. */
  async passedOn(id: string): Promise<void> {
    await this.#driver.send(['ZREM', this.#names.outbox, id]);
  }

  /** Ids of orders that were written down so long ago, and not passed on: who was about to do it has died. */
  async leftBehind(ageMs: number): Promise<string[]> {
    const { outbox } = this.#names;
    const ids = await this.#driver.send(['ZRANGEBYSCORE', outbox, '-inf', Date.now() - ageMs]);
    return (ids as string[]) ?? [];
  }

  async #run(script: string, keys: string[], args: (string | number)[]): Promise<OrderEvent> {
    return found(await this.#driver.run(script, keys, args));
  }
}

function found(reply: unknown): OrderEvent {
  const order = Array.isArray(reply) ? orderFromFlat(reply) : undefined;
  if (order === undefined) throw new Error('an order is not in the book');
  return order;
}
