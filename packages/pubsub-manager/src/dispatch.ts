import type { DriverSubscribeOptions, Gap, Message, RedisDriver, Subscription, Topic } from '@redlane/client';
import { Audience } from './audience.js';
import { inTime, type Wait } from './in-time.js';
import type { Mailbox } from './mailbox.js';
import { topicId } from './topics.js';

/** The form in which payloads are wanted. */
export type Form = 'string' | 'bytes';

/** Where the messages of a mailbox come from. */
export interface Membership {
  /** The server has confirmed. What it has refused, or was aborted, is rolled back. */
  readonly ready: Promise<void>;
  /**
   * From now on the mailbox gets nothing. Resolves when the server has executed UNSUBSCRIBE, which is sent only when nobody
   * else listens.
   */
  leave(): Promise<void>;
  /** Lets nothing more come, and again. Not there where messages come over a connection that others use, too. */
  pause?(): void;
  resume?(): void;
}

/**
 * Who listens to what: one subscription for each topic, however many listeners of whichever kind it has, and one look-up
 * for each message. The server says which pattern a message came for, so patterns cost nothing where they do not match.
 */
export class Dispatch {
  readonly #driver: RedisDriver;
  readonly #onGap: (gap: Gap) => void;
  readonly #routes: Map<string, Route> = new Map();

  /** `onGap` hears once of each gap of a topic. */
  constructor(driver: RedisDriver, onGap: (gap: Gap) => void) {
    this.#driver = driver;
    this.#onGap = onGap;
  }

  /** How many topics are subscribed to, or are to be. */
  get size(): number {
    return this.#routes.size;
  }

  /** The mailbox gets what comes for this topic, from the confirmation on. */
  join(topic: Topic, form: Form, mailbox: Mailbox, wait: Wait): Membership {
    const id = `${form} ${topicId(topic)}`;
    let route = this.#routes.get(id);
    if (route === undefined) {
      const made = new Route(this.#driver, topic, form, this.#onGap, () => {
        if (this.#routes.get(id) === made) this.#routes.delete(id);
      });
      route = made;
      this.#routes.set(id, route);
      route.open();
    }
    return member(route, mailbox, wait);
  }
}

function member(route: Route, mailbox: Mailbox, wait: Wait): Membership {
  route.audience.add(mailbox);
  let left: Promise<void> | undefined;
  const leave = (): Promise<void> => {
    left ??= route.remove(mailbox);
    return left;
  };
  const ready = route.isOpen ? Promise.resolve() : inTime(route.ready, wait);
  return {
    ready: ready.catch((error: unknown) => {
      void leave();
      throw error;
    }),
    leave,
  };
}

/** One topic in one form: its subscription and its audience. When the last one has left it is of no use any more. */
class Route {
  readonly #driver: RedisDriver;
  readonly #topic: Topic;
  readonly #form: Form;
  readonly #onGap: (gap: Gap) => void;
  readonly #onEnd: () => void;
  readonly #ending: AbortController = new AbortController();
  readonly audience: Audience;
  #subscription: Promise<Subscription> | undefined;
  isOpen = false;

  constructor(driver: RedisDriver, topic: Topic, form: Form, onGap: (gap: Gap) => void, onEnd: () => void) {
    this.#driver = driver;
    this.#topic = topic;
    this.#form = form;
    this.#onGap = onGap;
    this.#onEnd = onEnd;
    this.audience = new Audience(topic);
  }

  get ready(): Promise<unknown> {
    return this.#subscription as Promise<unknown>;
  }

  open(): void {
    const options: DriverSubscribeOptions = {
      signal: this.#ending.signal,
      // Each who waits has a deadline of its own.
      timeoutMs: Number.POSITIVE_INFINITY,
      onGap: this.#onGap,
    };
    const { audience } = this;
    const deliver = ({ channel, payload }: Message | Message<Uint8Array>): void =>
      audience.deliver(channel, payload);
    const subscription =
      this.#form === 'bytes'
        ? this.#driver.subscribe(this.#topic, deliver, { ...options, replies: 'bytes' })
        : this.#driver.subscribe(this.#topic, deliver, options);
    this.#subscription = subscription;
    subscription.then(
      () => {
        this.isOpen = true;
      },
      () => this.#onEnd(),
    );
  }

  async remove(mailbox: Mailbox): Promise<void> {
    this.audience.remove(mailbox);
    if (this.audience.size > 0) return;
    this.#onEnd();
    if (!this.isOpen) this.#ending.abort();
    const subscription = await this.#subscription?.catch(() => undefined);
    await subscription?.unsubscribe();
  }
}
