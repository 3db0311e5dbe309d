import type { Message, Topic, TopicKind } from '@redlane/client';
import { RedisSubscriptionEnded } from './errors.js';
import { MatchedEvents } from './matched-events.js';
import { Matcher } from './matcher.js';
import type { TopicShare } from './topic-share.js';

/** A message of a channel or glob. */
export interface SubscriptionEvent<Payload = string> {
  readonly type: 'message' | 'pmessage';
  /** The channel that it was published to. */
  readonly channel: string;
  /** The glob that it was matched by; `undefined` for a channel's. */
  readonly pattern: string | undefined;
  readonly message: Payload;
}

/**
 * Matches the messages of one channel or glob, also across reconnects; those of the time in between are lost, as ever in
 * Redis. It matches as long as somebody is subscribed. Disposing it is one `unsubscribe` or `punsubscribe` of its key: do
 * either, not both.
 */
export class SubscriptionMatcher<Payload = string> extends Matcher<SubscriptionEvent<Payload>> {
  protected override readonly what: string;
  readonly kind: TopicKind;
  /** The channel or glob. */
  readonly key: string;
  readonly #topic: Topic;
  readonly #share: TopicShare;
  readonly #replies: 'string' | 'bytes';
  readonly #iterations: Set<MatchedEvents<SubscriptionEvent<Payload>>> = new Set();
  #ending: Error | undefined;

  /** @internal */
  constructor(share: TopicShare, replies: 'string' | 'bytes') {
    super();
    this.kind = share.kind;
    this.key = share.key;
    this.#topic = share.topic;
    this.#share = share;
    this.#replies = replies;
    this.what = `waiting for a message of the ${share.kind} ${JSON.stringify(share.key)}`;
  }

  override [Symbol.asyncIterator](): MatchedEvents<SubscriptionEvent<Payload>> {
    const options = { timeoutMs: 0, replies: this.#replies };
    // The client has one type for each form of the payload.
    const stream = this.#share.client.subscribe(this.#topic, options as { timeoutMs: number });
    const match = ({ channel, pattern, payload }: Message): SubscriptionEvent<Payload> => ({
      type: pattern === undefined ? 'message' : 'pmessage',
      channel,
      pattern,
      message: payload as Payload,
    });
    const events: MatchedEvents<SubscriptionEvent<Payload>> = MatchedEvents.of(stream, match, () => {
      this.#iterations.delete(events);
    });
    this.#iterations.add(events);
    // Without this it would begin at its first step. A failure ends the stream, and reaches the reader that way.
    if (this.#ending === undefined) stream.ready().catch(ignore);
    else void events.return();
    return events;
  }

  protected override ending(): Error {
    return this.#ending ?? new RedisSubscriptionEnded(this.key);
  }

  /** @internal Nothing matches from now on. */
  async end(reason: Error): Promise<void> {
    this.#ending ??= reason;
    await Promise.all([...this.#iterations].map((events) => events.return()));
  }

  /** Unsubscribes its key once. */
  override async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ending !== undefined) return;
    this.#ending = new RedisSubscriptionEnded(this.key);
    await this.#share.leave(this);
  }
}

function ignore(): void {}
