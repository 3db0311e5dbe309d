import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisServer, seededRandom, startFaultProxy } from '@redlane/redis-server';
import { expect } from 'vitest';
import { type ClientError, type Gap, RedisClient, type Topic } from '../../src/index.js';
import { Progress } from './progress.js';
import { makeTrouble } from './trouble.js';

const CHANNELS = 50;
const SHARDS = 8;
const VISITORS = 12;

export interface SubscriptionOracle {
  readonly server: RedisServer;
  readonly seed: number;
  readonly protocol: 2 | 3;
  readonly messages: number;
  readonly breaks: number;
}

/** A numbered message: when it was handed to the server, and when the server had executed it. */
interface Published {
  readonly channel: string;
  readonly sharded: boolean;
  readonly from: number;
  to: number;
}

/** What one subscriber has seen. Times are in ms since 1970. */
interface Visit {
  readonly topic: Topic;
  readonly received: number[];
  readonly gaps: Gap[];
  confirmedAt: number;
  /** All that was published before this has come, or is lost. */
  wholeUntil: number;
  over: boolean;
}

/**
 * Publishes numbered messages while the subscriber's connection is troubled and subscribers come and go: whatever is missing
 * lies in a gap that was reported, nothing comes twice, out of order, or after the end.
 */
export async function checkSubscriptions(parameters: SubscriptionOracle): Promise<void> {
  const { server, seed, protocol, messages, breaks } = parameters;
  const random = seededRandom(seed);
  const upTo = (bound: number): number => Math.floor(random() * bound);
  const progress = new Progress();
  const published: Published[] = [];
  const visits: Visit[] = [];
  /** So that a trouble has some ms of its own. */
  const perMs = messages / breaks / 100;
  let calm = false;
  const proxy = await startFaultProxy({ target: server, seed, logLimit: 1 });
  // Not awaited: Node never says that a socket is closed which was ended and then reset.
  using _ = { [Symbol.dispose]: () => void proxy.close() };
  await using publisher = new RedisClient({ host: server.host, port: server.port });
  await using client = new RedisClient({
    host: proxy.host,
    port: proxy.port,
    protocol,
    timeoutMs: 30_000,
    silenceTimeoutMs: 250,
    pingIntervalMs: 100,
    connectTimeoutMs: 1_000,
    reconnect: { minDelayMs: 1, maxDelayMs: 10 },
  });

  const randomTopic = (): Topic => {
    const dice = random();
    if (dice < 0.6) return { channel: `ch:${upTo(CHANNELS)}` };
    if (dice < 0.8) return { pattern: `ch:${upTo(5)}*` };
    return { shard: `sh:${upTo(SHARDS)}` };
  };

  const begin = (topic: Topic): Visit => {
    const visit: Visit = {
      topic,
      received: [],
      gaps: [],
      confirmedAt: Number.POSITIVE_INFINITY,
      wholeUntil: 0,
      over: false,
    };
    visits.push(visit);
    return visit;
  };

  const publish = (channel: string, sharded: boolean): Promise<Published> => {
    const number = published.length;
    const message: Published = { channel, sharded, from: Date.now(), to: Number.POSITIVE_INFINITY };
    published.push(message);
    return publisher.call(sharded ? 'SPUBLISH' : 'PUBLISH', channel, number).then(() => {
      message.to = Date.now();
      return message;
    });
  };

  /** Waits until a message has come for which nothing is on its way any more that was published before. */
  const catchUp = async (visit: Visit): Promise<void> => {
    const { topic, received } = visit;
    const channel = 'channel' in topic ? topic.channel : 'shard' in topic ? topic.shard : `${topic.pattern}~`;
    for (let rounds = 0; rounds < 200; rounds++) {
      const first = published.length;
      const { from } = await publish(channel.replace('*', ''), 'shard' in topic);
      for (let tries = 0; tries < 20; tries++) {
        const last = received.at(-1);
        if (last !== undefined && last >= first) {
          visit.wholeUntil = from;
          return;
        }
        await sleep(2);
      }
    }
    expect.fail(`nothing comes any more for ${JSON.stringify(topic)}`);
  };

  const take = (visit: Visit, payload: string): void => {
    if (visit.over) expect.fail(`message ${payload} came after the end of ${JSON.stringify(visit.topic)}`);
    visit.received.push(Number(payload));
  };

  const subscribe = async (topic: Topic, signal?: AbortSignal): Promise<() => Promise<void>> => {
    const visit = begin(topic);
    const bytes = random() < 0.2;
    const options = { signal, onGap: (gap: Gap) => visit.gaps.push(gap) };
    try {
      const subscription = await (bytes
        ? client.subscribe(topic, ({ payload }) => take(visit, Buffer.from(payload).toString()), {
            ...options,
            replies: 'bytes',
          })
        : client.subscribe(topic, ({ payload }) => take(visit, payload), options));
      visit.confirmedAt = Date.now();
      return async () => {
        await catchUp(visit);
        await subscription.unsubscribe();
        visit.over = true;
      };
    } catch (error) {
      visit.over = true;
      throw error;
    }
  };

  const readStream = async (topic: Topic): Promise<() => Promise<void>> => {
    const visit = begin(topic);
    const stream = client.subscribe(topic, {
      onGap: (gap) => visit.gaps.push(gap),
      buffer: { limit: 1_000_000 },
    });
    await stream.ready();
    visit.confirmedAt = Date.now();
    const reading = (async () => {
      for await (const { payload } of stream) take(visit, payload);
    })();
    return async () => {
      await catchUp(visit);
      await stream.return();
      await reading;
      visit.over = true;
    };
  };

  /** Comes and goes until there is no more trouble. */
  const visitor = async (): Promise<void> => {
    while (!calm) {
      const dice = random();
      if (dice < 0.15) {
        const leave = new AbortController();
        setTimeout(() => leave.abort(), upTo(8));
        await subscribe(randomTopic(), leave.signal).then(
          () => undefined,
          (error: ClientError) => expect(error.code).toBe('ABORTED'),
        );
        continue;
      }
      const topics = Array.from({ length: 1 + upTo(3) }, randomTopic);
      const ends = await Promise.all(topics.map(dice < 0.3 ? readStream : (topic) => subscribe(topic)));
      await sleep(upTo(40));
      await Promise.all(ends.map((end) => end()));
    }
  };

  /** A bit each ms, and then on until the last trouble is over. */
  const publishAll = async (): Promise<void> => {
    const replies: Promise<unknown>[] = [];
    while (!calm) {
      for (let burst = 1 + upTo(2 * perMs); burst > 0; burst--) {
        const sharded = random() < 0.2;
        replies.push(publish(sharded ? `sh:${upTo(SHARDS)}` : `ch:${upTo(CHANNELS)}`, sharded));
        progress.step();
      }
      await sleep(1);
    }
    await Promise.all(replies);
  };

  // Some stay all the time, so that there is always something to be restored.
  const residents: Topic[] = [
    ...Array.from({ length: CHANNELS }, (_, i) => ({ channel: `ch:${i}` })),
    { pattern: 'ch:*' },
    { pattern: 'ch:1*' },
    { shard: 'sh:0' },
    { shard: 'sh:1' },
  ];
  const stays = await Promise.all(residents.map((topic) => subscribe(topic)));
  await Promise.all([
    makeTrouble({ proxy, random, progress, commands: messages, breaks }).finally(() => {
      calm = true;
    }),
    publishAll(),
    ...Array.from({ length: VISITORS }, visitor),
  ]);
  await Promise.all(stays.map((leave) => leave()));

  const seen = { received: 0, missing: 0, doubted: 0 };
  for (const visit of visits) checkVisit(visit, published, seen);
  expect(client.metrics().subscriptions).toMatchObject({ channels: 0, patterns: 0, shards: 0, dropped: 0 });
  expect(visits.flatMap(({ gaps }) => gaps).length).toBeGreaterThan(breaks);
  // Both did happen, and gaps are not so wide that they would explain anything; on a busy machine, each of them lasts longer.
  expect(seen.missing).toBeGreaterThan(0);
  expect(seen.received).toBeGreaterThan(messages);
  expect(seen.doubted).toBeLessThan(seen.received * 0.8);
  // Nothing is left at the server.
  expect(await server.command('PUBSUB', 'CHANNELS')).toEqual([]);
  expect(await server.command('PUBSUB', 'NUMPAT')).toBe(0);
  expect(await server.command('PUBSUB', 'SHARDCHANNELS')).toEqual([]);
}

interface Seen {
  received: number;
  missing: number;
  /** Received, and yet in the time of a gap. */
  doubted: number;
}

function checkVisit(visit: Visit, published: readonly Published[], seen: Seen): void {
  const { topic, received, gaps, confirmedAt, wholeUntil } = visit;
  const what = JSON.stringify(topic);
  for (const [i, number] of received.entries()) {
    const message = published[number];
    if (message === undefined || !matches(topic, message))
      expect.fail(`${what} got the alien message ${number}`);
    const before = received[i - 1];
    if (before !== undefined && before >= number) expect.fail(`${what} got ${number} after ${before}`);
  }
  for (const { from, to } of gaps) if (from > to) expect.fail(`${what} has a gap from ${from} to ${to}`);
  const got = new Set(received);
  seen.received += got.size;
  for (const [number, message] of published.entries()) {
    if (!matches(topic, message)) continue;
    const inGap = gaps.some(({ from, to }) => message.from <= to && message.to >= from);
    if (got.has(number)) {
      if (inGap) seen.doubted++;
      continue;
    }
    if (message.from <= confirmedAt || message.to >= wholeUntil) continue;
    seen.missing++;
    // It was executed at some moment between the two.
    if (inGap) continue;
    const told = JSON.stringify(gaps.map(({ from, to }) => [from - message.from, to - message.from]));
    expect.fail(
      `${what} misses ${number}, ${message.to - message.from} ms long, and the gaps around are ${told}`,
    );
  }
}

function matches(topic: Topic, { channel, sharded }: Published): boolean {
  if ('shard' in topic) return sharded && topic.shard === channel;
  if (sharded) return false;
  if ('channel' in topic) return topic.channel === channel;
  return channel.startsWith(topic.pattern.slice(0, -1));
}
