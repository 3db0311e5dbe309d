import { setTimeout as sleep } from 'node:timers/promises';
import {
  ClientType,
  RedisManager,
  type RedisPubSubClient,
  type ScriptPubSubListener,
} from '@redlane/pubsub-manager';
import { eventually, Loops } from '../loops.js';
import type { Scenario, SoakContext } from '../scenario.js';

const CHANNELS = ['soak:one', 'soak:two', 'soak:three'];

/** Durable messages reach listeners with `replay` exactly once and in order; those too that leave, and come back later. */
export const pubsubManager: Scenario = {
  name: 'pubsub-manager',
  async start(context) {
    const { random, problem, patienceMs } = context;
    const ways = [context.open(), context.open()] as const;
    const manager = new RedisManager({ durable: { history: { size: 100_000 } } });
    const publisher = await manager.openRedisClient(ClientType.PUB_SUB, ways[0].driver);
    const subscriber = await manager.openRedisClient(ClientType.PUB_SUB, ways[1].driver);
    const publishing = new Loops();
    const listening = new Loops();
    const sent = new Map(CHANNELS.map((channel) => [channel, 0]));
    const gaps = { filled: 0, unfilled: 0 };
    subscriber.on('gap', ({ filled, channel }) => {
      if (filled) gaps.filled++;
      else {
        gaps.unfilled++;
        problem(`a gap in ${channel} was not filled`);
      }
    });
    subscriber.on('error', ({ error }) => context.failed(error));

    const readers: Reader[] = [];
    for (const channel of CHANNELS) {
      const steady = new Reader(context, channel, 'steady');
      const visitor = new Reader(context, channel, 'visitor');
      readers.push(steady, visitor);
      await steady.listen(subscriber);
      publishing.run(async () => {
        const number = sent.get(channel) as number;
        // The same message, if it was published the last time already.
        await publisher.publishDurable(channel, String(number), { idempotencyKey: String(number) });
        sent.set(channel, number + 1);
        await sleep(random() * 15);
      }, context.failed);
      listening.run(async () => {
        await visitor.listen(subscriber);
        await sleep(random() * 2_000);
        await visitor.leave();
        await sleep(random() * 500);
      }, context.failed);
    }

    return {
      progress: () => readers.reduce((sum, { next }) => sum + next, 0),
      stop: async () => {
        await publishing.end();
        await listening.end();
        for (const reader of readers) await reader.listen(subscriber);
        await Promise.all(
          readers.map((reader) => {
            const count = sent.get(reader.channel) as number;
            return eventually(() => reader.next >= count, 'all is heard', patienceMs).catch(() =>
              problem(`${reader} has heard ${reader.next} of ${count} messages`),
            );
          }),
        );
        await manager.close();
        await Promise.all(ways.map((way) => way.close()));
        const published = [...sent.values()].reduce((sum, count) => sum + count, 0);
        return { published, heard: readers.reduce((sum, { next }) => sum + next, 0), ...gaps };
      },
    };
  },
};

/** A listener that goes on where it was. */
class Reader {
  readonly channel: string;
  /** The number that has to come. */
  next = 0;
  readonly #name: string;
  readonly #hear: (number: number) => void;
  #listener: ScriptPubSubListener | undefined;
  #lastId: string | undefined;

  constructor({ tamper, problem }: SoakContext, channel: string, name: string) {
    this.channel = channel;
    this.#name = name;
    this.#hear = tamper.heard((number) => {
      if (number !== this.next) problem(`${this} heard ${number} instead of ${this.next}`);
      this.next = number + 1;
    });
  }

  /** Does nothing while it listens. */
  async listen(client: RedisPubSubClient<unknown>): Promise<void> {
    this.#listener ??= await client.registerListener(
      (_, message) => this.#hear(Number(message)),
      this.channel,
      {
        replay: this.#lastId ?? true,
        queue: { limit: 50 },
        timeoutMs: 30_000,
      },
    );
  }

  async leave(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    await listener?.unregister();
    this.#lastId = listener?.lastId ?? this.#lastId;
  }

  toString(): string {
    return `the ${this.#name} listener of ${this.channel}`;
  }
}
