import {
  type Gap,
  InvalidOptionError,
  type Message,
  type RedisDriver,
  type Subscription,
  type Topic,
} from '@redlane/client';
import type { Form, Membership } from './dispatch.js';
import { inTime, type Wait } from './in-time.js';
import type { Mailbox } from './mailbox.js';

/** Subscriptions for one listener alone. */
export type OwnDriver = Pick<RedisDriver, 'subscribe' | 'close'>;

/** A subscription over a connection of its own, which can be paused without holding up anybody else. */
export class OwnLine implements Membership {
  readonly ready: Promise<void>;
  readonly #own: OwnDriver;
  readonly #ending: AbortController = new AbortController();
  #subscription: Subscription | undefined;
  #paused: Disposable | undefined;
  #left: Promise<void> | undefined;

  constructor(
    own: OwnDriver,
    {
      topic,
      form,
      mailbox,
      onGap,
    }: { topic: Topic; form: Form; mailbox: Mailbox; onGap: (gap: Gap) => void },
    wait: Wait,
  ) {
    this.#own = own;
    const info = Object.freeze('pattern' in topic ? { pattern: topic.pattern } : {});
    const deliver = ({ channel, payload }: Message | Message<Uint8Array>): void =>
      mailbox.deliver(topic, channel, payload, info);
    const options = { signal: this.#ending.signal, timeoutMs: Number.POSITIVE_INFINITY, onGap };
    const subscribed =
      form === 'bytes'
        ? own.subscribe(topic, deliver, { ...options, replies: 'bytes' })
        : own.subscribe(topic, deliver, options);
    this.ready = inTime(
      subscribed.then((subscription) => this.#take(subscription)),
      wait,
    ).catch((error: unknown) => {
      void this.leave();
      throw error;
    });
  }

  /** May be called again: a connection that has taken the place of the paused one is read. */
  pause(): void {
    const before = this.#paused;
    this.#paused = this.#subscription?.pause?.();
    before?.[Symbol.dispose]();
  }

  resume(): void {
    this.#paused?.[Symbol.dispose]();
    this.#paused = undefined;
  }

  leave(): Promise<void> {
    this.#left ??= this.#leave();
    return this.#left;
  }

  #take(subscription: Subscription): void {
    if (subscription.pause === undefined) {
      throw new InvalidOptionError(
        'queue.policy',
        "cannot be 'pause' over this driver, whose subscriptions share their connection with commands: open the client " +
          'by an address, by an instance of ioredis, or by a RedisClient with the option subscriptions: ' +
          "'dedicated'",
      );
    }
    this.#subscription = subscription;
  }

  async #leave(): Promise<void> {
    this.resume();
    this.#ending.abort();
    await this.#own.close();
  }
}
