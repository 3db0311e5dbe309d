import type { NackOptions } from '@redlane/client/list-consumer';

/** Ends deliveries. */
export interface Settler {
  ack(entry: { readonly seq: number }): Promise<number>;
  nack(entry: { readonly seq: number }, options?: NackOptions): Promise<number>;
}

/** A message that stays in Redis until it is acked. */
export interface Delivery<T> {
  readonly data: T;
  /** Tells it from all others, equal ones included; grows in the order of first deliveries. */
  readonly seq: number;
  /** How often it was delivered, this time included: 1 for the first. */
  readonly deliveries: number;
  /**
   * Removes it for good; again, it does nothing. Acks of one tick go in one command, and so do those that come while one is
   * under way: do not await each where it has to be fast.
   *
   * @returns whether it was still held: false when it was acked before, or this receiver had counted as dead, and it is
   * delivered again
   * @throws ReplyError; the connection's errors: it may still be held then, and can be acked again
   */
  ack(): Promise<boolean>;
  /**
   * Gives it back, to be delivered again in its old place, or with `requeue: false` as a dead letter.
   *
   * @returns as `ack`
   * @throws as `ack`
   */
  nack(options?: NackOptions): Promise<boolean>;
}

export class HeldDelivery<T> implements Delivery<T> {
  readonly data: T;
  readonly seq: number;
  readonly deliveries: number;
  readonly #settler: Settler;

  constructor(data: T, { seq, deliveries }: { seq: number; deliveries: number }, settler: Settler) {
    this.data = data;
    this.seq = seq;
    this.deliveries = deliveries;
    this.#settler = settler;
  }

  async ack(): Promise<boolean> {
    return (await this.#settler.ack(this)) === 1;
  }

  async nack(options?: NackOptions): Promise<boolean> {
    return (await this.#settler.nack(this, options)) === 1;
  }
}

/** What a receive gives. */
export type Received<Incoming, Reliable extends boolean> = Reliable extends true
  ? Delivery<Incoming>
  : Incoming;
