import type { RedisDriver } from '@redlane/client';
import { CHANNEL_INDEX } from './storage-keys.js';

/** How often a channel's use is written down, in ms. */
const USE_MS = 60_000;

/** The ids of channels, so that nobody has to scan for them. Those that were persisted stay until they are deleted. */
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
    const commands = [
      ['ZADD', CHANNEL_INDEX, 'GT', now, channelId],
      ['ZREMRANGEBYSCORE', CHANNEL_INDEX, '-inf', now - this.#ttlMs],
      ['PEXPIRE', CHANNEL_INDEX, this.#ttlMs],
    ];
    this.#driver.batch(commands).catch(() => this.#usedAt.delete(channelId));
  }

  async persisted(channelId: string): Promise<void> {
    const commands = [
      ['ZADD', CHANNEL_INDEX, '+inf', channelId],
      ['PEXPIRE', CHANNEL_INDEX, this.#ttlMs],
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
