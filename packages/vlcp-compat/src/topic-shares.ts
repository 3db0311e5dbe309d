import type { CommandArgument, RedisClient, TopicKind } from '@redlane/client';
import { RedisProtocolException } from './errors.js';
import type { SubscriptionMatcher } from './subscription.js';
import { TopicShare } from './topic-share.js';

/** How long to wait for the server's confirmation. */
export interface ConfirmOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

const KINDS: Readonly<Record<string, TopicKind>> = {
  SUBSCRIBE: 'channel',
  UNSUBSCRIBE: 'channel',
  PSUBSCRIBE: 'pattern',
  PUNSUBSCRIBE: 'pattern',
  SSUBSCRIBE: 'shard',
  SUNSUBSCRIBE: 'shard',
};

/** What a RedisClient is subscribed to, by channel and by glob apart. */
export class TopicShares {
  readonly #client: RedisClient;
  readonly #shares: Map<string, TopicShare> = new Map();

  constructor(client: RedisClient) {
    this.#client = client;
  }

  /** All of the keys, or none: those that were confirmed are given up when one is refused. */
  async subscribe<Payload>(
    kind: TopicKind,
    keys: readonly unknown[],
    { timeoutMs, signal }: ConfirmOptions,
    replies: 'string' | 'bytes',
  ): Promise<SubscriptionMatcher<Payload>[]> {
    const shares = keys.map(keyText).map((key) => this.#share(kind, key));
    await this.#allOrNone(
      shares,
      (share) => share.add(timeoutMs, signal),
      (share) => share.drop(),
    );
    return shares.map((share) => share.matcher<Payload>(replies));
  }

  /** Counts each key down. One that has no count loses a bare SUBSCRIBE, if there was one. */
  async unsubscribe(kind: TopicKind, keys: readonly unknown[]): Promise<void> {
    const shares = keys.map(keyText).map((key) => this.#share(kind, key));
    await Promise.all(shares.map((share) => (share.count > 0 ? share.drop() : share.letGo())));
    this.#forgetUnused();
  }

  /** One of the six commands, as it stands. Gives the confirmation of its last key. */
  async execute(
    name: string,
    keys: readonly CommandArgument[],
    { timeoutMs, signal }: ConfirmOptions,
  ): Promise<[string, string | null, number]> {
    const kind = KINDS[name] as TopicKind;
    const ends = name.includes('UNSUB');
    const texts = keys.map(keyText);
    if (!ends && texts.length === 0) {
      throw new RedisProtocolException('INVALID_COMMAND', `${name} needs a channel or glob at least`);
    }
    const shares =
      ends && texts.length === 0
        ? [...this.#shares.values()].filter((share) => share.kind === kind)
        : texts.map((key) => this.#share(kind, key));
    if (ends) await Promise.all(shares.map((share) => share.letGo()));
    else {
      const fresh = shares.filter((share) => !share.held);
      await this.#allOrNone(
        fresh,
        (share) => share.hold(timeoutMs, signal),
        (share) => share.letGo(),
      );
    }
    this.#forgetUnused();
    const { channels, patterns, shards } = this.#client.metrics().subscriptions;
    const count = kind === 'shard' ? shards : channels + patterns;
    return [name.toLowerCase(), shares.at(-1)?.key ?? null, count];
  }

  async close(reason: Error): Promise<void> {
    const shares = [...this.#shares.values()];
    this.#shares.clear();
    await Promise.all(shares.map((share) => share.close(reason)));
  }

  #share(kind: TopicKind, key: string): TopicShare {
    const id = `${kind}:${key}`;
    const known = this.#shares.get(id) ?? new TopicShare(this.#client, kind, key, () => this.#forgetUnused());
    this.#shares.set(id, known);
    return known;
  }

  async #allOrNone(
    shares: readonly TopicShare[],
    act: (share: TopicShare) => Promise<void>,
    undo: (share: TopicShare) => Promise<void>,
  ): Promise<void> {
    const outcomes = await Promise.allSettled(shares.map(act));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed === undefined) return;
    await Promise.all(
      outcomes.map(({ status }, i) => (status === 'fulfilled' ? undo(shares[i] as TopicShare) : undefined)),
    );
    this.#forgetUnused();
    throw failed.reason;
  }

  #forgetUnused(): void {
    for (const [id, share] of this.#shares) if (share.unused) this.#shares.delete(id);
  }
}

/** Channels and globs are text here; VLCP's code may have them as bytes. */
function keyText(key: unknown): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'number' || typeof key === 'bigint') return String(key);
  try {
    if (key instanceof Uint8Array)
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(key);
  } catch {
    throw new RedisProtocolException('INVALID_COMMAND', 'a channel or glob in bytes must be UTF-8');
  }
  throw new RedisProtocolException('INVALID_COMMAND', `a channel or glob must be text, got a ${typeof key}`);
}
