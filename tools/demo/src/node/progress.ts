import { type Delivery, RedisChannel } from '@redlane/channel';
import type { DriverSource } from '@redlane/client';
import type { OrderEvent } from '../contract.js';
import type { Job } from '../job.js';
import { persevere } from '../persevere.js';
import { reliable } from '../reliable.js';
import type { Events } from './events.js';

/** The node's end of its channel to the workers: jobs go out, the progress of orders comes in and goes to the browsers. */
export class Progress implements AsyncDisposable {
  /** Rejects when it cannot go on. */
  readonly ended: Promise<void>;
  readonly #channel: RedisChannel<OrderEvent, Job, true>;
  readonly #events: Events;
  readonly #signal: AbortSignal;
  readonly #latest: Map<string, Promise<void>> = new Map();

  constructor(source: DriverSource, channel: string, node: string, events: Events, signal: AbortSignal) {
    this.#events = events;
    this.#signal = signal;
    this.#channel = new RedisChannel(source, channel, 'client', reliable(node));
    this.ended = persevere(() => this.#forward(), signal).catch((error) => {
      if (!signal.aborted) throw error;
    });
  }

  sendMsg(job: Job): Promise<number> {
    return this.#channel.sendMsg(job);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#latest.values());
    await this.#channel.close();
  }

  async #forward(): Promise<void> {
    for await (const delivery of this.#channel.messages({ signal: this.#signal })) this.#inTurn(delivery);
  }

  /** One step after the other for each order, many orders at a time. */
  #inTurn(delivery: Delivery<OrderEvent>): void {
    const { id } = delivery.data;
    const before = this.#latest.get(id);
    const told = this.#tell(delivery, before).finally(() => {
      if (this.#latest.get(id) === told) this.#latest.delete(id);
    });
    this.#latest.set(id, told);
    // Only the end of this process stops it; what was not acked then is delivered to its successor.
    told.catch(() => undefined);
  }

  async #tell(delivery: Delivery<OrderEvent>, before: Promise<void> | undefined): Promise<void> {
    await before;
    await this.#events.order(delivery.data, this.#signal);
    await persevere(() => delivery.ack(), this.#signal);
  }
}
