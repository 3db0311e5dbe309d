import type { RedisDriver } from '@redlane/client';
import { CHANNEL_INDEX } from './storage-keys.js';

/** How often a channel's use is written down, in ms. */
const USE_MS = 60_000;

/** KEYS: index. ARGV: now, id, time to live. A key that holds what is kept for good must not expire with the rest. */
const USED = `
redis.call('ZADD', KEYS[1], 'GT', ARGV[1], ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', tonumber(ARGV[1]) - tonumber(ARGV[3]))
if redis.call('ZCOUNT', KEYS[1], '+inf', '+inf') == 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
else
  redis.call('PERSIST', KEYS[1])
end
`;

/**
 * The ids of channels, so that nobody has to scan for them: those that were persisted, which stay until they are deleted, and
 * those that listeners were registered to.
 */
export class ChannelIndex {
  readonly #driver: RedisDriver;
  readonly #ttlMs: number;
  readonly #usedAt: Map<string, number> = new Map();

  constructor(driver: RedisDriver, ttlMs: number) {
    this.#driver = driver;
    this.#ttlMs = ttlMs;
  }

  /** Best effort: it is in another slot than the channel, and the next use tries again. */
  used(channelId: string): void {
    const now = Date.now();
    if (now - (this.#usedAt.get(channelId) ?? 0) < USE_MS) return;
    if (this.#usedAt.size >= 10_000) this.#usedAt.clear();
    this.#usedAt.set(channelId, now);
    this.#driver
      .run(USED, [CHANNEL_INDEX], [now, channelId, this.#ttlMs])
      .catch(() => this.#usedAt.delete(channelId));
  }

  async persisted(channelId: string): Promise<void> {
    const commands = [
      ['ZADD', CHANNEL_INDEX, '+inf', channelId],
      ['PERSIST', CHANNEL_INDEX],
    ];
    await this.#driver.batch(commands, { atomic: true });
  }

  async removed(channelId: string): Promise<void> {
    this.#usedAt.delete(channelId);
    await this.#driver.send(['ZREM', CHANNEL_INDEX, channelId]);
  }

  /** Sorted. */
  async ids(): Promise<string[]> {
    const ids = (await this.#driver.send(['ZRANGE', CHANNEL_INDEX, 0, -1])) as readonly string[];
    return [...ids].sort();
  }
}
