import type { RedisClient, Subscription, Topic, TopicKind } from '@redlane/client';
import { RedisSubscriptionEnded } from './errors.js';
import { SubscriptionMatcher } from './subscription.js';

type AnyMatcher = SubscriptionMatcher<unknown>;

/**
 * One channel or glob by its name: how often it has been subscribed to, and what matches its messages. The count is the
 * number of the client's own subscriptions, of which each exists only after the server has confirmed it.
 */
export class TopicShare {
  readonly client: RedisClient;
  readonly kind: TopicKind;
  readonly key: string;
  readonly #subscriptions: Subscription[] = [];
  readonly #matchers: Set<AnyMatcher> = new Set();
  /** That of a bare SUBSCRIBE, which counts nothing. */
  #bare: Subscription | undefined;
  #pending = 0;
  #closed: Error | undefined;
  readonly #onUnused: () => void;

  constructor(client: RedisClient, kind: TopicKind, key: string, onUnused: () => void) {
    this.client = client;
    this.kind = kind;
    this.key = key;
    this.#onUnused = onUnused;
  }

  get topic(): Topic {
    return { [this.kind]: this.key } as unknown as Topic;
  }

  get count(): number {
    return this.#subscriptions.length;
  }

  /** By a bare SUBSCRIBE. */
  get held(): boolean {
    return this.#bare !== undefined;
  }

  get unused(): boolean {
    return this.count === 0 && this.#pending === 0 && this.#bare === undefined;
  }

  /** Counts up once the server has confirmed, and not at all when it refuses. */
  async add(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    this.#subscriptions.push(await this.#open(timeoutMs, signal));
  }

  /** Counts down; with the last one, nothing matches any more. */
  async drop(): Promise<void> {
    const subscription = this.#subscriptions.pop();
    if (this.count === 0) await this.#endMatchers(new RedisSubscriptionEnded(this.key));
    await subscription?.unsubscribe();
  }

  matcher<Payload>(replies: 'string' | 'bytes'): SubscriptionMatcher<Payload> {
    const matcher = new SubscriptionMatcher<Payload>(this, replies);
    // Somebody may have unsubscribed it already.
    if (this.count === 0) void matcher.end(new RedisSubscriptionEnded(this.key));
    else this.#matchers.add(matcher);
    return matcher;
  }

  /** One matcher is not wanted any more, and what was counted for it. */
  async leave(matcher: AnyMatcher): Promise<void> {
    this.#matchers.delete(matcher);
    await matcher.end(new RedisSubscriptionEnded(this.key));
    await this.drop();
    if (this.unused) this.#onUnused();
  }

  /** A bare SUBSCRIBE: any number of them is one. */
  async hold(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#bare !== undefined) return;
    const subscription = await this.#open(timeoutMs, signal);
    if (this.#bare === undefined) this.#bare = subscription;
    else await subscription.unsubscribe();
  }

  /** A bare UNSUBSCRIBE. */
  async letGo(): Promise<void> {
    const bare = this.#bare;
    this.#bare = undefined;
    await bare?.unsubscribe();
  }

  /** Ends everything. */
  async close(reason: Error): Promise<void> {
    this.#closed = reason;
    const all = [...this.#subscriptions.splice(0), ...(this.#bare === undefined ? [] : [this.#bare])];
    this.#bare = undefined;
    await this.#endMatchers(reason);
    await Promise.all(all.map((subscription) => subscription.unsubscribe()));
  }

  async #open(timeoutMs: number, signal: AbortSignal | undefined): Promise<Subscription> {
    // The client's signal would end the subscription, too; VLCP's ends the wait only.
    const confirmed = new AbortController();
    const abort = (): void => confirmed.abort(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    this.#pending++;
    try {
      const subscription = await this.client.subscribe(this.topic, ignore, {
        timeoutMs,
        signal: confirmed.signal,
      });
      if (this.#closed === undefined) return subscription;
      await subscription.unsubscribe();
      throw this.#closed;
    } finally {
      this.#pending--;
      signal?.removeEventListener('abort', abort);
    }
  }

  async #endMatchers(reason: Error): Promise<void> {
    const matchers = [...this.#matchers];
    this.#matchers.clear();
    await Promise.all(matchers.map((matcher) => matcher.end(reason)));
  }
}

function ignore(): void {}
