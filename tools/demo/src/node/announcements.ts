import { randomUUID } from 'node:crypto';
import type { RedisClient, RedisDriver } from '@redlane/client';
import { ClientType, RedisManager, type RedisPubSubClient, typedChannel } from '@redlane/pubsub-manager';
import type { Redis } from 'ioredis';
import type { Announcement } from '../contract.js';
import type { Names } from '../names.js';
import { persevere } from '../persevere.js';
import type { Events } from './events.js';

/** The topic that a sync listener hears: it is done with one announcement before it is given the next. */
const syncTopic = 'kitchen';
/** The topic that an async listener hears. */
const asyncTopic = 'counter';

const REMEMBERED = 50;

interface Said {
  readonly id: string;
  readonly topic: string;
  readonly text: string;
  readonly at: number;
}

export interface AnnouncementParts {
  readonly source: RedisClient | Redis;
  readonly driver: RedisDriver;
  readonly names: Names;
  readonly events: Events;
  readonly signal: AbortSignal;
}

/**
 * Announcements between the nodes, by topic. Three kinds of listeners hear them: those of two topics also what was said while
 * their connection was away, the pattern's everything that is said while it listens.
 */
export class Announcements implements AsyncDisposable {
  readonly #parts: AnnouncementParts;
  readonly #manager: RedisManager;
  readonly #client: RedisPubSubClient<unknown>;

  private constructor(parts: AnnouncementParts, manager: RedisManager, client: RedisPubSubClient<unknown>) {
    this.#parts = parts;
    this.#manager = manager;
    this.#client = client;
  }

  static async open(parts: AnnouncementParts): Promise<Announcements> {
    const { source, names, signal } = parts;
    const manager = new RedisManager({ durable: { prefix: names.announcementLogs } });
    const client = await persevere(() => manager.openRedisClient(ClientType.PUB_SUB, source), signal);
    const announcements = new Announcements(parts, manager, client);
    await announcements.#listen();
    return announcements;
  }

  /** @throws what stood in the way for as long as `signal` allows; `key`: said once however often it is tried */
  async say(
    topic: string,
    text: string,
    { key = randomUUID(), signal }: { key?: string; signal: AbortSignal },
  ) {
    const said: Said = { id: key, topic, text, at: Date.now() };
    const channel = typedChannel<Said>(this.#parts.names.announcements(topic));
    await persevere(() => this.#client.publishDurable(channel, said, { idempotencyKey: key }), signal);
  }

  /** The latest, oldest first. */
  async latest(): Promise<Announcement[]> {
    const { driver, names } = this.#parts;
    const texts = await driver.send(['ZRANGE', names.heard, -REMEMBERED, -1]);
    return ((texts as string[]) ?? []).map((text) => JSON.parse(text) as Announcement);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#manager.close();
  }

  async #listen(): Promise<void> {
    const { names, signal } = this.#parts;
    const on = (topic: string) => typedChannel<Said>(names.announcements(topic));
    const hear = (via: Announcement['via']) => (_: string, said: Said) => this.#hear(said, via);
    await persevere(
      () => this.#client.registerSyncListener(hear('sync'), on(syncTopic), { replay: true }),
      signal,
    );
    await persevere(
      () => this.#client.registerAsyncListener(hear('async'), on(asyncTopic), { replay: true }).ready,
      signal,
    );
    await persevere(() => this.#client.registerPatternListener(hear('pattern'), on('*')), signal);
  }

  /** Both nodes hear it; whoever is second changes nothing. */
  async #hear({ id, topic, text, at }: Said, via: Announcement['via']): Promise<void> {
    const { driver, names, events, signal } = this.#parts;
    const heard: Announcement = { topic, text, at, via };
    await events.announcement(heard, id, signal);
    const commands = [
      ['ZADD', names.heard, at, JSON.stringify(heard)],
      ['ZREMRANGEBYRANK', names.heard, 0, -REMEMBERED - 1],
    ];
    await persevere(() => driver.batch(commands), signal);
  }
}
